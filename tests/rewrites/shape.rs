//! Shapes, indices and loops.
use crate::repaired;

repaired! {
    axis_two [m = 2, n = 3] {
        problem P(m, n) {
            param a: [m, n];
            var x: [m, n];
            minimize sum_squares(x - a);
            subject_to { sum(x, axis = 0) >= 0; sum(x, axis = 1) >= 0; }
        }
    }

    column_beside_a_matrix [m = 3, n = 2] {
        problem P(m, n) {
            param c: [n];
            var x: [m, n];
            minimize norm1(x - c.T);
            subject_to { x / c.T <= 1; c.T <= x; }
        }
    }

    factors_in_the_other_order [m = 2, n = 2] {
        problem P(m, n) {
            param a: [m, n];
            var x: [n];
            minimize sum_squares(a * x);
        }
    }

    matrix_in_an_array [m = 2, n = 3] {
        problem P(m, n) {
            param a: [m, n];
            param b: [m, n];
            param c: [m, n];
            param d: [m, n];
            var x: [m, n];
            minimize sum_squares(x - a) + norm_fro(block([[a, b], [c, d]]) * 2 - block([[x, x], [x, x]]));
        }
    }

    matrix_times_vector_of_another_length [m = 2, n = 3] {
        problem P(m, n) {
            param a: [m, n];
            param b: [n];
            var x: [m];
            minimize sum_squares(a.T * x - b);
        }
    }

    norm2_of_a_matrix [m = 2, n = 3] {
        problem P(m, n) {
            var x: [m, n];
            minimize norm_fro(x) + sum(norm2(x, axis = 0));
            subject_to { sum(x) == 1; }
        }
    }

    norm_of_a_matrix [m = 2, n = 3] {
        problem P(m, n) {
            var x: [m, n];
            minimize sigma_max(x) + norm_fro(x) + norm2(vec(x)) + norm_inf(vec(x)) + sum(norm2(x, axis = 0))
                + sum(norm_inf(x, axis = 0)) + mixed_norm(x, 2, 1);
        }
    }

    product_of_two_columns [n = 2] {
        problem P(n) {
            param c: [n];
            var x: [n];
            minimize dot(c, x) + sum(multiply(c, x));
            subject_to { x >= 0; }
        }
    }

    product_of_two_tall_matrices [m = 2, n = 3] {
        problem P(m, n) {
            param a: [m, n];
            var x: [m, n];
            minimize sum_squares(multiply(a, x));
        }
    }

    quadratic_form_of_a_row [n = 2] {
        problem P(n) {
            param p: [n, n] psd;
            var x: [n];
            minimize quad_form(x, p) + dot(x, ones(n)) + norm1(multiply(x, ones(n)));
        }
    }

    quotient_that_is_not_whole [n = 3] {
        problem P(n) {
            var x: [2 * n];
            var y: [n * (n - 1) / 2];
            minimize sum_squares(x) + sum_squares(y);
        }
    }

    reshape_of_a_sparse_parameter [m = 2, n = 3] {
        problem P(m, n) {
            param a: [m * n];
            var x: [m * n];
            minimize sum_squares(x - a);
        }
    }

    reshape_of_a_transposed_parameter [m = 2, n = 3] {
        problem P(m, n) {
            param a: [m * n];
            var x: [m, n];
            minimize sum_squares(x);
            subject_to { vec(x) >= a; }
        }
    }

    row_and_column [n = 2] {
        problem P(n) {
            param a: [n];
            var x: [n];
            minimize sum_squares(x - a);
        }
    }

    row_in_a_stack [m = 3, n = 2] {
        problem P(m, n) {
            param c: [n];
            var x: [m, n];
            minimize norm1(vstack(x, c.T));
            subject_to { hstack(c, x[0, ..].T) >= 0; hstack(x[.., 0..1], x[.., 1..]) >= 0; }
        }
    }

    rows_of_two_lengths [m = 2, n = 3] {
        problem P(m, n) {
            param a: [m, n];
            var x: [m, n];
            minimize sum_squares(x - a);
            subject_to { [[1, 2], [3, 4]] * x[0..2, ..] >= 0; x[0..2, 0] >= [1, 2]; }
        }
    }

    stack_of_two_widths [m = 2, n = 3] {
        problem P(m, n) {
            param a: [m, n];
            var x: [m, n];
            minimize sum_squares(x - a);
            subject_to { vstack(x.T, ones(1, m)) >= 0; }
        }
    }

    vector_objective [n = 2] {
        problem P(n) {
            var x: [n];
            minimize sum(abs(x)) + max(abs(x));
        }
    }

    inclusive_range [n = 4] {
        problem P(n) {
            var x: [n + 1];
            minimize sum_squares(x[0..3]) + sum_squares(x);
            subject_to { for i in 0..n + 1 { x[i] >= 1; } }
        }
    }

    inclusive_ranges [n = 2] {
        problem P(n) {
            var x: [2 * n + 1];
            minimize sum_squares(x);
            subject_to { for i in 1..2 * n { x[i] >= 1; } for i in 1..2 * n + 1 { x[i] <= 2; } }
        }
    }

    index_of_a_scalar [] {
        problem P {
            var x;
            minimize square(x);
        }
    }

    one_index_for_a_matrix [m = 2, n = 3] {
        problem P(m, n) {
            var x: [m, n];
            minimize sum_squares(x[0, ..]) + sum_squares(x[.., 0]);
        }
    }

    convexity_inside [n = 2] {
        problem P(n) {
            var x: [n];
            maximize sum(i in 0..n, min(x[i..i + 1]));
            subject_to { x <= 1; }
        }
    }

    index_that_is_a_name_already [n = 3] {
        problem P(n) {
            var x: [n];
            minimize sum(n2 in 0..3, square(x[0] - n2)) + sum(x2 in 0..3, x2);
        }
    }

    negative_index [n = 5] {
        problem P(n) {
            var x: [n];
            var y: [n, 4];
            minimize sum_squares(x) + sum_squares(y);
            subject_to {
                x[n - 1] == 1;
                x[..n - 2] >= 0;
                y[0, 3] == 1;
            }
        }
    }

    end_of_a_vector [m = 2, n = 3] {
        problem P(m, n) {
            var x: [n];
            var y: [m, 4];
            minimize sum_squares(x) + sum_squares(y);
            subject_to { x[n - 1] == 1; y[0, 3] == 1; }
        }
    }

    slice_of_python [m = 2, n = 6] {
        problem P(m, n) {
            var x: [n];
            var y: [m, n];
            minimize sum_squares(x[1..3]) + sum_squares(y);
            subject_to {
                y[.., 0] == 1;
                sum(i in 0..3, x[2 * i]) == 1;
                sum(x[m..]) >= 2;
            }
        }
    }

    array_of_vectors [n = 2] {
        problem P(n) {
            var x: [n];
            var y: [n];
            minimize sum_squares(vstack(x, y)) + sum_squares(hstack(x, y)) + sum_squares(block([[x, y], [y, x]]));
            subject_to { sum(vstack(x, 1)) == 1; sum(hstack(x.T, 1)) == 1; }
        }
    }

    axis_without_its_name [m = 2, n = 3] {
        problem P(m, n) {
            var x: [n, m];
            minimize sum_squares(sum(x, axis = 1)) + sum_squares(diff(diff(x)));
            subject_to {
                norm(x, 1, axis = 0) <= 1;
                norm2(x, axis = 1) <= 1;
                sum(x, axis = 0) <= 1;
            }
        }
    }

    norm_by_a_word [m = 2, n = 3] {
        problem P(m, n) {
            var x: [m, n];
            minimize norm_nuc(x) + norm_fro(x);
            subject_to {
                pnorm(x[0, ..], 3) <= 1;
                sigma_max(x) + norm2(vec(x)) + sum(norm2(x, axis = 0)) + mixed_norm(x, 2, 1) <= 1;
            }
        }
    }

    colons [n = 2, T = 3] {
        problem P(n, T) {
            var x: [n];
            var y: [T];
            minimize sum(i in 1..n, square(x[i])) + sum_squares(y);
            subject_to {
                for i in 0..n { x[i] >= 0; }
                for t in 0..T { y[t] >= 0; }
                for _i in 0..n { sum(x) >= 3; }
            }
        }
    }

    steps [n = 6] {
        problem P(n) {
            var x: [n];
            minimize sum(i in 0..2, square(x[2 * i])) + sum_squares(x);
            subject_to {
                for i in 0..2 { x[1 + 2 * i] >= 0; }
                for i in 0..n { x[i] >= 2; }
                sum(i in 0..3, x[2 * i]) >= 4;
            }
        }
    }

    several_indices [m = 2, n = 3] {
        problem P(m, n) {
            var x: [m, n + 1];
            minimize sum(i in 0..m, sum(j in 0..n, square(x[i, j])));
            subject_to {
                sum(i in 0..m, sum(j in 0..n, x[i, j])) <= 1;
                sum(i in 0..m, sum(j in 0..n + 1, x[i, j])) <= 1;
                max(i in 0..m, abs(x[i, 0])) <= 1;
                sum(j in 0..n, x[0, j]) <= 1;
                for i in 0..m { for j in 0..n { x[i, j] >= 0; } }
            }
        }
    }

    range_that_runs_backwards_in_the_last_turn [n = 3] {
        problem P(n) {
            var x: [n];
            minimize sum_squares(x);
            subject_to { for i in 0..n - 1 { for j in i + 2..n { x[j] >= x[i]; } } }
        }
    }

    weight_of_a_turn [T = 3] {
        problem P(T) {
            var x: [T];
            minimize sum(t in 0..T, nonneg_wrap(T - t) * square(x[t])) + (1 - 1 / T) * norm1(x);
        }
    }
}

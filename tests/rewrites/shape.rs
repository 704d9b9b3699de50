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
            minimize norm_fro(x) + norm2(vec(x)) + norm_inf(vec(x)) + sum(norm2(x, axis = 0))
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
}

//! Curvature.
use crate::repaired;

repaired! {
    array_over_a_variable [n = 2] {
        problem P(n) {
            param p: [n] nonneg;
            var x: [n];
            minimize sum(multiply(p, inv_pos(x))) + sum(x);
        }
    }

    convex_expression_bounded_from_below [n = 2] {
        problem P(n) {
            param r: nonneg;
            var x: [n];
            minimize sum(x);
            subject_to { norm2(x) <= r; }
        }
    }

    division_by_a_variable [] {
        problem P {
            var x;
            minimize inv_pos(x);
            subject_to { 1 <= x <= 2; }
        }
    }

    equality_with_a_convex_side [n = 2] {
        problem P(n) {
            var x;
            var y: [n];
            minimize x;
            subject_to { x >= norm2(y); square(x) <= 1; sqrt(x) >= y[0]; }
        }
    }

    equality_with_a_norm [n = 2] {
        problem P(n) {
            var x: [n];
            var t;
            minimize t;
            subject_to { t >= norm1(x); sum(x) == 1; }
        }
    }

    geometric_program_written_as_a_convex_one [] {
        problem P geometric {
            param wall: pos;
            var h: pos;
            var w: pos;
            var d: pos;
            minimize 1 / (h * w * d);
            subject_to { 2 * (h * w + h * d) <= wall; h / w <= 2; w <= h; d <= h; }
        }
    }

    inequality_in_the_wrong_direction [n = 2] {
        problem P(n) {
            var x;
            var y: [n];
            minimize x;
            subject_to { x >= norm2(y); square(x) <= 1; }
        }
    }

    inverse_of_what_is_convex [] {
        problem P geometric {
            var x: pos;
            minimize inv_pos(square(x)) + abs(sqrt(x));
        }
    }

    largest_of_columns_of_what_is_concave [m = 2, n = 2] {
        problem P(m, n) geometric {
            var x: [m, n] pos;
            minimize sum(max(sqrt(x), axis = 0));
            subject_to { min(x, axis = 1) >= 1; }
        }
    }

    logarithm_of_a_sum_of_exponentials [n = 2] {
        problem P(n) {
            var x: [n];
            minimize log_sum_exp(x);
            subject_to { kl_div(x, 1) <= 1; entr(x / 4) >= 0.1; entr(x) >= 1 - 2 * x; }
        }
    }

    logarithm_of_exponentials [n = 2] {
        problem P(n) {
            var x: [n];
            minimize log_sum_exp(x) + logistic(x[0]) + log_sum_exp(vstack(x[0], 2 * x[1])) + x[0];
            subject_to { x >= -1; }
        }
    }

    maximizing_a_convex_expression [n = 2] {
        problem P(n) {
            param c: [n];
            var x: [n];
            minimize dot(c, x) + sum_squares(x);
            subject_to { x <= 1; }
        }
    }

    minimizing_a_concave_expression [n = 2] {
        problem P(n) {
            var x: [n];
            maximize min(x);
            subject_to { x <= 1; }
        }
    }

    norm_of_rows_of_what_is_concave [m = 2, n = 2] {
        problem P(m, n) geometric {
            var x: [m, n] pos;
            minimize mixed_norm(sqrt(x), 2, 1) + norm_fro(sqrt(x)) + norm1(sqrt(x));
            subject_to { x >= 1; }
        }
    }

    norms_written_out [m = 2, n = 2] {
        problem P(m, n) {
            param a: [m, n];
            var x: [n];
            var z: [m, n];
            minimize norm2(a * x) + norm_fro(z) + norm2(vstack(1, norm_fro(z))) + sqrt(1 + sum(x)) * 0 + sum_squares(x);
        }
    }

    power_of_convex_with_unknown_sign [] {
        problem P {
            var x;
            minimize abs(x);
        }
    }

    product_of_nonneg_variables [] {
        problem P {
            var x: nonneg;
            var y: nonneg;
            maximize geo_mean(vstack(x, y));
            subject_to { x + y <= 1; }
        }
    }

    product_of_nonneg_variables_minimized [n = 2] {
        problem P(n) geometric {
            var x: [n] pos;
            var y: pos;
            minimize x[0] * y;
            subject_to { x >= 1; y >= 1; x[0] * x[1] >= 1; }
        }
    }

    product_of_nonneg_variables_minimized_or_not [n = 2] {
        problem P(n) {
            var x: [n] nonneg;
            minimize sum(x);
            subject_to { geo_mean(vstack(x[0], x[1])) >= 1; }
        }
    }

    product_of_variables [] {
        problem P geometric {
            var x: pos;
            var y: pos;
            minimize x * y;
            subject_to { x >= 1; y >= 1; }
        }
    }

    quadratic_form_of_a_matrix_that_may_be_indefinite [n = 2] {
        problem P(n) {
            param s: [n, n] psd;
            var x: [n];
            minimize quad_form(x, s);
        }
    }

    quadratic_form_of_a_product [n = 2] {
        problem P(n) {
            param a: [n, n] psd;
            param f: [n, n];
            var x: [n];
            minimize quad_form(x, a) + quad_form(x, f * f.T);
        }
    }

    quadratic_forms_written_out [n = 2] {
        problem P(n) {
            param p: [n, n] psd;
            param q: [n, n] psd;
            var x: [n];
            minimize quad_form(x, p) + quad_form(x, q) + sum_squares(x) + quad_form(x, p.T);
        }
    }

    quotient_by_a_variable [n = 2] {
        problem P(n) {
            param p: nonneg;
            var x;
            var y: [n];
            minimize inv_pos(x) + p * inv_pos(x) + quad_over_lin(y, x) + quad_over_lin(x, y[0]) + sum(inv_pos(y));
        }
    }

    quotient_by_an_unknown_sign [n = 2] {
        problem P(n) {
            param p: nonneg;
            param q: nonpos;
            var x: [n];
            minimize norm2(x) / p - norm2(x) / q;
        }
    }

    root_of_a_sum_of_squares [n = 2] {
        problem P(n) {
            var x;
            var y: [n];
            minimize norm2(vstack(1, x)) + norm2(y) + norm2(vstack(2, y, x));
        }
    }

    slice_of_a_concave_expression [n = 2] {
        problem P(n) {
            var x: [n];
            var y: [n];
            maximize minimum(x, y)[0];
            subject_to { x + y <= 1; }
        }
    }

    square_written_as_a_product [n = 2] {
        problem P(n) {
            param p: [n, n] psd;
            var x: [n];
            var t;
            minimize square(t) + sum_squares(x) + quad_form(x, p);
        }
    }

    weight_of_unknown_sign [n = 2] {
        problem P(n) {
            param gamma: nonneg;
            param rho: nonpos;
            param mu: [n];
            var x: [n];
            maximize dot(mu, x) - gamma * sum_squares(x) + rho * sum_squares(x);
        }
    }

    weight_that_is_an_entry [n = 2] {
        problem P(n) {
            param p: [n] nonneg;
            param q: [n] nonpos;
            param c: [2, n] nonneg;
            var x: [n];
            minimize p[0] * square(x[0]) - q[1] * norm1(x) + sum(multiply(c[0, ..].T, abs(x))) + norm2(x) / p[1];
        }
    }

    bound_that_always_holds [n = 2] {
        problem P(n) {
            var x: [n];
            minimize sum(x);
            subject_to { square(x) <= 1; norm1(x) <= 1; }
        }
    }
}

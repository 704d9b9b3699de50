//! Names, and what must not depend on parameters.
use crate::repaired;

repaired! {
    const_that_is_a_dimension [n = 2] {
        problem P(n) {
            var x: [n + 1];
            minimize sum_squares(x);
        }
    }

    declared_twice [n = 2] {
        problem P(n) {
            param x2: [n];
            var x: [n];
            var n2;
            minimize sum_squares(x - x2) + square(n2);
        }
    }

    function_without_arguments [n = 2] {
        problem P(n) {
            fn twice(x) = 2 * x;
            var x: [n];
            minimize sum_squares(x) + sum(twice(x)) + norm1(x);
        }
    }

    functions_of_cvxpy_and_matlab [m = 2, n = 2] {
        problem P(m, n) {
            param a: [m, n];
            param b: [m, n];
            var x: [n];
            minimize sum_squares((a + b) * x) + sum_largest(abs(x), 2) + sum(power(x, 3)) + quad_over_lin(pos(x), 2)
                + norm_inf(x) + sum(square(pos(x))) + log_sum_exp(x) + norm1(a.T * (b * x)) + max(x) - min(x);
            subject_to { pos(x) <= 1; norm1(x) <= 1; x.T * a[0, ..].T <= 1; }
        }
    }

    functions_of_other_languages [m = 2, n = 2] {
        problem P(m, n) {
            param a: [m, n] nonneg;
            var z: [m, n];
            fn frobnicate(x) = 2 * x;
            var x: [n] nonneg;
            minimize sum(x) + sum_squares(x) + max(x) + sum(a * x) + norm_nuc(z) + sum(frobnicate(x));
        }
    }

    no_variables [n = 2] {
        problem P(n) {
            param p: [n];
            var x: [n];
            minimize sum_squares(p - x);
        }
    }

    unknown_function [n = 2] {
        problem P(n) {
            fn bessel(x) = 2 * x;
            var x: [n];
            minimize norm1(x) + sum(bessel(x));
            subject_to { sum(x) == 1; }
        }
    }

    unknown_name [n = 2] {
        problem P(n) {
            param gamma: nonneg;
            var x: [n];
            minimize gamma * sum_squares(x) + gamma * norm1(x - x);
        }
    }

    variable_that_is_called [n = 2] {
        problem P(n) {
            var x: [n];
            minimize sum_squares(x[0]) + sum(x * 0);
        }
    }

    quadratic_form_of_a_parameter_in_a_constraint [n = 2] {
        problem P(n) {
            param f: [n, n];
            param limit: nonneg;
            param mu: [n];
            var w: [n];
            maximize dot(mu, w);
            // With `f.T * f` for `sigma`.
            subject_to { sum_squares(f * w) <= limit; sum(w) == 1; }
        }
    }

    quadratic_form_of_a_factor_in_a_constraint [m = 2, n = 3] {
        problem P(m, n) {
            param f: [m, n];
            param g: [n, m];
            var x: [n];
            minimize sum(x);
            subject_to { sum_squares(f * (x - 1)) <= 1; sum_squares(g.T * x) <= 99; sum_squares(x) <= 99; }
        }
    }

    quadratic_form_outside_the_objective [n = 2] {
        problem P(n) {
            param f: [n, n];
            var x: [n];
            minimize sum(x);
            // With `f.T * f` for `p`.
            subject_to { sum_squares(f * x) <= 1; }
        }
    }

    unknown_attribute [n = 2] {
        #[strict_dpp]
        problem P(n) {
            var x: [n];
            minimize norm1(x);
        }
    }

    variable_where_data_belong [n = 2] {
        problem P(n) geometric {
            var x: [n] pos;
            var p: [n, n] pos;
            minimize quad_form(x, p);
            subject_to { x >= 1; p >= 1; }
        }
    }

    functions_in_other_bases [n = 2] {
        problem P(n) {
            var x: [n];
            minimize exp(log(2) * x[0]) + exp(log(10) * x[1]) - sum(log(x) / log(2)) - log(x[0]) / log(10)
                + sum_squares(x);
        }
    }

    functions_that_are_only_alike [n = 2] {
        problem P(n) {
            var x: [n];
            minimize inv_pos(x[0]) + inv_pos(x[1]) + sum_squares(x);
        }
    }

    unknown_names_used_again [m = 2, n = 3] {
        problem P(m, n) {
            param a: [m, n];
            param b: [m] nonneg;
            param center;
            var x: [n];
            minimize sum_squares(a * x - b) + center * sum(x) + center;
            subject_to { for i in 0..m { a[i, ..] * x <= b[i]; } }
        }
    }
}

//! The user's functions, and arguments of others.
use crate::repaired;

repaired! {
    huber_of_a_negative_threshold [n = 2] {
        problem P(n) {
            param r: nonneg;
            var x: [n];
            minimize sum(huber(x, r));
        }
    }

    larger_of_two [n = 2] {
        problem P(n) {
            var x: [n];
            minimize sum(maximum(x, 0)) + square(x[1] - 2);
            subject_to { minimum(sum(x), 1, x[0]) >= 0; }
        }
    }

    mistake_in_the_body [n = 2] {
        problem P(n) {
            fn spread(z) = norm2(z - 1);
            var x: [n];
            minimize sum(x);
            subject_to { spread(x) <= 1; }
        }
    }

    name_of_an_atom [n = 2] {
        problem P(n) {
            fn norm2_(y) = sum_squares(y);
            var x: [n];
            minimize norm2_(x);
        }
    }

    quotient_by_an_unknown_sign [n = 2] {
        problem P(n) {
            param p: nonneg;
            var x: [n];
            minimize quad_over_lin(x, p);
        }
    }

    unknown_name_in_the_body [n = 2] {
        problem P(n) {
            param center;
            fn f(y) = sum_squares(y - center);
            var x: [n];
            minimize f(x);
        }
    }
}

//! Attributes and functions.
use crate::repaired;

repaired! {
    shape_without_brackets [n = 2] {
        problem P(n) {
            param p: [n];
            var x: [n];
            minimize sum_squares(x - p);
        }
    }

    attribute_twice [n = 2] {
        problem P(n) {
            param p: [n] nonneg;
            var x: [n];
            minimize sum_squares(x - p);
        }
    }

    diagonal_and_semidefinite [n = 2] {
        problem P(n) {
            param p: [n, n] diagonal nonpos;
            var y: [n, n] diagonal;
            var x: [n];
            maximize quad_form(x, p) - sum_squares(y);
        }
    }

    diagonal_and_symmetric [n = 2] {
        problem P(n) {
            param d: [n, n] diagonal nonneg;
            param e: [n, n] diagonal;
            var x: [n];
            minimize quad_form(x, d) + sum(e * x);
        }
    }

    diagonal_that_is_not_square [m = 2] {
        problem P(m) {
            param d: [m, m] diagonal;
            var x: [m];
            minimize sum_squares(d * x);
        }
    }

    positive_and_sparse [n = 2] {
        problem P(n) {
            param b: [n] pos;
            var x: [n];
            minimize norm1(multiply(b, x));
        }
    }

    sparse_vector [m = 2, n = 3] {
        problem P(m, n) {
            param a: [m, n];
            var x: [m, n];
            minimize sum_squares(x - a);
        }
    }

    symmetric_without_being_square [m = 2] {
        problem P(m) {
            param a: [m, m] symmetric;
            var x: [m];
            minimize sum_squares(a * x);
        }
    }

    unknown_attribute [n = 2] {
        problem P(n) {
            param gamma: nonneg;
            param c: [n];
            var x: [n, n] psd;
            minimize gamma * sum_squares(x - diag(c));
        }
    }
}

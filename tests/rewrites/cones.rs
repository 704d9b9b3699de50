//! Cones, eigenvalues and means.
use crate::repaired;

repaired! {
    eigenvalue_of_no_symmetric_matrix [n = 2] {
        problem P(n) {
            param a: [n, n];
            var x: [n, n] symmetric;
            minimize lambda_max(x) + lambda_max((a + x + (a + x).T) / 2);
            subject_to { sum(x) >= 1; }
        }
    }

    second_order_of_a_matrix [n = 2] {
        problem P(n) {
            var t: [n];
            var x: [n, n];
            minimize sum(t);
            subject_to { soc(t[1], x[0, ..]); soc(t[0], vec(x)); }
        }
    }

    semidefinite_beside_a_number [n = 2] {
        problem P(n) {
            var x: [n, n] symmetric;
            minimize trace(x);
            subject_to { x >> 1 * eye(n); }
        }
    }

    semidefinite_but_not_square [m = 2, n = 3] {
        problem P(m, n) {
            var x: [m, n];
            minimize sum(x);
            subject_to { x >= 0; }
        }
    }

    weights_of_a_mean [n = 2] {
        problem P(n) {
            param w: [n] nonneg;
            var x: [n];
            maximize geo_mean(x, w);
            subject_to { sum(x) <= 1; }
        }
    }

    sets_of_other_languages [n = 2] {
        problem P(n) {
            param b: [n, n] symmetric;
            var x: [n, n] symmetric;
            var t;
            var y: [n];
            minimize trace(x) + t;
            subject_to {
                bound: x - b >> 0;
                0 <= y <= 1;
                -1 <= t <= 2;
                y >= 0;
                x >> 0;
                soc(t, y);
                exp_cone(y, 1, t);
            }
        }
    }

    second_order_in_the_other_order [n = 2] {
        problem P(n) {
            var x: [n];
            var t;
            minimize t;
            subject_to { soc(t, x); }
        }
    }

    inverse_of_a_matrix [n = 2] {
        problem P(n) {
            param p: [n, n] psd;
            var x: [n];
            var y: [n, n] psd;
            minimize matrix_frac(x, p) + matrix_frac(x, y) + tr_inv(y) + inv_pos(x[0]);
            subject_to { trace(y) <= 1; }
        }
    }
}

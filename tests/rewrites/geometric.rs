//! Geometric problems.
use crate::repaired;

repaired! {
    another_word [n = 2] {
        problem P(n) geometric {
            var x: [n] pos;
            minimize sum(x) + 1 / geo_mean(x);
        }
    }

    cones [] {
        problem P geometric {
            var x: [2, 2] symmetric pos;
            var s: [2, 2] symmetric pos;
            minimize sum(x);
            subject_to { s == ones(2, 2); x >= s; }
        }
    }

    leaves_that_may_be_negative [n = 2] {
        problem P(n) geometric {
            param a: [n] pos;
            param b: pos;
            var x: [n] pos;
            var y: pos;
            minimize dot(a, x) + y;
            subject_to { sum(x) <= y; 1 <= b * x; }
        }
    }

    maximizing_a_sum [] {
        problem P geometric {
            var x: [3] pos;
            minimize sum(x);
            subject_to { geo_mean(x) >= 1; }
        }
    }

    minimizing_what_is_concave [] {
        problem P geometric {
            var x: [3] pos;
            maximize min(x) * x[0];
            subject_to { geo_mean(x) <= 1; x <= 2; }
        }
    }

    negative_and_mixed [n = 2] {
        problem P(n) geometric {
            var x: [n] pos;
            var y: pos;
            minimize x[0] + y + 1 / (y * min(x));
            subject_to { sum(x) <= 10; }
        }
    }

    posynomial_in_an_equality [] {
        problem P geometric {
            var x: pos;
            var y: pos;
            minimize 1 / (x * y);
            subject_to { budget: x + y <= 1; }
        }
    }

    quotient_of_two_sums [] {
        problem P geometric {
            var x: pos;
            var y: pos;
            minimize (x + y) / (x * y);
            subject_to { x * y == 1; x <= 2; y <= 2; }
        }
    }

    sum_on_the_large_side [] {
        problem P geometric {
            var x: pos;
            var y: pos;
            minimize 1 / (x * y);
            subject_to { x + y <= 1; x >= max(vstack(x, y)); }
        }
    }
}

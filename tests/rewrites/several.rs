//! Several mistakes at once.
use crate::repaired;

repaired! {
    generated_items_after_mistakes [n = 2, k = 2] {
        problem P(n, k) {
            const m: usize = 2;
            param c: [n];
            param q: [m] nonneg;
            var x: [n];
            var y: [n, n * n];
            var z;
            minimize square(dot(c, x)) + sum_squares(x + z) + sum_squares(y);
            subject_to { sum(q) * square(x) <= 9; for i in 0..k { x[i] <= 1; } }
        }
    }

    generated_items_after_mistakes_or_geometric [n = 2] {
        problem P(n) geometric {
            var x: [n] pos;
            minimize sum(x) + 1 / geo_mean(x);
        }
    }

    mistakes_of_every_stage [n = 2] {
        problem P(n) {
            const m: usize = 2;
            param a: [n];
            param b: [m];
            param c: [n] nonneg;
            var x: [n];
            var w;
            let y = square(a);
            minimize sum_squares(x - a) + norm1(w) + sum(y);
            subject_to { sum(x) <= 1; norm1(x) <= b[0]; x <= square(c); first: x >= square(x); }
        }
    }

    three_problems_each_with_a_mistake [n = 2] {
        problem P(n) {
            var x: [n];
            var y;
            maximize min(x) - square(y);
            subject_to { x <= 1; }
        }
    }

    two_mistakes_give_two_errors [m = 2, n = 3] {
        problem P(m, n) {
            param a: [m, n];
            param b: [m];
            var x: [n];
            minimize norm2(a * x - b) + norm1(x);
            subject_to { norm_inf(x) <= 1; }
        }
    }
}

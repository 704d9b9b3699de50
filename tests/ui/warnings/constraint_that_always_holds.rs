#![deny(deprecated)]

cvxlayers::cvx! {
    problem P(n) {
        param limit: nonneg;
        var x: [n] nonneg;
        minimize sum_squares(x);
        subject_to { x >= 0; 0 <= x <= limit; -x <= 1; }
    }
}

fn main() {}

#![deny(deprecated)]

cvxlayers::cvx! {
    problem P(n) {
        var x: [n] nonneg;
        var y: nonpos;
        minimize sum_squares(x) - y;
        subject_to { sum(x) <= -1; 3 == y; x[0] == 0; }
    }
}

fn main() {}

#![deny(deprecated)]

cvxlayers::cvx! {
    problem P(n) {
        param p: [n] nonneg;
        var x: [n] nonneg;
        var y;
        minimize sum(x) + y;
        subject_to { 1 <= y <= 0; x <= 2; y == 3; x >= -p; x <= x; sum(x) >= 1; sum(x) <= 0.5; }
    }
}

fn main() {}

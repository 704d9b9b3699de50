#![deny(deprecated)]

cvxlayers::cvx! {
    problem P(n) {
        param p: [n];
        var x: [n];
        minimize sum_squares(x - p);
        subject_to { norm2(p) <= 1; 1 <= 2; x >= 1; }
    }
}

fn main() {}

#![deny(deprecated)]

cvxlayers::cvx! {
    problem P(n, k) {
        const T: usize = 3;
        param mu: [n];
        data d;
        param _kept: [n];
        var x: [n];
        var y;
        let risk = sum_squares(x);
        minimize norm1(x);
    }
}

fn main() {}

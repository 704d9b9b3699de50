#![deny(deprecated)]

cvxlayers::cvx! {
    problem P(n) {
        var x: [n] nonneg;
        var y;
        var _z;
        let twice = 2 * y + _z;
        minimize sum(x);
    }
}

fn main() {}

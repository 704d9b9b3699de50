#![deny(deprecated)]

cvxlayers::cvx! {
    problem P(n) {
        param c: [n];
        var x: [n];
        minimize dot(c, x);
    }

    problem Bounded(n) {
        param c: [n] nonneg;
        var x: [n] nonneg;
        minimize dot(c, x);
    }
}

fn main() {}

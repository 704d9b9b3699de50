cvxlayers::cvx! {
    problem P(n) {
        param a: [n, n] pos diagonal;
        var x: [n];
        minimize sum_squares(a * x);
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(m, n) {
        param a: [m, n];
        var x: [n];
        minimize sum_squares(x * a) + sum_squares(a.T * x);
    }
}

fn main() {}

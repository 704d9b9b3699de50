cvxlayers::cvx! {
    problem P(m, n) {
        param a: [m, n];
        var x: [m, n];
        minimize sum_squares(a * x);
    }
}

fn main() {}

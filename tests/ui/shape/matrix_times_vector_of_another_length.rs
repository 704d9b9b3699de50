cvxlayers::cvx! {
    problem P(m, n) {
        param a: [m, n];
        param b: [m];
        var x: [m];
        minimize sum_squares(a * x - b);
    }
}

fn main() {}

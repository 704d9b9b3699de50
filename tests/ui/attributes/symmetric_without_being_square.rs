cvxlayers::cvx! {
    problem P(m, n) {
        param a: [m, n] symmetric;
        var x: [n];
        minimize sum_squares(a * x);
    }
}

fn main() {}

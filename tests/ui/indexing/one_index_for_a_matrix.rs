cvxlayers::cvx! {
    problem P(m, n) {
        var x: [m, n];
        minimize sum_squares(x[0]);
    }
}

fn main() {}

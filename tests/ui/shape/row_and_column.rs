cvxlayers::cvx! {
    problem P(n) {
        param a: [n];
        var x: [n];
        minimize sum_squares(x - a.T);
    }
}

fn main() {}

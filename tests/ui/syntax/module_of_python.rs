cvxlayers::cvx! {
    problem P(n) {
        param b: [n];
        var x: [n];
        minimize cp.sum_squares(x - b);
    }
}

fn main() {}

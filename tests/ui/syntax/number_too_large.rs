cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize 1e999 * sum_squares(x);
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        /// What is minimized.
        minimize sum_squares(x);
        var x: [n];
    }
}

fn main() {}

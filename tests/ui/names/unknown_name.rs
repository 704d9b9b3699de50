cvxlayers::cvx! {
    problem P(n) {
        param gamma: nonneg;
        var x: [n];
        minimize gama * sum_squares(x) + gamma * norm1(x - x0);
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        param gamma;
        param mu: [n];
        var x: [n];
        maximize dot(mu, x) - gamma * sum_squares(x);
    }
}

fn main() {}

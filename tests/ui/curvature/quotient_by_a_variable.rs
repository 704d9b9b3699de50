cvxlayers::cvx! {
    problem P(n) {
        param p: nonneg;
        var x;
        var y: [n];
        minimize 1 / x + p / x + sum_squares(y) / x + square(x) / y[0] + sum(1 / y) + x / y[0];
    }
}

fn main() {}

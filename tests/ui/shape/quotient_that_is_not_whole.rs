cvxlayers::cvx! {
    problem P(n) {
        var x: [n / 2];
        var y: [n * (n - 1) / 2];
        minimize sum_squares(x) + sum_squares(y);
    }
}

fn main() {}

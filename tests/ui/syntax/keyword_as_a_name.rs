cvxlayers::cvx! {
    problem P(n) {
        var fn: [n];
        var gen: [n];
        minimize sum_squares(fn) + sum_squares(gen);
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        var fn: [n];
        minimize sum_squares(fn);
    }
}

fn main() {}

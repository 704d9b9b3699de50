cvxlayers::cvx! {
    problem P(l, m, n) {
        var x: [l, m, n];
        minimize sum_squares(x);
    }
}

fn main() {}

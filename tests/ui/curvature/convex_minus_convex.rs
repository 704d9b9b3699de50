cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum_squares(x) - norm1(x);
    }
}

fn main() {}

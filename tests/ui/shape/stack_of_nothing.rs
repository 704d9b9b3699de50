cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum_squares(x) + sum(vstack());
    }
}

fn main() {}

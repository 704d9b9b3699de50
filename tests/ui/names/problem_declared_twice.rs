cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum_squares(x);
    }

    problem P(n) {
        var x: [n];
        minimize norm1(x);
    }
}

fn main() {}

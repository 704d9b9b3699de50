cvxlayers::cvx! {
    problem P(n) {
        var x;
        var y: [n];
        minimize sqrt(1 + square(x)) + sqrt(sum_squares(y)) + sqrt(4 + sum_squares(y) + square(x));
    }
}

fn main() {}

cvxlayers::cvx! {
    fn norm2(y) = sum_squares(y);

    problem P(n) {
        var x: [n];
        minimize norm2(x);
    }
}

fn main() {}

cvxlayers::cvx! {
    fn f(y) = sum_squares(y - center);

    problem P(n) {
        var x: [n];
        minimize f(x);
    }
}

fn main() {}

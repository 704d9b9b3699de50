cvxlayers::cvx! {
    fn f(y) { sum_squares(y) }

    problem P(n) {
        var x: [n];
        minimize sum(x);
    }
}

fn main() {}

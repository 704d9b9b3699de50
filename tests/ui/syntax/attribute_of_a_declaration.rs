cvxlayers::cvx! {
    problem P(n) {
        #[allow(unused)]
        param p: [n];
        var x: [n];
        minimize sum_squares(x - p);
    }
}

fn main() {}

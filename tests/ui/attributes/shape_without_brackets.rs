cvxlayers::cvx! {
    problem P(n) {
        param p: n;
        var x: [n];
        minimize sum_squares(x - p);
    }
}

fn main() {}

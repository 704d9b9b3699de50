cvxlayers::cvx! {
    problem P(n) {
        param x: [n];
        var x: [n];
        var n;
        minimize sum_squares(x);
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(m, n) {
        param a: [m, n] sparse;
        var x: [m * n];
        minimize sum_squares(x - vec(a));
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        param a: [n] sparse;
        var x: [n];
        minimize sum_squares(x - a);
    }
}

fn main() {}

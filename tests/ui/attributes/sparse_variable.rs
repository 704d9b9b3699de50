cvxlayers::cvx! {
    problem P(m, n) {
        var x: [m, n] sparse;
        minimize sum_squares(x);
    }
}

fn main() {}

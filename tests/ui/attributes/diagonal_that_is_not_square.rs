cvxlayers::cvx! {
    problem P(m, n) {
        param d: [m, n] diagonal;
        var x: [n];
        minimize sum_squares(d * x);
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(m, n) {
        param a: [m, n];
        param p;
        var x: [m, n];
        minimize sum_squares(x - a) + p;
        subject_to { trace(x) == 1; }
    }
}

fn main() {}

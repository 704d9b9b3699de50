cvxlayers::cvx! {
    problem P(m, n) {
        param a: [m, n];
        param p;
        var x: [m, n];
        minimize sum_squares(x - a) + p;
        subject_to { sum(x, dim = 0) >= 0; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(m, n) {
        param a: [m, n];
        param p;
        var x: [m, n];
        minimize sum_squares(x - a) + p;
        subject_to { [[1, 2], [3]] * x[0..2, ..] >= 0; }
    }
}

fn main() {}

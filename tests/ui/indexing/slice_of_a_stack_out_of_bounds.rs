cvxlayers::cvx! {
    problem P(m, n) {
        param a: [m, n];
        param p;
        var x: [m, n];
        minimize sum_squares(x - a) + p;
        subject_to { vstack(x, x)[2 * m, 0] >= 0; }
    }
}

fn main() {}

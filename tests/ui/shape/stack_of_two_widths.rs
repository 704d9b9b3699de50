cvxlayers::cvx! {
    problem P(m, n) {
        param a: [m, n];
        param p;
        var x: [m, n];
        minimize sum_squares(x - a) + p;
        subject_to { vstack(x, ones(1, m)) >= 0; }
    }
}

fn main() {}

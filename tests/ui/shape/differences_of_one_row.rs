cvxlayers::cvx! {
    problem P(m, n) {
        param a: [m, n];
        param p;
        var x: [m, n];
        minimize sum_squares(x - a) + p;
        subject_to { diff(x[0, 0..1]) >= 0; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(m, n) {
        param a: [m, n];
        param p;
        var x: [m, n];
        minimize sum_squares(x - a) + p;
        subject_to { min(i in 0..m, norm2(x[i, ..])) >= 1; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        param a: [m, n];
        param b: [m];
        var x: [n];
        minimize sum_squares(a * x - b) + center * sum(x) + center;
        subject_to { for i in 0..m { a[i, ..] * x <= b[i]; } }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(m, n) {
        param a: [m, n];
        param b: [m];
        param c: [n];
        var x: [n];
        let r = a * x - b;
        minimize norm2(r + c) + norm1(a[.., 0] - x) + sum(maximum(a * x, c)) + abs(r);
        subject_to { a.T * r <= 2 * b; }
    }
}

fn main() {}

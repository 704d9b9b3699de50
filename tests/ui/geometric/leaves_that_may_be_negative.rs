cvxlayers::cvx! {
    problem P(n) geometric {
        param a: [n] nonneg;
        param b: pos;
        var x: [n] pos;
        var y;
        minimize dot(a, x) + y;
        subject_to { sum(x) <= y; 1 <= b * x; }
    }
}

fn main() {}

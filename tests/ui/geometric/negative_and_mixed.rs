cvxlayers::cvx! {
    problem P(n) geometric {
        var x: [n] pos;
        var y: pos;
        minimize -y + max(x) * min(x);
        subject_to { sum(min(x) * x) <= 1; max(i in 0..n, min(x) / x[i]) <= 2; -x <= 1; }
    }
}

fn main() {}

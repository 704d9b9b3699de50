cvxlayers::cvx! {
    problem P(n) geometric {
        param d: [n] pos;
        var x: [n] pos;
        minimize sum(diag(d) * x) + sum(eye(n) * x);
        subject_to { geo_mean(x) >= 1; }
    }
}

fn main() {}

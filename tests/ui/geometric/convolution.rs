cvxlayers::cvx! {
    problem P(n) geometric {
        param a: [n] pos;
        var x: [n] pos;
        minimize max(conv(a, x)) * max(kron(a, x)) + max(cumsum(x));
        subject_to { geo_mean(x) >= 1; }
    }
}

fn main() {}

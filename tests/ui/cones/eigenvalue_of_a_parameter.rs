cvxlayers::cvx! {
    problem P(n) {
        param a: [n, n] symmetric;
        var t;
        minimize t;
        subject_to { t >= lambda_max(a); }
    }
}

fn main() {}

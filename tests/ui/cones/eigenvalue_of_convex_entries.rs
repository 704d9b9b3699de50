cvxlayers::cvx! {
    problem P(n) {
        var x: [n, n] symmetric;
        minimize lambda_max(x + eye(n)) + tr_inv(abs(x) + abs(x).T);
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        param k;
        var x: [n, n] symmetric;
        minimize lambda_sum_largest(x, k) + lambda_sum_largest(x, 0) + lambda_sum_largest(x, n + 1);
    }
}

fn main() {}

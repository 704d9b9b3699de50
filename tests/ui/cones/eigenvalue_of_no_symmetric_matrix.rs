cvxlayers::cvx! {
    problem P(m, n) {
        param a: [n, n];
        var x: [n, n];
        var y: [m, n];
        minimize lambda_max(x) + lambda_max(a + x) + lambda_max(y);
    }
}

fn main() {}

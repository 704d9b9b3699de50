cvxlayers::cvx! {
    problem P(n) {
        param p: [n, n];
        param q: [n, n] psd;
        var x: [n];
        minimize dot(x, p * x) + x.T * (q * x) + dot(q * x, x) + dot(x, x) + x.T * p.T * x;
    }
}

fn main() {}

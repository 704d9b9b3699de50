cvxlayers::cvx! {
    problem P(n) {
        param p: [n, n] psd;
        var x: [n];
        var y: [n, n] psd;
        minimize x.T * inv(p) * x + trace(inverse(y)) + inv(x[0]);
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        param p: [n, n] psd;
        var x: [n];
        var t;
        minimize t * t + x.T * x + x.T * p * x;
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        param p: [n, n] psd;
        var x: [n];
        minimize quad_form(x.T, p) + quad_form(p, x) + dot(x.T, ones(n)) + norm1(multiply(x, x[0..2].T));
    }
}

fn main() {}

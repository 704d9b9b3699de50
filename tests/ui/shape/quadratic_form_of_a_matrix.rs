cvxlayers::cvx! {
    problem P(n) {
        param p: [n, n] psd;
        var x: [n, n];
        minimize quad_form(x, p);
    }
}

fn main() {}

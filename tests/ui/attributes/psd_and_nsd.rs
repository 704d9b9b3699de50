cvxlayers::cvx! {
    problem P(n) {
        param d: [n, n] psd nsd;
        var x: [n];
        minimize quad_form(x, d);
    }
}

fn main() {}

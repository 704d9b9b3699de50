cvxlayers::cvx! {
    problem P(m, n) {
        param p: [m, m] psd;
        var x: [n];
        minimize quad_form(x, p);
    }
}

fn main() {}

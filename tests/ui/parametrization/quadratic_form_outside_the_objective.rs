cvxlayers::cvx! {
    problem P(n) {
        param p: [n, n] psd;
        var x: [n];
        minimize sum(x);
        subject_to { quad_form(x, p) <= 1; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        param sigma: [n, n] psd;
        param limit: nonneg;
        param mu: [n];
        var w: [n];
        maximize dot(mu, w);
        subject_to { quad_form(w, sigma) <= limit; sum(w) == 1; }
    }
}

fn main() {}

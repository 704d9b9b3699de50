cvxlayers::cvx! {
    #[strict_dpp]
    problem P(n) {
        param s: [n, n] psd;
        param gamma: nonneg;
        param r: [n];
        var x: [n];
        minimize gamma * quad_form(x, s) + quad_form(x - r, s);
    }
}

fn main() {}

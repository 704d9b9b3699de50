cvxlayers::cvx! {
    #[strict_dpp]
    problem P(n) {
        param p: nonneg;
        param a: [n];
        var x: [n];
        var y;
        minimize quad_over_lin(x, p) + quad_over_lin(a, p + y) + quad_over_lin(x + a, y) + sum(huber(p * x, p + 1));
    }
}

fn main() {}

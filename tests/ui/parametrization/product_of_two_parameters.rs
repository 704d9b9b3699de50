cvxlayers::cvx! {
    #[strict_dpp]
    problem P(n) {
        param p;
        param q;
        var x: [n];
        minimize sum_squares(x) + p * q * sum(x) + p * sum(x + q);
    }
}

fn main() {}

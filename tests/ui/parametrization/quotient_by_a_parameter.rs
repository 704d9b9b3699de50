cvxlayers::cvx! {
    #[strict_dpp]
    problem P(n) {
        param p: nonneg;
        var x: [n];
        minimize sum_squares(x) / p;
    }
}

fn main() {}

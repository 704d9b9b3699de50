cvxlayers::cvx! {
    #[strict_dpp]
    problem P(n) {
        param a: [n];
        var x: [n];
        minimize norm2(a) * norm1(x) + sum(x);
    }
}

fn main() {}

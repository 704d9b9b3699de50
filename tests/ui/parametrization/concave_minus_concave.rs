cvxlayers::cvx! {
    #[strict_dpp]
    problem P(n) {
        param a: [n];
        var x: [n];
        minimize norm1(x) - max(a);
    }
}

fn main() {}

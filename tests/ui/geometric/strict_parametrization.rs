cvxlayers::cvx! {
    #[strict_dpp]
    problem P geometric {
        param a: pos;
        var x: pos;
        minimize a * x + 1 / x;
    }
}

fn main() {}

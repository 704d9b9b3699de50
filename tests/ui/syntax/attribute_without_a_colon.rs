cvxlayers::cvx! {
    problem P {
        var t nonneg;
        minimize t;
    }
}

fn main() {}

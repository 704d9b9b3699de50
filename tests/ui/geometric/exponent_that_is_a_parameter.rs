cvxlayers::cvx! {
    problem P geometric {
        param a: pos;
        var x: pos;
        minimize power(x, a) + 1 / x;
    }
}

fn main() {}

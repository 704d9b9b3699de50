cvxlayers::cvx! {
    problem P {
        param p;
        var x;
        minimize power(x, 3) + power(x, p);
    }
}

fn main() {}

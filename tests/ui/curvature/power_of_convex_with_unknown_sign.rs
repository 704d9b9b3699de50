cvxlayers::cvx! {
    problem P {
        var x;
        minimize power(square(x) - 1, 2) + power(square(x), -1) + power(square(x), 0.5);
    }
}

fn main() {}

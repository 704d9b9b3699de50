cvxlayers::cvx! {
    problem P {
        var x;
        minimize inv_pos(square(x)) + abs(sqrt(x));
    }
}

fn main() {}

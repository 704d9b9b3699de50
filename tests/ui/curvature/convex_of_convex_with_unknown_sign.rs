cvxlayers::cvx! {
    problem P {
        var x;
        minimize square(square(x) - 1);
    }
}

fn main() {}

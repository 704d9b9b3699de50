cvxlayers::cvx! {
    problem P {
        var x;
        minimize square(x[0]);
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P {
        var x;
        var y;
        minimize x * y;
        subject_to { x >= 1; y >= 1; }
    }
}

fn main() {}

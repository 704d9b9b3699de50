cvxlayers::cvx! {
    problem P {
        var x;
        minimize 1 / x;
        subject_to { x >= 1; }
    }
}

fn main() {}

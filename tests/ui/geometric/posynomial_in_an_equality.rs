cvxlayers::cvx! {
    problem P geometric {
        var x: pos;
        var y: pos;
        minimize 1 / (x * y);
        subject_to { budget: x + y == 1; }
    }
}

fn main() {}

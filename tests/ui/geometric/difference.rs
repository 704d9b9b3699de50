cvxlayers::cvx! {
    problem P geometric {
        var x: pos;
        var y: pos;
        minimize x + y;
        subject_to { x * y - y >= 1; }
    }
}

fn main() {}

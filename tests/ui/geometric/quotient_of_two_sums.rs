cvxlayers::cvx! {
    problem P geometric {
        var x: pos;
        var y: pos;
        minimize (x + y) / (x + 2 * y);
        subject_to { x * y == 1; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P geometric {
        var x: pos;
        var y: pos;
        minimize x * y;
        subject_to { x + y >= 1; x <= max(vstack(x, y)); }
    }
}

fn main() {}

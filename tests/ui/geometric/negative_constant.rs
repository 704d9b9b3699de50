cvxlayers::cvx! {
    problem P geometric {
        var x: [2] pos;
        minimize dot([1, -2], x);
        subject_to { x >= -1; }
    }
}

fn main() {}

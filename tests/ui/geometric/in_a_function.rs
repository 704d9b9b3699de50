cvxlayers::cvx! {
    fn excess(y) = y - 1;
    problem P geometric {
        var x: pos;
        minimize x;
        subject_to { excess(x) >= 1; }
    }
}

fn main() {}

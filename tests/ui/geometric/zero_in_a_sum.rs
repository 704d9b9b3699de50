cvxlayers::cvx! {
    problem P geometric {
        var x: [2] pos;
        minimize sum(i in 0..2, (i + 1) * x[i] + i);
        subject_to { x >= 0; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P geometric {
        var x: [2] pos;
        minimize max(vstack(sum(x), min(x)));
        subject_to { geo_mean(x) >= 1; }
    }
}

fn main() {}

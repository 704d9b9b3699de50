cvxlayers::cvx! {
    problem P geometric {
        var x: [3] pos;
        minimize min(x) * x[0];
        subject_to { geo_mean(x) >= 1; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P geometric {
        var x: [3] pos;
        maximize sum(x);
        subject_to { geo_mean(x) <= 1; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P geometric {
        var x: [3] pos;
        minimize huber(x[0], 1) + sum_largest(x, 2);
        subject_to { geo_mean(x) >= 1; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P geometric {
        param p: pos;
        var x: pos;
        var y: pos;
        minimize exp(minimum(x, y)) + minimum(x, y) + log(p) * x;
        subject_to { log(x + y) >= 1; x * y >= 1; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P geometric {
        var x: [2, 2] symmetric pos;
        var s: [2, 2] psd;
        minimize sum(x);
        subject_to { soc(1, x[0, ..]); x >> eye(2); s == ones(2, 2); }
    }
}

fn main() {}

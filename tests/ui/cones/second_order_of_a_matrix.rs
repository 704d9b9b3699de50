cvxlayers::cvx! {
    problem P(n) {
        var t: [n];
        var x: [n, n];
        minimize sum(t);
        subject_to { soc(t, x[0, ..]); soc(t[0], x); }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem Shares(n) geometric {
        param c: [n] pos;
        var w: [n] pos;
        var x: [n] pos;
        maximize geo_mean(x, w);
        subject_to { dot(c, x) <= 1; sum(w) <= 1; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        var t;
        var x: [n];
        minimize t;
        subject_to { soc(t, abs(x)); soc(sqrt(t), x); }
    }
}

fn main() {}

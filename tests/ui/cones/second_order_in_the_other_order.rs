cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        var t;
        minimize t;
        subject_to { soc(x, t); }
    }
}

fn main() {}

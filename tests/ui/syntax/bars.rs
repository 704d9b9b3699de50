cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize |x[0]|;
        subject_to { ||x|| <= 1; }
    }
}

fn main() {}

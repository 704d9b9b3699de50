cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize min(x);
        subject_to { x <= 1; }
    }
}

fn main() {}

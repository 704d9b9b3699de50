cvxlayers::cvx! {
    problem P(n) {
        param c: [n]
        var x: [n];
        minimize dot(c, x);
        subject_to { x >= 0; }
    }
}

fn main() {}

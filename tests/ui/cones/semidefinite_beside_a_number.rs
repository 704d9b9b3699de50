cvxlayers::cvx! {
    problem P(n) {
        var x: [n, n] symmetric;
        minimize trace(x);
        subject_to { x >> 1; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(m, n) {
        param a: [m, m] symmetric;
        var x: [n, n] symmetric;
        minimize trace(x);
        subject_to { x >> a; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        param a: [n, n] symmetric;
        var x: [n, n] symmetric;
        minimize trace(x);
        subject_to { 0 << x << a; }
    }
}

fn main() {}

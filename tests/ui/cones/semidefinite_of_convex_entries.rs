cvxlayers::cvx! {
    problem P(n) {
        var x: [n, n] symmetric;
        minimize trace(x);
        subject_to { square(x) << eye(n); }
    }
}

fn main() {}

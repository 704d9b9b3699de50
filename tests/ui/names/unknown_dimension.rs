cvxlayers::cvx! {
    problem P(n) {
        param a: [m, n];
        var x: [n];
        minimize norm1(x);
        subject_to { a * x == 1; }
    }
}

fn main() {}

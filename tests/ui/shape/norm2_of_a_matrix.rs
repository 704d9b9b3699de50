cvxlayers::cvx! {
    problem P(m, n) {
        var x: [m, n];
        minimize norm2(x);
        subject_to { sum(x) == 1; }
    }
}

fn main() {}

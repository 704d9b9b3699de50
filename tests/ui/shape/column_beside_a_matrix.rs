cvxlayers::cvx! {
    problem P(m, n) {
        param c: [n];
        var x: [m, n];
        minimize norm1(x - c);
        subject_to { x / c <= 1; c <= x; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize norm(x, Inf);
        subject_to { x <= inf; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(m, n) {
        var x: [m, n];
        minimize sum(x);
        subject_to { x >> 0; }
    }
}

fn main() {}

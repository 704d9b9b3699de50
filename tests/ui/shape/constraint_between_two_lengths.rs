cvxlayers::cvx! {
    problem P(m, n) {
        param b: [m];
        var x: [n];
        minimize sum(x);
        subject_to { x >= b; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum(x);
        subject_to { low: x >= 0; low: sum(x) >= 1; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(m, n) {
        var x: [m, n];
        minimize sum(max(sqrt(x), axis = 0));
        subject_to { min(x, axis = 1) <= 1; }
    }
}

fn main() {}

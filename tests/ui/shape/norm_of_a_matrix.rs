cvxlayers::cvx! {
    problem P(m, n) {
        var x: [m, n];
        minimize norm(x) + norm(x, inf) + mixed_norm(x, 3, 1);
        subject_to { tv(x.T) + norm(x[0, ..], 0.5) <= 1; }
    }
}

fn main() {}

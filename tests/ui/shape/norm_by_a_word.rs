cvxlayers::cvx! {
    problem P(m, n) {
        var x: [m, n];
        minimize norm(x, nuc) + norm(x, fro);
        subject_to {
            norm(x[0, ..], 3) <= 1;
            norm(x, 2) <= 1;
        }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(m, n) {
        param c: [n];
        var x: [m, n];
        minimize norm1(vstack(x, c));
        subject_to { hstack(c, x[0, ..]) >= 0; vstack(x[.., 0..1], x[.., 1..]) >= 0; }
    }
}

fn main() {}

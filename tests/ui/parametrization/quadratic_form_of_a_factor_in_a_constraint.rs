cvxlayers::cvx! {
    problem P(m, n) {
        param f: [m, n];
        param g: [n, m];
        var x: [n];
        minimize sum(x);
        subject_to { quad_form(x - 1, f.T * f) <= 1; quad_form(x, g * g.T) <= 1; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(m, n) {
        var x: [m];
        var p: [n, n] symmetric;
        minimize matrix_frac(x, p);
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(m, n) {
        var x: [n];
        var y: [m, 4];
        minimize sum_squares(x) + sum_squares(y);
        subject_to { x[end] == 1; y[0, end] == 1; }
    }
}

fn main() {}

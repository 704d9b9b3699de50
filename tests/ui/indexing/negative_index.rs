cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        var y: [n, 4];
        minimize sum_squares(x) + sum_squares(y);
        subject_to {
            x[-1] == 1;
            x[..-2] >= 0;
            y[0, -1] == 1;
        }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(m, n) {
        var x: [n];
        var y: [m, n];
        minimize sum_squares(x[1:3]) + sum_squares(y);
        subject_to {
            y[:, 0] == 1;
            sum(x[::2]) == 1;
            sum(x[m:]) >= 2;
        }
    }
}

fn main() {}

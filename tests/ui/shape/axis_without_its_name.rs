cvxlayers::cvx! {
    problem P(m, n) {
        var x: [m, n];
        minimize sum_squares(sum(x, 1)) + sum_squares(diff(x, 2));
        subject_to {
            norm(x, 1, 0) <= 1;
            norm2(x, 2) <= 1;
            sum(x, axis = -1) <= 1;
        }
    }
}

fn main() {}

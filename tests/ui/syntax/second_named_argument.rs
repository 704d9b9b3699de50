cvxlayers::cvx! {
    problem P(m, n) {
        var x: [m, n];
        minimize sum_squares(x);
        subject_to { sum(x, axis = 1, keepdims = True) >= 1; }
    }
}

fn main() {}

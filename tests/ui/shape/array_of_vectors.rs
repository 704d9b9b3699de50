cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        var y: [n];
        minimize sum_squares(hstack([x, y])) + sum_squares([[x, y], [y, x]]);
        subject_to { sum([x, 1]) == 1; sum([x.T, [1]]) == 1; }
    }
}

fn main() {}

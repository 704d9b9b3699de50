cvxlayers::cvx! {
    problem P(n) {
        var x: [2 * n];
        minimize sum_squares(x);
        subject_to { for i in 1..=2 * n - 1 { x[i] >= 1; } }
    }
}

cvxlayers::cvx! {
    problem Q(n) {
        var x: [2 * n + 1];
        minimize sum_squares(x);
        subject_to { for i in 1..=2 * n { x[i] >= 1; } }
    }
}

fn main() {}

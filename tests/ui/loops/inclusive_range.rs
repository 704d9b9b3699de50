cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum_squares(x);
        subject_to { for i in 0..=n { x[i] >= 1; } }
    }
}

fn main() {}

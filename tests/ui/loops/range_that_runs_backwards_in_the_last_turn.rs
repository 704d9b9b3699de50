cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum_squares(x);
        subject_to { for i in 0..n { for j in i + 2..n { x[j] >= x[i]; } } }
    }
}

fn main() {}

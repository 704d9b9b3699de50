cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum_squares(x);
        subject_to {
            for i in range(n) {
                x[i] >= 0;
            }
            for i in 1..n: x[i] >= x[i - 1];
            x[i] >= 1 for i in 0..n;
        }
    }
}

fn main() {}

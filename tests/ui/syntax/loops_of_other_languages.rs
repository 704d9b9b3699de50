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
            x[i] >= 2, i in 0..n;
            x[i] + x[j] >= 3 forall i in 0..n, j in 0..i;
        }
    }
}

fn main() {}

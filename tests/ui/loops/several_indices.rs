cvxlayers::cvx! {
    problem P(m, n) {
        var x: [m, n];
        minimize sum(i in 0..m, j in 0..n, square(x[i, j]));
        subject_to {
            sum(x[i, j] for i in 0..m, j in 1:n) <= 1;
            sum(x[i, j] for i in range(m) for j in 0..=n) <= 1;
            max(abs(x[i, 0]), i in 0..m) <= 1;
            sum(j = 1:n, x[0, j]) <= 1;
            for i in 0..m, j in 0..n { x[i, j] >= 0; }
        }
    }
}

fn main() {}

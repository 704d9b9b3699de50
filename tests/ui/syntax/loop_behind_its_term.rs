cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum(square(x[i]) for i in range(n));
        subject_to {
            max(x[i] for i in 0..n) <= 1;
            sum(x[i] for i in range(1, n)) <= 1;
            norm1(x[i] for i in 0..n) <= 1;
        }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n, T) {
        var x: [n];
        var y: [T];
        minimize sum(i in 2:n, square(x[i])) + sum_squares(y);
        subject_to {
            for i in 1:n { x[i] >= 0; }
            for t in 0:T { y[t] >= 0; }
            for i = 1:n { x[i] >= 1; }
            for t in T { y[t] >= 1; }
            for i in [0, 2] { x[i] >= 2; }
            for _ in 0..n { sum(x) >= 3; }
        }
    }
}

fn main() {}

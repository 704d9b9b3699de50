cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        var y: [n];
        minimize sum_squares(x) + sum_squares(y);
        subject_to {
            let total = sum(x);
            total >= 1;
            for i in 0..n {
                let gap = x[i] - y[i];
                abs(gap) <= 1;
            }
        }
    }
}

fn main() {}

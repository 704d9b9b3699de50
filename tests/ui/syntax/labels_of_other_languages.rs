cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum_squares(x);
        subject_to {
            for i in 0..n { lower[i]: x[i] >= 0; }
            sum(x) == 1 : budget;
            "upper": x <= 1;
        }
    }
}

fn main() {}

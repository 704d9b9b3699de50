cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum_squares(x);
        subject_to {
            (x >= 1);
            x >= 1 & sum(x) <= 4;
        }
    }
}

fn main() {}

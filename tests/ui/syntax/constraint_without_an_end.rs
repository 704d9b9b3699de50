cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum_squares(x);
        subject_to { sum(x) == 1 x >= 0; }
    }
}

fn main() {}

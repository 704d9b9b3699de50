cvxlayers::cvx! {
    problem P(n) {
        param c: [n];
        var x: [n];
        maximize dot(c, x) + sum_squares(x);
        subject_to { x <= 1; }
    }
}

fn main() {}

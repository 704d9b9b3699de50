cvxlayers::cvx! {
    problem P(n) {
        param a: [n; 2];
        var x: [n];
        minimize sum_squares(x < 1) + sum(x);
        subject_to {
            (x y) >= 0;
            norm1(x[0 1]) <= 1;
            max(x, y z) <= 1;
        }
    }

    problem Q(n 2) {
        var x: [n];
        minimize sum(x);
    }
}

fn main() {}

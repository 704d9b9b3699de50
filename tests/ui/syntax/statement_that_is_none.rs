cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        frobnicate x;
        5;
        minimize sum_squares(x);
        subject_to { x ? 1; }
    }
}

fn main() {}

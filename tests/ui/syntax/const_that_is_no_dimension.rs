cvxlayers::cvx! {
    problem P(n) {
        const LIMIT: f64 = 0.5;
        var x: [n];
        minimize sum_squares(x);
        subject_to { x <= LIMIT; }
    }
}

fn main() {}

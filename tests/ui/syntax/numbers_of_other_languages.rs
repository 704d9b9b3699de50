cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        let a = .5 * x;
        let b = x / n as f64;
        minimize sum_squares(a + b);
        subject_to { x >= +1; }
    }
}

fn main() {}

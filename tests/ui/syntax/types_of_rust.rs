cvxlayers::cvx! {
    problem P(n: usize, m) {
        const k = 3;
        param a: DMatrix<f64>;
        param b: f64 nonneg;
        var x: [n];
        minimize b * sum_squares(x) + sum_squares(a * x);
    }
}

fn main() {}

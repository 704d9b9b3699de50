cvxlayers::cvx! {
    problem P(n) {
        param p: [n] nonneg nonneg;
        var x: [n];
        minimize sum_squares(x - p);
    }
}

fn main() {}

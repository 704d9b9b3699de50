cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize loggamma(x[0]) + inv_prod(x) + sum_squres(x);
    }
}

fn main() {}

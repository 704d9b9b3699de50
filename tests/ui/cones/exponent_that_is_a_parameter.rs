cvxlayers::cvx! {
    problem P(n) {
        param p;
        var x: [n];
        minimize sum(power(x, p)) + pnorm(x, p) + pnorm(x, 0);
    }
}

fn main() {}

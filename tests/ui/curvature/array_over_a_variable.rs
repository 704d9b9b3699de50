cvxlayers::cvx! {
    problem P(n) {
        param p: [n] nonneg;
        var x: [n];
        minimize sum(p / x);
    }
}

fn main() {}

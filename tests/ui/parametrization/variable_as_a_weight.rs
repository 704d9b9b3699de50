cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        var w: [n] nonneg;
        maximize geo_mean(x, w) - sum(huber(x, w[0]));
    }
}

fn main() {}

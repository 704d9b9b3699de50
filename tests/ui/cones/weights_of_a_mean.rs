cvxlayers::cvx! {
    problem P(n) {
        param w: [n];
        var x: [n];
        maximize geo_mean(x, w) + geo_mean(x, [1, 2]);
    }
}

fn main() {}

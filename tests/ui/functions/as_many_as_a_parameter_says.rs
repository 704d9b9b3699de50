cvxlayers::cvx! {
    problem P(n) {
        param k: nonneg;
        var x: [n];
        minimize sum_largest(x, k) + sum_smallest(-x, 0.3 * n) + cvar(x, k);
    }
}

fn main() {}

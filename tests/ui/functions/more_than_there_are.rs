cvxlayers::cvx! {
    problem P(n) {
        var x: [3];
        var y: [n];
        minimize sum_largest(x, 4) + sum_largest(x, 2.5) + sum_largest(y, n + 1) - sum_smallest(x, -1) + cvar(x, 1);
    }
}

fn main() {}

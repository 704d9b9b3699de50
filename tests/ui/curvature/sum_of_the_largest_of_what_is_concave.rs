cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum_largest(sqrt(x), 1) + cvar(sqrt(x), 0.5);
    }
}

fn main() {}

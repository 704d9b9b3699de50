cvxlayers::cvx! {
    problem P(m, n) geometric {
        param a: [m, n] pos;
        var x: [n] pos;
        minimize sum(a * minimum(x, 1)) + sum(x) * min(x);
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(m, n) {
        param a: [m];
        var x: [n];
        minimize sum(multiply(a, x)) + dot(a, x);
    }
}

fn main() {}

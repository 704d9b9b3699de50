cvxlayers::cvx! {
    problem P(n) {
        parameter c: [n];
        var x: [n];
        minimize dot(c, x);
        subject to { x >= 0; sum(x) == norm1(x); }
    }
}

fn main() {}

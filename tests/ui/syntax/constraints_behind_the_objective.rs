cvxlayers::cvx! {
    problem P(n) {
        param c: [n];
        var x: [n];
        minimize dot(c, x) s.t. x >= 0;
    }

    problem Q(n) {
        param c: [n];
        var x: [n];
        minimize dot(c, x) where x >= 0;
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        var t;
        minimize t ** 2;
        subject_to { x ^ 2 <= t; }
    }
}

fn main() {}

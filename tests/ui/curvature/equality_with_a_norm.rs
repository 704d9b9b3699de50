cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        var t;
        minimize t;
        subject_to { t == norm1(x); sum(x) == 1; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum(x);
        subject_to { sum(x) = 1; }
    }
}

fn main() {}

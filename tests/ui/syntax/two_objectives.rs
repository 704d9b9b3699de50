cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum(x);
        maximize min(x);
        subject_to { 0 <= x <= 1; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum(x);
        subject_to { 0 <= x >= 1; 0 == x == 1; }
    }
}

fn main() {}

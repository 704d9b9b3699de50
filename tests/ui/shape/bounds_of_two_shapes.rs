cvxlayers::cvx! {
    problem P(n) {
        param upper: [n];
        var x;
        minimize x;
        subject_to { bounds: 0 <= x <= upper; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        var x: [n] nonneg;
        var y: nonneg;
        minimize x[0] * y;
        subject_to { x >= 1; y >= 1; x[0] * x[1] >= 1; }
    }
}

fn main() {}

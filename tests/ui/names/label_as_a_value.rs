cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum_squares(x);
        subject_to { budget: sum(x) == 1; x >= budget; }
    }
}

fn main() {}

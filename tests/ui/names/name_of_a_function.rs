cvxlayers::cvx! {
    problem P(n) {
        param max: nonneg;
        var x: [n];
        minimize norm_inf(x);
        subject_to { x >= max; }
    }
}

fn main() {}

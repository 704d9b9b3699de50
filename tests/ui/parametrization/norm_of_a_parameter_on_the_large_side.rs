cvxlayers::cvx! {
    #[strict_dpp]
    problem P(n) {
        param a: [n];
        var x: [n];
        minimize sum_squares(x);
        subject_to { sum(x) >= norm2(a); x <= max(a) * 2; }
    }
}

fn main() {}

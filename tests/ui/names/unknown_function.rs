cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize norm_1(x) + bessel(x);
        subject_to { sum(x) == 1; }
    }
}

fn main() {}

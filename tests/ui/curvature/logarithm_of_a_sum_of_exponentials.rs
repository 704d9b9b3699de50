cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize log(sum(exp(x)));
        subject_to { kl_div(x, sqrt(x)) <= 1; entr(x) <= 1; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize exp2(x[0]) + exp10(x[1]) - sum(log2(x)) - log10(x[0]) + sum_squares(x);
    }
}

fn main() {}

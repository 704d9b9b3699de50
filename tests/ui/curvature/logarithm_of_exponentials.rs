cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize log(sum(exp(x))) + log(1 + exp(x[0])) + log(exp(x[0]) + exp(2 * x[1])) + exp(log(x[0]));
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        param i;
        var x: [n];
        minimize square(x[i]) + square(x[0.5]);
    }
}

fn main() {}

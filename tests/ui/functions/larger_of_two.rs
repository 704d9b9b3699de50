cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum(max(x, 0)) + square(min(sum(x), 1, x[0]) - 2);
    }
}

fn main() {}

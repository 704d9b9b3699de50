cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize square(x[0, 0, 0]) + sum(x);
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize var(square(x)) + std(abs(x));
    }
}

fn main() {}

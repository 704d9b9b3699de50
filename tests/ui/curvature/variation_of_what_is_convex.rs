cvxlayers::cvx! {
    problem P(n) {
        var x: [n + 1];
        minimize tv(square(x));
    }
}

fn main() {}

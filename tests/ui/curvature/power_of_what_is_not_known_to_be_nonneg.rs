cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum(power(square(x) - 1, 4)) + sum(power(-x, -1.5)) + sum(power(square(x), -1.5));
    }
}

fn main() {}

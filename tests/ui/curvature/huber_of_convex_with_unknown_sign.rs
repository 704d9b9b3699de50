cvxlayers::cvx! {
    problem P(n) {
        param r: nonneg;
        var x: [n];
        minimize sum(huber(square(x) - 1)) + sum(huber(sqrt(x), r));
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        param r;
        var x: [n];
        minimize sum(huber(x, -1)) + sum(huber(x, r)) + sum(huber(x, 1, 2));
    }
}

fn main() {}

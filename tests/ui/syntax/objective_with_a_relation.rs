cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum(x) >= 0;
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum(2x);
    }
}

fn main() {}

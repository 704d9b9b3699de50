cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize x.sum();
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize x[0 n];
    }
}

fn main() {}

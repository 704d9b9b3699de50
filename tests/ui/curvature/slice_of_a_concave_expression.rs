cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        var y: [n];
        minimize minimum(x, y)[0];
    }
}

fn main() {}

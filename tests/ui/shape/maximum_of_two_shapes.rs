cvxlayers::cvx! {
    problem P(m, n) {
        var x: [m];
        var y: [n];
        minimize sum(maximum(x, y));
    }
}

fn main() {}

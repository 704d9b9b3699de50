cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum(t in 0..n, square(x[t])) + x[t];
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        var x: [n, n * n];
        minimize sum(i in 0..n, sum(j in 0..i * (n - i), square(x[i, j])));
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        var x: [n, n];
        minimize sum(i in 0..n, sum(j in i..n, square(x[i, j])));
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum(i in 0..n, norm2(x[..i + 1]));
    }
}

fn main() {}

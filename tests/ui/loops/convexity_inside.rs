cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum(i in 0..n, min(x[i..i + 1]));
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize max(i in 0..n, -abs(x[i]));
    }
}

fn main() {}

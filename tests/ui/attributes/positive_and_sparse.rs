cvxlayers::cvx! {
    problem P(n) {
        param a: [n, n] sparse pos;
        param b: [n] pos nonneg;
        var x: [n];
        minimize norm1(a * x) + norm1(multiply(b, x));
    }
}

fn main() {}

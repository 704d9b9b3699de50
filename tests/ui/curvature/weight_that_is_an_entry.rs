cvxlayers::cvx! {
    problem P(n) {
        param p: [n];
        param q: [n];
        data c: [2, n];
        var x: [n];
        minimize p[0] * square(x[0]) - q[1] * norm1(x) + sum(multiply(c[0, ..].T, abs(x))) + norm2(x) / p[1];
    }
}

fn main() {}

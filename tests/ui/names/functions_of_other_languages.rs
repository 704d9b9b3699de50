cvxlayers::cvx! {
    problem P(m, n) {
        param a: [m, n];
        var x: [n];
        var z: [m, n];
        minimize sum_entries(x) + sumsq(x) + max_entries(x) + sum(matmul(a, x)) + normNuc(z) + frobnicate(x);
    }
}

fn main() {}

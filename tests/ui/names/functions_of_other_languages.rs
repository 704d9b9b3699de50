cvxlayers::cvx! {
    problem P(m, n) {
        param a: [m, n];
        var x: [n];
        minimize sum_entries(x) + sumsq(x) + max_entries(x) + sum(matmul(a, x)) + normNuc(a) + frobnicate(x);
    }
}

fn main() {}

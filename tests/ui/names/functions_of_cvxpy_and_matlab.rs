cvxlayers::cvx! {
    problem P(m, n) {
        param a: [m, n];
        param b: [m, n];
        var x: [n];
        minimize sum_squares(matmul(a + b, x)) + norm_largest(x, 2) + sum(pow_pos(x, 3)) + quad_pos_over_lin(x, 2)
            + normInf(x) + sum(square_pos(x)) + logsumexp(x) + norm1(transpose(a) * (b * x)) + ptp(x);
        subject_to { relu(x) <= 1; Norm1(x) <= 1; x.transpose() * x <= 1; }
    }
}

fn main() {}

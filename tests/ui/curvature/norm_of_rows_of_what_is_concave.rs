cvxlayers::cvx! {
    problem P(m, n) {
        var x: [m, n];
        minimize mixed_norm(sqrt(x), 2, 1) + norm_fro(sqrt(x)) + norm1(sqrt(x));
    }
}

fn main() {}

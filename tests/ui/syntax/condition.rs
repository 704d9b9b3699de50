cvxlayers::cvx! {
    problem P(n) {
        param linear;
        var x: [n];
        minimize if linear > 0 { sum(x) } else { norm1(x) };
        subject_to {
            x >= 1;
            for i in 0..n {
                if i > 0 {
                    x[i] >= x[i - 1];
                }
            }
        }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        var t;
        let u = 1 - t ** 2;
        minimize 2 * t ** 2;
        subject_to {
            x ^ 3 <= t;
            x.T ^ 2 <= t;
            t ** 0.5 >= 1;
            -(t + 1) ^ -1 >= -1;
        }
    }
}

fn main() {}

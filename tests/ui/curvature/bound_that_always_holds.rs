cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum(x);
        subject_to {
            0 <= square(x) <= 1;
            norm1(x) >= -1;
        }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        const T: usize = 4;
        var x: [n, T];
        minimize sum_squares(x);
        subject_to { for t in 0..T { x[.., t + 1] == x[.., t]; } }
    }
}

fn main() {}

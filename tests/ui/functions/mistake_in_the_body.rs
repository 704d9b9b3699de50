cvxlayers::cvx! {
    fn spread(z) = sqrt(sum_squares(z - 1));

    problem P(n) {
        var x: [n];
        minimize sum(x);
        subject_to { spread(x) <= 1; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        param gamma: nonegative;
        param c: [n] integer;
        var x: [n] psd;
        minimize gamma * sum_squares(x - c);
    }
}

fn main() {}

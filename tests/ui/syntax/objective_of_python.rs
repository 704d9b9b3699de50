cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        objective = Minimize(sum_squares(x));
        sum(x) == 1;
        s.t. { x >= 0; }
    }
}

fn main() {}

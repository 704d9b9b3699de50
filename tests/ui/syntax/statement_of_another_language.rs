cvxlayers::cvx! {
    problem P(n) {
        variable x: [n];
        minimise sum_squares(x);
        constraints { x >= 1; }
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        param p: [n];
        minimize sum_squares(p);
    }
}

fn main() {}

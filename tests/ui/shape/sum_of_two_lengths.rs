cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        var y: [n + 1];
        minimize sum_squares(x + y);
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        var y;
        minimize quad_over_lin(x, square(y)) + quad_over_lin(sqrt(x), 2) + quad_over_lin(abs(x) - 1, y);
    }
}

fn main() {}

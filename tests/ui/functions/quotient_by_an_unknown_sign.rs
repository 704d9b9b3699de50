cvxlayers::cvx! {
    problem P(n) {
        param p;
        param q: [n];
        var x: [n];
        minimize quad_over_lin(x, p) + quad_over_lin(x, q) + quad_over_lin(x, 0);
    }
}

fn main() {}

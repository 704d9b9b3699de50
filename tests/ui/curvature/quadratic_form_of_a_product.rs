cvxlayers::cvx! {
    problem P(n) {
        param a: [n, n];
        param b: [n, n];
        var x: [n];
        minimize quad_form(x, a * b);
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        var p: [n, n];
        minimize quad_form(x, p);
    }
}

fn main() {}

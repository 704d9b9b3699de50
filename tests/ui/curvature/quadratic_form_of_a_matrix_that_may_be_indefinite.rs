cvxlayers::cvx! {
    problem P(n) {
        param s: [n, n] symmetric;
        var x: [n];
        minimize quad_form(x, s);
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        param d: [n, n] psd diagonal;
        param e: [n, n] diagonal sparse;
        var x: [n];
        minimize quad_form(x, d) + sum(e * x);
    }
}

fn main() {}

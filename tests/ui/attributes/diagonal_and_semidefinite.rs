cvxlayers::cvx! {
    problem P(n) {
        param p: [n, n] nsd diagonal;
        var y: [n, n] diagonal symmetric;
        var x: [n];
        maximize quad_form(x, p) - sum_squares(y);
    }
}

fn main() {}

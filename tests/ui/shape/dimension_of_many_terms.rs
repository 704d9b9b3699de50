cvxlayers::cvx! {
    problem P(a, b, c, d, e, f, g) {
        var x: [(a + 1) * (b + 1) * (c + 1) * (d + 1) * (e + 1) * (f + 1) * (g + 1)];
        minimize sum_squares(x);
    }
}

fn main() {}

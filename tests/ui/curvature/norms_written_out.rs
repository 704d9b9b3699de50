cvxlayers::cvx! {
    problem P(m, n) {
        data a: [m, n];
        var x: [n];
        var z: [m, n];
        minimize sqrt(sum(square(a * x))) + sqrt(sum(square(z))) + sqrt(1 + sum_squares(z)) + sqrt(dot(x, x));
    }
}

fn main() {}

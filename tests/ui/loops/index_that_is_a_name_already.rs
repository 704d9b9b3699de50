cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum(n in 0..3, square(x[0] - n)) + sum(x in 0..3, x);
    }
}

fn main() {}

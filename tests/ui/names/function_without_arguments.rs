cvxlayers::cvx! {
    fn twice(x) = 2 * x;

    problem P(n) {
        var x: [n];
        minimize sum_squares(x) + sum(twice) + norm1;
    }
}

fn main() {}

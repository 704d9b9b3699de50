cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        maximize sum_smallest(square(x), 1) + harmonic_mean(square(x));
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        const M: usize = n + 1;
        var x: [M];
        minimize sum_squares(x);
    }
}

fn main() {}

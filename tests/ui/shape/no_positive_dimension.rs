cvxlayers::cvx! {
    problem P {
        const N: usize = 3;
        var x: [N - 3];
        minimize sum_squares(x);
    }
}

fn main() {}

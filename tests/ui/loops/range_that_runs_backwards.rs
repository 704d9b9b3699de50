cvxlayers::cvx! {
    problem P {
        var x: [4];
        minimize sum(i in 3..1, square(x[i]));
    }
}

fn main() {}

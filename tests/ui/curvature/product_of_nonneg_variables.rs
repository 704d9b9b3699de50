cvxlayers::cvx! {
    problem P {
        var x: nonneg;
        var y: nonneg;
        maximize x * y;
    }
}

fn main() {}

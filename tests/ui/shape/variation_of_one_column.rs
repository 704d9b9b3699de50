cvxlayers::cvx! {
    problem P {
        var x: [3, 1];
        var y: [1];
        minimize tv(x) + tv(y);
    }
}

fn main() {}

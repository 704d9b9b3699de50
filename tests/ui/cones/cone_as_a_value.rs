cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize soc(1, x);
    }
}

fn main() {}

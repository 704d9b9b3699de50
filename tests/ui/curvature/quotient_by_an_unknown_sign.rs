cvxlayers::cvx! {
    problem P(n) {
        param p;
        var x: [n];
        minimize norm2(x) / p;
    }
}

fn main() {}

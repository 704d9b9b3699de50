cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize abs(x);
    }
}

fn main() {}

cvxlayers::cvx! {
    #[strict]
    problem P(n) {
        var x: [n];
        minimize norm1(x);
    }
}

fn main() {}

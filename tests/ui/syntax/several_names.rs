cvxlayers::cvx! {
    problem P(n) {
        var x, y: [n] nonneg;
        let mut z = x - y;
        minimize norm1(z);
    }
}

fn main() {}

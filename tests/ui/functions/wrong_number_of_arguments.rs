cvxlayers::cvx! {
    fn f(y, z) = y + z;

    problem P(n) {
        var x: [n];
        minimize f(sum(x));
    }
}

fn main() {}

cvxlayers::cvx! {
    fn f(z) = g(z);
    fn g(z) = f(z);

    problem P(n) {
        var x: [n];
        minimize f(sum(x));
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(n) {
        var x: [n];
        minimize sum(x .* x);
    }
}

fn main() {}

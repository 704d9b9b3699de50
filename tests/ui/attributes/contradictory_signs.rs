cvxlayers::cvx! {
    problem P(n) {
        var x: [n] nonneg nonpos;
        minimize sum(x);
    }
}

fn main() {}

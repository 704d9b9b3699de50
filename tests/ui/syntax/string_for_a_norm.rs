cvxlayers::cvx! {
    problem P(m, n) {
        var x: [m, n];
        minimize norm(x, "fro");
    }
}

fn main() {}

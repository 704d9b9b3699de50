cvxlayers::cvx! {
    problem P(n) geometrical {
        var x: [n] pos;
        minimize sum(x);
    }
}

fn main() {}

cvxlayers::cvx! {
    problem P(m, n) {
        var x: [m];
        var z: [n];
        minimize sum(z);
        subject_to { exp_cone(x, 1, z); exp_cone(x, z); }
    }
}

fn main() {}

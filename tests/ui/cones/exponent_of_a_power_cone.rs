cvxlayers::cvx! {
    problem P {
        param alpha;
        var x; var y; var z;
        maximize z;
        subject_to { pow_cone(x, y, z, alpha); pow_cone(x, y, z, 1.5); }
    }
}

fn main() {}

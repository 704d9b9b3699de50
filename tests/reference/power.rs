//! Power cones.

use cvxlayers::cvx;

use super::check;

cvx! {
    problem ConeVector {
        param c: [3];
        param B: nonneg;
        var x: [3];
        var y: [3];
        var z: [3];
        maximize c.T * z - 0.05 * sum_squares(z);
        subject_to {
            c0_0: pow_cone(x[0], y[0], z[0], 0.2);
            c0_1: pow_cone(x[1], y[1], z[1], 0.5);
            c0_2: pow_cone(x[2], y[2], z[2], 0.7);
            c1: sum(x) <= B;
            c2: y <= 1;
        }
    }

    problem ExplicitCone {
        param a: nonneg;
        param b: nonneg;
        var x;
        var y;
        var z;
        minimize a * x + b * y - z + 0.1 * square(z);
        subject_to { c0: pow_cone(x, y, z, 0.3); c1: x + y <= 4; }
    }

    /// `x^-0.6 <= t` where `1 <= t^(1 / 1.6) x^(0.6 / 1.6)`.
    problem NegativePower(n) {
        param w: [n] nonneg;
        param c: [n] nonneg;
        var x: [n];
        var t: [n];
        minimize w.T * t + c.T * x;
        subject_to { c0: sum(x) <= 3; pow_cone(t, x, 1, 0.625); }
    }

    /// `‖v‖ <= t` in the 2.5-norm where `|v| <= r^(1 / 2.5) t^(1.5 / 2.5)` and `sum(r) == t`.
    problem Pnorm(m, n) {
        param A: [m, n];
        param b: [m];
        var x: [n];
        var r: [m];
        var t;
        minimize t + 0.1 * sum_squares(x);
        subject_to { pow_cone(r, t, A * x - b, 0.4); sum(r) == t; }
    }
}

cases! {
    pow_cone_vector: ConeVector::new();
    pow_explicit_cone: ExplicitCone::new();
    pow_negative_power_exact: NegativePower::new(NegativePowerDims { n: 2 });
    pow_pnorm_exact: Pnorm::new(PnormDims { m: 4, n: 2 });
}

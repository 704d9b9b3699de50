//! Second-order cones.

use cvxlayers::cvx;

use super::check;

cvx! {
    problem GroupLasso(m) {
        param A: [m, 6];
        param b: [m];
        param lam: nonneg;
        var x: [6];
        minimize 0.5 * sum_squares(A * x - b) + lam * (norm2(x[0..2]) + norm2(x[2..4]) + norm2(x[4..]));
    }

    problem HarmonicMean(n) {
        param p: [n] nonneg;
        var x: [n];
        maximize harmonic_mean(x);
        subject_to { c0: p.T * x <= 2; }
    }

    problem InvPos(n) {
        param c: [n] nonneg;
        param w: [n] nonneg;
        var x: [n];
        minimize w.T * inv_pos(x) + c.T * x;
        subject_to { c0: x[0] + x[1] <= 1.1; }
    }

    problem LinearOverBall(n) {
        param c: [n];
        param r: nonneg;
        var x: [n];
        minimize dot(c, x);
        subject_to { c0: norm2(x) <= r; c1: x[0] >= 0.1; }
    }

    problem MixedNorm(m, n) {
        param M: [m, n];
        param lam: nonneg;
        var X: [m, n];
        minimize 0.5 * sum_squares(X - M) + lam * mixed_norm(X, 2, 1);
    }

    problem Norm2Regularized(m, n) {
        param A: [m, n];
        param b: [m];
        param lam: nonneg;
        var x: [n];
        minimize norm2(A * x - b) + lam * norm2(x);
    }

    problem NormOfHstack(m, n) {
        param b: [m];
        param d: [n];
        var x: [m];
        var y: [n];
        minimize norm2(vstack(x - b, 2 * (y - d))) + 0.1 * sum_squares(x);
        subject_to { c0: sum(x) + sum(y) >= 5; }
    }

    /// `x³ᐟ² <= t` where `x <= t²ᐟ³ 1¹ᐟ³`.
    problem PowerThreeHalves(n) {
        param A: [n, n];
        param b: [n];
        var x: [n] nonneg;
        var t: [n];
        minimize sum(t) + sum_squares(A * x - b);
        subject_to { pow_cone(1, t, x, 0.3333333333333333); }
    }

    problem RobustLp {
        param c: [3];
        param a1: [3];
        param a2: [3];
        param b: [2];
        var x: [3];
        let P1 = [[0.5, 0.1, 0], [0, 0.3, 0.2]];
        let P2 = [[0.2, 0, 0.4], [0.1, 0.3, 0]];
        minimize c.T * x + 0.1 * sum_squares(x);
        subject_to {
            c0: a1.T * x + norm2(P1 * x) <= b[0];
            c1: a2.T * x + norm2(P2 * x) <= b[1];
            c2: norm2(x) <= 3;
        }
    }

    problem RowNorms(m, n) {
        param M: [m, n];
        param r: [m] nonneg;
        var X: [m, n];
        minimize sum_squares(X - M);
        subject_to { c0: norm(X, 2, axis = 1) <= r; }
    }
}

cases! {
    soc_group_lasso: GroupLasso::new(GroupLassoDims { m: 7 });
    soc_harmonic_mean: HarmonicMean::new(HarmonicMeanDims { n: 3 });
    soc_inv_pos: InvPos::new(InvPosDims { n: 3 });
    soc_linear_over_ball: LinearOverBall::new(LinearOverBallDims { n: 4 });
    soc_mixed_norm: MixedNorm::new(MixedNormDims { m: 3, n: 2 });
    soc_norm2_regularized: Norm2Regularized::new(Norm2RegularizedDims { m: 5, n: 3 });
    soc_norm_of_hstack_dual: NormOfHstack::new(NormOfHstackDims { m: 3, n: 2 });
    soc_power_three_halves: PowerThreeHalves::new(PowerThreeHalvesDims { n: 3 });
    soc_robust_lp: RobustLp::new();
    soc_row_norms_axis: RowNorms::new(RowNormsDims { m: 3, n: 2 });
}

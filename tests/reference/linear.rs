//! Linear programs.

use cvxlayers::cvx;

use super::check;

cvx! {
    problem InventoryCumsum(n) {
        param price: [n] nonneg;
        param demand: [n];
        param cap: nonneg;
        var u: [n] nonneg;
        minimize price.T * u;
        subject_to { c0: cumsum(u) >= cumsum(demand); c1: u <= cap; }
    }

    problem MaxAffine(m, n) {
        param A: [m, n];
        param b: [m];
        var x: [n];
        minimize max(A * x + b);
        subject_to { c0: abs(x) <= 1; }
    }

    problem NormInfFit(m, n) {
        param A: [m, n];
        param b: [m];
        var x: [n];
        minimize norm_inf(A * x - b);
    }

    problem QuantileRegression(m, n) {
        param A: [m, n];
        param b: [m];
        var x: [n];
        let r = b - A * x;
        minimize 0.7 * sum(pos(r)) + 0.3 * sum(neg(r));
    }

    problem StandardForm(m, n) {
        param c: [n];
        param A: [m, n];
        param b: [m];
        var x: [n] nonneg;
        minimize c.T * x;
        subject_to { c0: A * x == b; }
    }
}

cases! {
    lp_inventory_cumsum: InventoryCumsum::new(InventoryCumsumDims { n: 5 });
    lp_max_affine: MaxAffine::new(MaxAffineDims { m: 6, n: 3 });
    lp_norm_inf_fit: NormInfFit::new(NormInfFitDims { m: 7, n: 3 });
    lp_quantile_regression: QuantileRegression::new(QuantileRegressionDims { m: 9, n: 2 });
    lp_standard_form: StandardForm::new(StandardFormDims { m: 3, n: 6 });
}

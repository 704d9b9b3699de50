//! Regression.

use cvxlayers::nalgebra::{DMatrix, DVector};
use cvxlayers::{OfDims, cvx};

use super::{Case, Draw};

cvx! {
    pub problem Lasso(m, n) {
        param a: [m, n];
        param b: [m];
        param lambda: nonneg;
        var x: [n];
        minimize sum_squares(a * x - b) + lambda * norm1(x);
    }

    /// `x` are the features, each row times minus its label, `y` minus the labels.
    pub problem ElasticNet(N, n) {
        param x: [N, n];
        param y: [N];
        param l1: nonneg;
        param l2: nonneg;
        var beta: [n];
        var offset;
        minimize sum(logistic(x * beta + y * offset)) / N + l1 * norm1(beta) + l2 * sum_squares(beta);
    }

    pub problem Logistic(N, n) {
        param x: [N, n];
        param lambda: nonneg;
        var beta: [n];
        minimize sum(logistic(x * beta)) / N + lambda * sum_squares(beta);
    }

    pub problem RobustLs(m, n) {
        param a: [m, n];
        param b: [m];
        param rho: nonneg;
        var x: [n];
        minimize norm2(a * x - b) + rho * norm2(x);
    }
}

pub fn lasso(m: usize, n: usize) -> Case<LassoFamily, OfDims> {
    let point = move |draw: &mut Draw| {
        let a = draw.matrix(m, n);
        let truth = DVector::from_fn(n, |_, _| if draw.uniform() < 0.3 { draw.normal() } else { 0.0 });
        let b = &a * truth + 0.3 * draw.vector(m);
        let lambda = 0.4 * a.tr_mul(&b).amax();
        LassoParams { a, b, lambda }
    };
    let make = move || Lasso::new(LassoDims { m, n }).expect("the dimensions are positive");
    Case::new("lasso", [("m", m), ("n", n)], make, point)
}

/// Features times minus their labels, and minus the labels.
fn labelled(draw: &mut Draw, rows: usize, columns: usize) -> (DMatrix<f64>, DVector<f64>) {
    let mut x = draw.matrix(rows, columns);
    let y = -(&x * draw.vector(columns) + draw.vector(rows)).map(f64::signum);
    for (mut row, label) in x.row_iter_mut().zip(&y) {
        row *= *label;
    }
    (x, y)
}

pub fn elastic_net(rows: usize, n: usize) -> Case<ElasticNetFamily, OfDims> {
    let point = move |draw: &mut Draw| {
        let (x, y) = labelled(draw, rows, n);
        ElasticNetParams {
            x,
            y,
            l1: 0.01 + 0.01 * draw.uniform(),
            l2: 0.05 + 0.05 * draw.uniform(),
        }
    };
    let make = move || ElasticNet::new(ElasticNetDims { N: rows, n }).expect("the dimensions are positive");
    Case::new("elastic_net", [("N", rows), ("n", n)], make, point)
}

pub fn logistic(rows: usize, n: usize) -> Case<LogisticFamily, OfDims> {
    let point = move |draw: &mut Draw| LogisticParams {
        x: labelled(draw, rows, n).0,
        lambda: 0.05 + 0.05 * draw.uniform(),
    };
    let make = move || Logistic::new(LogisticDims { N: rows, n }).expect("the dimensions are positive");
    Case::new("logistic", [("N", rows), ("n", n)], make, point)
}

pub fn robust_ls(m: usize, n: usize) -> Case<RobustLsFamily, OfDims> {
    let point = move |draw: &mut Draw| RobustLsParams {
        a: draw.matrix(m, n),
        b: draw.vector(m),
        rho: 0.5 + 0.5 * draw.uniform(),
    };
    let make = move || RobustLs::new(RobustLsDims { m, n }).expect("the dimensions are positive");
    Case::new("robust_ls", [("m", m), ("n", n)], make, point)
}

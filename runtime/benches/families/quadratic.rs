//! Quadratic programs.

use cvxlayers::nalgebra::{DMatrix, DVector};
use cvxlayers::sprs::{CsMat, TriMat};
use cvxlayers::{OfDims, OfDimsAndData, cvx};

use super::{Case, Draw};

cvx! {
    pub problem DenseQp(n, m) {
        param p: [n, n] psd;
        param q: [n];
        param g: [m, n];
        param h: [m];
        var x: [n];
        minimize 0.5 * quad_form(x, p) + dot(q, x);
        subject_to { g * x <= h; }
    }

    pub problem SparseQp(n, m) {
        data d: [n];
        param q: [n];
        param a: [m, n] sparse;
        param h: [m];
        var x: [n];
        minimize 0.5 * sum_squares(multiply(d, x)) + dot(q, x);
        subject_to { a * x <= h; }
    }

    pub problem Portfolio(n, k) {
        param mu: [n];
        param f: [k, n];
        param d: [n];
        var w: [n] nonneg;
        minimize sum_squares(f * w) + sum_squares(multiply(d, w)) - dot(mu, w);
        subject_to { sum(w) == 1; }
    }
}

pub fn dense_qp(n: usize, m: usize) -> Case<DenseQpFamily, OfDims> {
    let point = move |draw: &mut Draw| {
        let scale = 1.0 / (n as f64).sqrt();
        let root = scale * draw.matrix(n, n);
        let g = scale * draw.matrix(m, n);
        let h = &g * draw.vector(n) + draw.slack(m);
        DenseQpParams {
            p: root.tr_mul(&root) + 0.1 * DMatrix::identity(n, n),
            q: draw.vector(n),
            g,
            h,
        }
    };
    let make = move || DenseQp::new(DenseQpDims { n, m }).expect("the dimensions are positive");
    Case::new("dense_qp", [("n", n), ("m", m)], make, point)
}

pub fn sparse_qp(n: usize, m: usize, per_row: usize) -> Case<SparseQpFamily, OfDimsAndData> {
    let mut draw = Draw::new(3);
    let mut pattern = TriMat::new((m, n));
    for row in 0..m {
        for column in draw.choice(n, per_row) {
            pattern.add_triplet(row, column, 1.0);
        }
    }
    let pattern: CsMat<f64> = pattern.to_csr();
    let data = SparseQpData {
        d: DVector::from_fn(n, |_, _| (0.5 + draw.uniform()).sqrt()),
        a: pattern.clone(),
    };
    let point = move |draw: &mut Draw| {
        let a = pattern.map(|_| draw.normal());
        let center = draw.vector(n);
        let mut h = draw.slack(m);
        for (value, (row, column)) in &a {
            h[row] += value * center[column];
        }
        SparseQpParams {
            q: draw.vector(n),
            a,
            h,
        }
    };
    let make = move || SparseQp::new(SparseQpDims { n, m }, data.clone()).expect("the data are in shape");
    Case::new("sparse_qp", [("n", n), ("m", m), ("per_row", per_row)], make, point)
}

/// Markowitz's, with a model of `k` factors and no short positions; the aversion to risk is in `f` and `d`.
pub fn portfolio(n: usize, k: usize) -> Case<PortfolioFamily, OfDims> {
    let point = move |draw: &mut Draw| PortfolioParams {
        mu: 0.03 * draw.vector(n).add_scalar(5.0 / 3.0),
        f: 0.3 * draw.matrix(k, n),
        d: DVector::from_fn(n, |_, _| 0.2 + 0.3 * draw.uniform()),
    };
    let make = move || Portfolio::new(PortfolioDims { n, k }).expect("the dimensions are positive");
    Case::new("portfolio", [("n", n), ("k", k)], make, point)
}

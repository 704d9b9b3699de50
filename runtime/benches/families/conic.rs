//! Programs over other cones.

use cvxlayers::nalgebra::DVector;
use cvxlayers::{OfDims, OfDimsAndData, cvx};

use super::{Case, Draw};

cvx! {
    pub problem RobustLp(n, m) {
        /// Five rows a constraint.
        data p: [5 * m, n];
        param c: [n];
        param a: [m, n];
        param b: [m];
        param radius: nonneg;
        var x: [n];
        minimize dot(c, x) + 0.05 * sum_squares(x);
        subject_to {
            for i in 0..m { a[i, ..] * x + norm2(p[5 * i..5 * i + 5, ..] * x) <= b[i]; }
            norm2(x) <= radius;
        }
    }

    pub problem Entropy(n, m) {
        param a: [m, n];
        param b: [m];
        var x: [n];
        maximize sum(entr(x));
        subject_to { a * x == b; }
    }

    pub problem NearestCorrelation(n) {
        param c: [n, n];
        var x: [n, n] psd;
        minimize sum_squares(x - c);
        subject_to { diag(x) == 1; }
    }
}

pub fn robust_lp(n: usize, m: usize) -> Case<RobustLpFamily, OfDimsAndData> {
    let data = RobustLpData {
        p: 0.3 * Draw::new(3).matrix(5 * m, n),
    };
    let point = move |draw: &mut Draw| RobustLpParams {
        c: draw.vector(n),
        a: draw.matrix(m, n),
        b: DVector::from_fn(m, |_, _| 0.2 + draw.uniform()),
        radius: 2.0 + draw.uniform(),
    };
    let make = move || RobustLp::new(RobustLpDims { n, m }, data.clone()).expect("the data are in shape");
    Case::new("robust_lp", [("n", n), ("m", m)], make, point)
}

pub fn entropy(n: usize, m: usize) -> Case<EntropyFamily, OfDims> {
    let point = move |draw: &mut Draw| {
        let a = draw.matrix(m, n);
        let b = &a * DVector::from_fn(n, |_, _| 0.2 + draw.uniform());
        EntropyParams { a, b }
    };
    let make = move || Entropy::new(EntropyDims { n, m }).expect("the dimensions are positive");
    Case::new("entropy", [("n", n), ("m", m)], make, point)
}

pub fn nearest_correlation(n: usize) -> Case<NearestCorrelationFamily, OfDims> {
    let point = move |draw: &mut Draw| {
        let square = draw.matrix(n, n);
        let mut c = 0.5 * (&square + square.transpose());
        c.fill_diagonal(1.0);
        NearestCorrelationParams { c }
    };
    let make = move || NearestCorrelation::new(NearestCorrelationDims { n }).expect("the dimension is positive");
    Case::new("nearest_correlation", [("n", n)], make, point)
}

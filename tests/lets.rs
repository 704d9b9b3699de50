//! The values of affine `let`s at a solution, and their derivatives.
#![allow(missing_docs)]

use cvxlayers::nalgebra::{DMatrix, DVector, SMatrix, SVector};
use cvxlayers::sprs::TriMat;
use cvxlayers::{Cotangent, Error, cvx};
use cvxlayers_tests::{assert_close, check_derivatives, randomize, tight};
use rand::SeedableRng;
use rand::rngs::StdRng;

cvx! {
    problem Portfolio(n, k) {
        param mu: [n];
        param factors: [n, k];
        param idio: [n] nonneg;
        param gamma: nonneg;
        var w: [n];
        let exposure = factors.T * w;
        let scaled = sqrt(gamma) * exposure - mu[0];
        let spread = sum_squares(scaled);
        let total = sum(w);
        let scale = exp(gamma);
        maximize mu.T * w - spread - gamma * sum_squares(multiply(idio, w)) / scale;
        subject_to { budget: total == 1; w >= -1; }
    }

    problem Matrices {
        const N: usize = 3;
        param p: [N, N] symmetric;
        param d: [N, N] diagonal;
        data c: [2, N];
        var x: [N, N] symmetric;
        var y: [N, N] diagonal;
        let product = c * x * p + 1;
        let corner = (x + d * y)[0, 1..];
        let turned = sum(t in 0..N, t * x[t, ..]).T + diag(y);
        minimize sum_squares(x - p) + sum_squares(y - d) + 0.1 * sum_squares(product) + norm1(corner)
            + sum_squares(turned) + norm2(p * turned);
    }

    problem Sparse(m, n) {
        param a: [m, n] sparse;
        param b: [m];
        var x: [n];
        let residual = a * x - b;
        minimize sum_squares(residual) + 0.1 * sum_squares(x);
        subject_to { limit: norm_inf(x) <= 0.4; }
    }
}

#[test]
fn values_and_derivatives_with_run_time_dimensions() -> Result<(), Error> {
    let (n, k) = (5, 2);
    let mut rng = StdRng::seed_from_u64(4);
    let mut problem = Portfolio::new(PortfolioDims { n, k })?.with_settings(tight());
    let mut params = problem.zero_params();
    randomize(&mut params, &[], &mut rng);
    (params.gamma, params.idio) = (0.7, DVector::from_element(n, 0.6));
    let solution = problem.solve(&params)?;
    let exposure = params.factors.transpose() * &solution.vars.w;
    assert_close(
        "exposure",
        solution.lets.exposure.as_slice(),
        exposure.as_slice(),
        1e-14,
    );
    let scaled = exposure * params.gamma.sqrt();
    let scaled: Vec<f64> = scaled.iter().map(|entry| entry - params.mu[0]).collect();
    assert_close("scaled", solution.lets.scaled.as_slice(), &scaled, 1e-14);
    assert_close("total", &[solution.lets.total], &[1.0], 1e-12);

    // A loss of them needs no cotangent of the variables.
    let cotangent = PortfolioLets {
        exposure: DVector::from_element(k, 1.0),
        ..problem.zero_lets()
    };
    let gradient = solution.vjp(&cotangent)?;
    let same = PortfolioVars {
        w: params.factors.clone() * DVector::from_element(k, 1.0),
    };
    let mut expected = solution.vjp(Cotangent::vars(&same))?;
    expected.factors += &solution.vars.w * DMatrix::from_element(1, k, 1.0);
    let difference = gradient - expected;
    assert!(difference.dot(&difference) < 1e-20, "{difference:?}");
    check_derivatives(&mut problem, &params, |_| {}, 1e-6)
}

#[test]
fn values_and_derivatives_of_symmetric_and_diagonal_matrices() -> Result<(), Error> {
    let c = SMatrix::from_fn(|i, j| ((i * 3 + j) as f64).sin());
    let mut problem = Matrices::new(MatricesData { c })?.with_settings(tight());
    let params = MatricesParams {
        p: SMatrix::from_fn(|i, j| ((i * j + i + j) as f64).cos()),
        d: SMatrix::from_diagonal(&SVector::from([0.5, -1.0, 2.0])),
    };
    let solution = problem.solve(&params)?;
    let (x, y) = (solution.vars.x, solution.vars.y);
    let product = (c * x * params.p).add_scalar(1.0);
    assert_close("product", solution.lets.product.as_slice(), product.as_slice(), 1e-14);
    let corner = (x + params.d * y).fixed_view::<1, 2>(0, 1).into_owned();
    assert_close("corner", solution.lets.corner.as_slice(), corner.as_slice(), 1e-14);
    let turned = (x.row(1) + x.row(2) * 2.0).transpose() + y.diagonal();
    assert_close("turned", solution.lets.turned.as_slice(), turned.as_slice(), 1e-14);
    check_derivatives(&mut problem, &params, |_| {}, 1e-6)
}

#[test]
fn values_and_derivatives_with_a_sparse_parameter() -> Result<(), Error> {
    let (m, n) = (4, 3);
    let mut a = TriMat::new((m, n));
    for (row, col, value) in [(0, 0, 1.0), (1, 1, -2.0), (2, 0, 0.5), (3, 2, 1.5), (3, 0, -1.0)] {
        a.add_triplet(row, col, value);
    }
    let a = a.to_csc();
    let mut problem = Sparse::new(SparseDims { m, n }, SparseData { a: a.clone() })?.with_settings(tight());
    let params = SparseParams {
        a,
        b: DVector::from_vec(vec![1.0, 0.4, -0.3, 0.2]),
    };
    let solution = problem.solve(&params)?;
    let mut residual = -params.b.clone();
    for (value, (row, col)) in &params.a {
        residual[row] += value * solution.vars.x[col];
    }
    assert_close(
        "residual",
        solution.lets.residual.as_slice(),
        residual.as_slice(),
        1e-14,
    );
    check_derivatives(&mut problem, &params, |_| {}, 1e-6)
}

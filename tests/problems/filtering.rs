//! Kalman smoothing with missing measurements.

use cvxlayers::{Error, cvx};
use cvxlayers_tests::{assert_close, check_derivatives, random_matrix, tight};
use nalgebra::{DMatrix, DVector, dmatrix};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

cvx! {
    problem Smoother(n, m, p, T) {
        param a: [n, n];
        param b: [n, m];
        param c: [p, n];
        param y: [p, T];
        /// Zero where there is no measurement.
        param weight: [T] nonneg;
        param stiffness: nonneg;
        var x: [n, T];
        var w: [m, T - 1];
        minimize sum(t in 0..T, weight[t] * sum_squares(c * x[.., t] - y[.., t])) + stiffness * sum_squares(w);
        subject_to { for t in 0..T - 1 { x[.., t + 1] == a * x[.., t] + b * w[.., t]; } }
    }
}

/// The states by the normal equations in the first state and the noise.
fn normal_equations(params: &SmootherParams) -> DMatrix<f64> {
    let SmootherParams {
        a,
        b,
        c,
        y,
        weight,
        stiffness,
    } = params;
    let ((n, m), steps) = (b.shape(), y.ncols());
    let size = n + m * (steps - 1);
    // x_t = map z
    let mut map = DMatrix::zeros(n, size);
    map.columns_mut(0, n).fill_with_identity();
    let mut maps = vec![map];
    for t in 1..steps {
        let mut map = a * &maps[t - 1];
        map.columns_mut(n + m * (t - 1), m).copy_from(b);
        maps.push(map);
    }
    let mut gram = DMatrix::from_fn(size, size, |i, j| if i == j && i >= n { *stiffness } else { 0.0 });
    let mut right = DVector::zeros(size);
    for t in 0..steps {
        let seen = c * &maps[t];
        gram += seen.tr_mul(&seen) * weight[t];
        right += seen.tr_mul(&y.column(t)) * weight[t];
    }
    let z = gram.cholesky().expect("definite").solve(&right);
    DMatrix::from_columns(&maps.iter().map(|map| map * &z).collect::<Vec<_>>())
}

#[test]
fn smoothing_solves_the_normal_equations() -> Result<(), Error> {
    let steps = 30;
    let mut rng = StdRng::seed_from_u64(8);
    let missing = |t: usize| t % 5 == 2 || (12..18).contains(&t);
    let params = SmootherParams {
        a: dmatrix![1.0, 0.0, 0.2, 0.0; 0.0, 1.0, 0.0, 0.2; 0.0, 0.0, 0.95, 0.0; 0.0, 0.0, 0.0, 0.95],
        b: dmatrix![0.02, 0.0; 0.0, 0.02; 0.2, 0.0; 0.0, 0.2],
        c: dmatrix![1.0, 0.0, 0.0, 0.0; 0.0, 1.0, 0.0, 0.0],
        y: random_matrix(2, steps, &mut rng),
        weight: DVector::from_fn(steps, |t, _| if missing(t) { 0.0 } else { rng.random_range(0.5..2.0) }),
        stiffness: 0.3,
    };
    let dims = SmootherDims {
        n: 4,
        m: 2,
        p: 2,
        T: steps,
    };
    let mut problem = Smoother::new(dims)?.with_settings(tight());
    let solution = problem.solve(&params)?;
    let expected = normal_equations(&params);
    assert_close("x", solution.vars.x.as_slice(), expected.as_slice(), 1e-8);

    // What is missing does not matter.
    let gradient = solution.vjp(&solution.vars)?;
    for t in 0..steps {
        assert_eq!(gradient.y.column(t).amax() < 1e-12, missing(t), "{t}");
    }
    // A weight may leave zero in one direction only: the one-sided quotient of second order.
    let lost = 14;
    let mut value = |weight| -> Result<f64, Error> {
        let mut params = params.clone();
        params.weight[lost] = weight;
        let vars = problem.solve(&params)?.vars;
        Ok(vars.dot(&vars) / 2.0)
    };
    let step = 1e-5;
    let slope = (4.0 * value(step)? - value(2.0 * step)? - 3.0 * value(0.0)?) / (2.0 * step);
    assert!(slope.abs() > 1e-3);
    assert_close("missing weight", &[gradient.weight[lost]], &[slope], 1e-5);

    let keep_missing = |direction: &mut SmootherParams| {
        for t in (0..steps).filter(|&t| missing(t)) {
            direction.weight[t] = 0.0;
        }
    };
    check_derivatives(&mut problem, &params, keep_missing, 1e-5)
}

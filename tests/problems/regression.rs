//! Regression under constraints of shape.

use cvxlayers::{Error, cvx};
use cvxlayers_tests::{assert_close, check_derivatives, tight};
use nalgebra::DVector;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

cvx! {
    problem Isotonic(n) {
        param y: [n];
        param weight: [n] nonneg;
        var x: [n];
        minimize dot(weight, square(x - y));
        subject_to { order: x[..n - 1] <= x[1..]; }
    }

    problem Convex(n) {
        param y: [n];
        var x: [n];
        minimize sum_squares(x - y);
        subject_to { curvature: x[2..] - 2 * x[1..n - 1] + x[..n - 2] >= 0; }
    }
}

/// Isotonic regression by merging neighbours that are out of order.
fn pool_adjacent_violators(y: &[f64], weight: &[f64]) -> Vec<f64> {
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for (&value, &weight) in y.iter().zip(weight) {
        let mut pool = (value, weight, 1);
        while let Some(&(mean, mass, count)) = pools.last()
            && mean > pool.0
        {
            let total = mass + pool.1;
            pool = ((mean * mass + pool.0 * pool.1) / total, total, count + pool.2);
            pools.pop();
        }
        pools.push(pool);
    }
    let spread = |(mean, _, count)| std::iter::repeat_n(mean, count);
    pools.into_iter().flat_map(spread).collect()
}

#[test]
fn isotonic_regression_pools_adjacent_violators() -> Result<(), Error> {
    for n in [2, 10, 60] {
        let mut rng = StdRng::seed_from_u64(n as u64);
        let params = IsotonicParams {
            y: DVector::from_fn(n, |i, _| 3.0 * i as f64 / n as f64 + rng.random_range(-1.0..1.0)),
            weight: DVector::from_fn(n, |_, _| rng.random_range(0.5..2.0)),
        };
        let mut problem = Isotonic::new(IsotonicDims { n })?.with_settings(tight());
        let solution = problem.solve(&params)?;
        let expected = pool_adjacent_violators(params.y.as_slice(), params.weight.as_slice());
        assert_close("x", solution.vars.x.as_slice(), &expected, 1e-8);
        check_derivatives(&mut problem, &params, |_| {}, 1e-5)?;
    }
    Ok(())
}

#[test]
fn convex_regression() -> Result<(), Error> {
    let n = 40;
    let mut rng = StdRng::seed_from_u64(3);
    let sample = |i: usize| (i as f64 / n as f64 - 0.4).abs() * 3.0;
    let params = ConvexParams {
        y: DVector::from_fn(n, |i, _| sample(i) + rng.random_range(-0.2..0.2)),
    };
    let mut problem = Convex::new(ConvexDims { n })?.with_settings(tight());
    let solution = problem.solve(&params)?;
    let (x, price) = (&solution.vars.x, &solution.duals.curvature);
    let mut gradient = (x - &params.y) * 2.0;
    for i in 0..n - 2 {
        let curvature = x[i + 2] - 2.0 * x[i + 1] + x[i];
        assert!(curvature > -1e-9 && price[i] > -1e-8);
        assert!((curvature * price[i]).abs() < 1e-8);
        gradient[i] -= price[i];
        gradient[i + 1] += 2.0 * price[i];
        gradient[i + 2] -= price[i];
    }
    assert!(gradient.amax() < 1e-8, "{gradient}");
    check_derivatives(&mut problem, &params, |_| {}, 1e-5)
}

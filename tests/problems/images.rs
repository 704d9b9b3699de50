//! Denoising by total variation.

use cvxlayers::{Error, cvx};
use cvxlayers_tests::{assert_close, check_derivatives, tight};
use nalgebra::DMatrix;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

cvx! {
    problem Denoise(m, n) {
        param y: [m, n];
        param lambda: nonneg;
        var x: [m, n];
        minimize sum_squares(x - y) / 2
            + lambda * (norm1(x[1.., ..] - x[..m - 1, ..]) + norm1(x[.., 1..] - x[.., ..n - 1]));
    }

    /// The same with names for the differences.
    problem Differences(m, n) {
        param y: [m, n];
        param lambda: nonneg;
        var x: [m, n];
        var down: [m - 1, n];
        var right: [m, n - 1];
        minimize sum_squares(x - y) / 2 + lambda * (norm1(down) + norm1(right));
        subject_to {
            vertical: down == x[1.., ..] - x[..m - 1, ..];
            horizontal: right == x[.., 1..] - x[.., ..n - 1];
        }
    }
}

/// A disk and a bar, and noise.
fn image(m: usize, n: usize) -> DMatrix<f64> {
    let mut rng = StdRng::seed_from_u64(2);
    DMatrix::from_fn(m, n, |i, j| {
        let (u, v) = (i as f64 / m as f64 - 0.5, j as f64 / n as f64 - 0.5);
        let level = f64::from(u * u + v * v < 0.1) + 0.5 * f64::from(v > 0.3);
        level + rng.random_range(-0.2..0.2)
    })
}

fn variation(x: &DMatrix<f64>) -> f64 {
    let (m, n) = x.shape();
    let down = x.rows(1, m - 1) - x.rows(0, m - 1);
    let right = x.columns(1, n - 1) - x.columns(0, n - 1);
    down.abs().sum() + right.abs().sum()
}

#[test]
fn the_duals_of_the_differences_prove_the_image() -> Result<(), Error> {
    let (m, n) = (64, 64);
    let (y, lambda) = (image(m, n), 0.15);
    let mut problem = Denoise::new(DenoiseDims { m, n })?;
    let solution = problem.solve(&DenoiseParams { y: y.clone(), lambda })?;
    let x = &solution.vars.x;
    let primal = (x - &y).norm_squared() / 2.0 + lambda * variation(x);
    assert_close("objective", &[solution.objective], &[primal], 1e-7);

    let mut problem = Differences::new(DifferencesDims { m, n })?;
    let other = problem.solve(&DifferencesParams { y: y.clone(), lambda })?;
    assert_close("x", x.as_slice(), other.vars.x.as_slice(), 1e-4);
    // Clamped the duals are feasible for the dual problem, max ‖y‖² / 2 − ‖y + Dᵀp‖² / 2.
    let vertical = other.duals.vertical.map(|p| p.clamp(-lambda, lambda));
    let horizontal = other.duals.horizontal.map(|p| p.clamp(-lambda, lambda));
    let mut divergence = DMatrix::zeros(m, n);
    let mut add = |row, column, p: &DMatrix<f64>, sign: f64| {
        let mut part = divergence.view_mut((row, column), p.shape());
        part += p * sign;
    };
    add(1, 0, &vertical, 1.0);
    add(0, 0, &vertical, -1.0);
    add(0, 1, &horizontal, 1.0);
    add(0, 0, &horizontal, -1.0);
    // The Lagrangian has `p (down − D x)`, so that x = y + Dᵀp.
    assert_close("x", x.as_slice(), (&y + &divergence).as_slice(), 1e-4);
    let dual = (y.norm_squared() - (&y + &divergence).norm_squared()) / 2.0;
    assert!(primal >= dual - 1e-9);
    assert_close("gap", &[primal], &[dual], 1e-7);
    Ok(())
}

/// Where a square of pixels is flat the duals are not unique, but the image is, and has a derivative.
#[test]
fn images_are_differentiable() -> Result<(), Error> {
    for (m, n) in [(8, 7), (16, 16)] {
        let params = DenoiseParams {
            y: image(m, n),
            lambda: 0.15,
        };
        let mut problem = Denoise::new(DenoiseDims { m, n })?.with_settings(tight());
        let x = problem.solve(&params)?.vars.x;
        let flat = (1..m).flat_map(|i| (1..n).map(move |j| (i, j))).filter(|&(i, j)| {
            let square = x.view((i - 1, j - 1), (2, 2));
            square.max() - square.min() < 1e-8
        });
        assert!(flat.count() > 4);
        check_derivatives(&mut problem, &params, |_| {}, 1e-5)?;
    }
    Ok(())
}

//! Best approximation in the maximum norm.

use std::f64::consts::PI;

use cvxlayers::{Error, cvx};
use cvxlayers_tests::{assert_close, check_derivatives, tight};
use nalgebra::{DMatrix, DVector};

cvx! {
    problem Minimax(m, n) {
        param powers: [m, n];
        param values: [m];
        var c: [n];
        minimize norm_inf(powers * c - values);
    }
}

/// The coefficients of the Chebyshev polynomial of a degree, lowest first.
fn chebyshev(degree: usize) -> Vec<f64> {
    let (mut before, mut last) = (vec![1.0], vec![0.0, 1.0]);
    for _ in 1..degree {
        let mut next = vec![0.0; last.len() + 1];
        for (power, x) in last.iter().enumerate() {
            next[power + 1] = 2.0 * x;
        }
        for (power, x) in before.iter().enumerate() {
            next[power] -= x;
        }
        (before, last) = (last, next);
    }
    last
}

/// `xⁿ⁺¹` less its best approximation of degree `n` is `Tₙ₊₁ / 2ⁿ`, on any grid that has its extrema.
#[test]
fn the_best_polynomial_equioscillates() -> Result<(), Error> {
    for degree in [2, 5, 8] {
        let per_extremum = 12;
        let m = per_extremum * (degree + 1) + 1;
        let grid = DVector::from_fn(m, |i, _| (PI * i as f64 / (m - 1) as f64).cos());
        let params = MinimaxParams {
            powers: DMatrix::from_fn(m, degree + 1, |i, power| grid[i].powi(power as i32)),
            values: grid.map(|x| x.powi(degree as i32 + 1)),
        };
        let mut problem = Minimax::new(MinimaxDims { m, n: degree + 1 })?.with_settings(tight());
        let solution = problem.solve(&params)?;
        let error = 0.5_f64.powi(degree as i32);
        assert_close("error", &[solution.objective], &[error], 1e-9);
        let expected: Vec<f64> = chebyshev(degree + 1)[..=degree].iter().map(|x| -x * error).collect();
        assert_close("coefficients", solution.vars.c.as_slice(), &expected, 1e-8);
        let residual = &params.values - &params.powers * &solution.vars.c;
        for extremum in 0..degree + 2 {
            let sign = if extremum % 2 == 0 { 1.0 } else { -1.0 };
            assert_close("extremum", &[residual[per_extremum * extremum]], &[sign * error], 1e-9);
        }
        check_derivatives(&mut problem, &params, |_| {}, 1e-4)?;
    }
    Ok(())
}

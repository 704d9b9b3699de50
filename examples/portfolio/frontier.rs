//! Portfolios of all risk aversions.

use cvxlayers::nalgebra::DVector;

use crate::Study;
use crate::performance::Performance;

const LOWEST_GAMMA: f64 = 0.1;
const DECADES: u32 = 3;
const POINTS_A_DECADE: u32 = 24;

/// One portfolio of the frontier.
pub struct Point {
    pub gamma: f64,
    /// Expected return.
    pub mean: f64,
    /// Expected risk.
    pub risk: f64,
    /// How many stocks it holds.
    pub held: usize,
    /// Realized Sharpe ratios: train, validation, test.
    pub sharpe: [f64; 3],
}

/// Portfolios on a logarithmic grid of risk aversions.
pub fn trace(study: &mut Study) -> Result<Vec<Point>, cvxlayers::Error> {
    let point = |i| {
        let gamma = LOWEST_GAMMA * 10_f64.powf(f64::from(i) / f64::from(POINTS_A_DECADE));
        let w = study.allocate(gamma)?.vars.w;
        Ok(Point {
            gamma,
            mean: study.model.mu.dot(&w),
            risk: study.model.risk(&w),
            held: held(&w),
            sharpe: study.windows.all().map(|window| Performance::of(&w, window).sharpe()),
        })
    };
    (0..=DECADES * POINTS_A_DECADE).map(point).collect()
}

/// How many stocks a portfolio holds.
pub fn held(w: &DVector<f64>) -> usize {
    w.iter().filter(|&&weight| is_held(weight)).count()
}

/// Whether a weight is more than rounding.
pub fn is_held(weight: f64) -> bool {
    weight > 1e-9
}

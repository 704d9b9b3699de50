//! How a portfolio fares in a window of weekly returns.

use cvxlayers::nalgebra::DVector;

use crate::WEEKS_A_YEAR;
use crate::data::Returns;

/// Annual figures of a portfolio that is set back to its weights every week.
#[derive(Clone, Copy)]
pub struct Performance {
    pub mean: f64,
    pub risk: f64,
}

impl Performance {
    pub fn of(w: &DVector<f64>, window: &Returns) -> Self {
        let weekly = &window.values * w;
        let freedom = (weekly.len() - 1) as f64;
        let mean = weekly.mean();
        let variance = weekly.add_scalar(-mean).norm_squared() / freedom;
        Self {
            mean: WEEKS_A_YEAR * mean,
            risk: (WEEKS_A_YEAR * variance).sqrt(),
        }
    }

    /// The Sharpe ratio, of a riskless rate of zero.
    pub fn sharpe(self) -> f64 {
        self.mean / self.risk
    }
}

/// The gradient of the Sharpe ratio `m / σ` with respect to the weights, `∇m / σ − m ∇σ / σ²`.
pub fn sharpe_gradient(w: &DVector<f64>, window: &Returns) -> DVector<f64> {
    let Performance { mean, risk } = Performance::of(w, window);
    let weekly = &window.values * w;
    let freedom = (weekly.len() - 1) as f64;
    let deviations = weekly.add_scalar(-weekly.mean());
    let mean_gradient = window.values.row_mean().transpose() * WEEKS_A_YEAR;
    // The deviations sum to zero, so the returns need not be centred.
    let risk_gradient = window.values.tr_mul(&deviations) * (WEEKS_A_YEAR / (freedom * risk));
    (mean_gradient - risk_gradient * (mean / risk)) / risk
}

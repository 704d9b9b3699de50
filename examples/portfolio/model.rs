//! What the training window says about risk and return.

use std::error::Error;

use cvxlayers::nalgebra::{DMatrix, DVector};

use crate::WEEKS_A_YEAR;
use crate::data::Market;

/// Annual moments of the stocks: the covariance is `factors · factorsᵀ + diag(idio²)`.
pub struct Model {
    /// Expected returns, shrunk.
    pub mu: DVector<f64>,
    /// Exposures times the Cholesky factor of the factors' covariance, so that the factors are uncorrelated and of
    /// unit variance.
    pub factors: DMatrix<f64>,
    /// Standard deviation of what the factors do not explain.
    pub idio: DVector<f64>,
    /// How far the means were pulled to their common mean, between 0 and 1.
    pub shrinkage: f64,
}

impl Model {
    /// Regresses the stocks on the factors.
    pub fn fit(market: &Market) -> Result<Self, Box<dyn Error>> {
        let (stocks, factors) = (&market.stocks.values, &market.factors.values);
        let (weeks, k) = factors.shape();
        if weeks <= k + 1 {
            return Err(format!("expected more than {} weeks to fit {k} factors, found {weeks}", k + 1).into());
        }
        // Centred, the regression needs no intercept, and its normal matrix is the factors' covariance.
        let (y, x) = (centred(stocks), centred(factors));
        let per_year = WEEKS_A_YEAR / (weeks - 1) as f64;
        let covariance = (x.tr_mul(&x) * per_year)
            .cholesky()
            .ok_or("the factors are linearly dependent")?;
        let exposures = covariance.solve(&(x.tr_mul(&y) * per_year)).transpose();
        let residuals = y - x * exposures.transpose();
        let freedom = (weeks - k - 1) as f64;
        let idio = residuals
            .column_iter()
            .map(|residual| (residual.norm_squared() * WEEKS_A_YEAR / freedom).sqrt());
        let (mu, shrinkage) = shrunk_means(stocks);
        Ok(Self {
            mu,
            factors: exposures * covariance.l(),
            idio: DVector::from_iterator(stocks.ncols(), idio),
            shrinkage,
        })
    }

    /// Standard deviation of a portfolio's annual return.
    pub fn risk(&self, w: &DVector<f64>) -> f64 {
        self.factors.tr_mul(w).norm().hypot(self.idio.component_mul(w).norm())
    }

    /// The part of a portfolio's variance that the factors explain.
    pub fn systematic_share(&self, w: &DVector<f64>) -> f64 {
        self.factors.tr_mul(w).norm_squared() / self.risk(w).powi(2)
    }

    /// Standard deviation of one stock's annual return.
    pub fn stock_risk(&self, stock: usize) -> f64 {
        self.factors.row(stock).norm().hypot(self.idio[stock])
    }
}

/// Annual mean returns, pulled to their common mean, and how far.
///
/// An optimizer buys the stocks whose means were overestimated most, and a few years of data hardly tell the means
/// apart. So, after James and Stein, they are pulled together by the part of their spread that noise explains.
fn shrunk_means(returns: &DMatrix<f64>) -> (DVector<f64>, f64) {
    let (weeks, n) = returns.shape();
    let means = returns.row_mean().transpose() * WEEKS_A_YEAR;
    let noise = centred(returns).norm_squared() * WEEKS_A_YEAR.powi(2) / ((weeks - 1) * weeks * n) as f64;
    let common = means.mean();
    let spread = means.add_scalar(-common).norm_squared() / (n as f64 - 3.0);
    let shrinkage = (noise / spread).min(1.0);
    (means.map(|mean| mean + shrinkage * (common - mean)), shrinkage)
}

fn centred(columns: &DMatrix<f64>) -> DMatrix<f64> {
    let mean = columns.row_mean();
    let mut centred = columns.clone();
    for mut row in centred.row_iter_mut() {
        row -= &mean;
    }
    centred
}

//! A portfolio of twenty stocks: the Markowitz problem, its dual variables, its frontier, and what its derivatives
//! are good for. Which forecasts did the result hang on? Which risk aversion would have been best last year?
//!
//! Run it with `cargo run --release --example portfolio`.

#![allow(clippy::print_stdout, reason = "a program that reports to a person")]

mod data;
mod frontier;
mod model;
mod performance;
mod plot;
mod report;
mod table;
mod tuning;

use std::error::Error;

use cvxlayers::{Polish, Settings, cvx};

use data::{Market, Returns, Windows};
use model::Model;

cvx! {
    /// Long-only Markowitz portfolio with a factor risk model.
    problem Portfolio(n, k) {
        /// Expected returns.
        param mu: [n];
        /// Exposures to uncorrelated factors of unit variance.
        param factors: [n, k];
        /// Standard deviations of what the factors do not explain.
        param idio: [n] nonneg;
        /// Risk aversion.
        param gamma: nonneg;
        /// Parts of the capital.
        var w: [n];
        let exposure = factors.T * w;

        maximize mu.T * w - gamma * (sum_squares(exposure) + sum_squares(multiply(idio, w)));
        subject_to {
            budget: sum(w) == 1;
            long_only: w >= 0;
        }
    }
}

const WEEKS_A_YEAR: f64 = 52.0;
const START_GAMMA: f64 = 2.0;

fn main() -> Result<(), Box<dyn Error>> {
    let windows = Windows::of(&Market::read()?);
    let model = Model::fit(&windows.train)?;
    report::data(&windows, &model);

    let mut study = Study::new(windows, model)?;
    let start = study.allocate(START_GAMMA)?;
    report::portfolio(&study, &start);
    let points = report::frontier(&mut study)?;
    report::sensitivity(&mut study, &start)?;
    let path = report::tuning(&mut study)?;

    let file = plot::draw(&points, &path, &study)?;
    report::plot(&file);
    Ok(())
}

/// The problem, its parameters, and where they come from.
struct Study {
    windows: Windows,
    model: Model,
    portfolio: Portfolio,
    params: PortfolioParams,
}

impl Study {
    fn new(windows: Windows, model: Model) -> Result<Self, cvxlayers::Error> {
        let (n, k) = model.factors.shape();
        // Polished, stocks that are not held have a weight of zero to rounding, and can be counted.
        let settings = Settings::default().with_polish(Polish::Solve);
        let portfolio = Portfolio::new(PortfolioDims { n, k })?.with_settings(settings);
        let params = PortfolioParams {
            mu: model.mu.clone(),
            factors: model.factors.clone(),
            idio: model.idio.clone(),
            gamma: START_GAMMA,
        };
        Ok(Self {
            windows,
            model,
            portfolio,
            params,
        })
    }

    /// The optimal portfolio of a risk aversion.
    fn allocate(&mut self, gamma: f64) -> Result<PortfolioSolution, cvxlayers::Error> {
        self.params.gamma = gamma;
        self.portfolio.solve(&self.params)
    }
}

/// The gradient of a portfolio's Sharpe ratio in a window with respect to all that the portfolio was made from.
fn sharpe_sensitivity(solution: &PortfolioSolution, window: &Returns) -> Result<PortfolioParams, cvxlayers::Error> {
    let w = performance::sharpe_gradient(&solution.vars.w, window);
    solution.vjp(&PortfolioVars { w })
}

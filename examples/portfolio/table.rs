//! What is printed in columns.

use comfy_table::Table;
use cvxlayers::nalgebra::DVector;
use cvxlayers_examples::{aligned, table};

use crate::data::{Returns, Windows};
use crate::frontier::{self, Point, is_held};
use crate::model::Model;
use crate::performance::Performance;
use crate::{PortfolioParams, PortfolioSolution, WEEKS_A_YEAR};

/// Of so many points of the frontier, one is printed.
pub const STRIDE: usize = 6;

/// All stocks, the largest positions first, then those nearest to being bought.
pub fn positions(names: &[String], model: &Model, solution: &PortfolioSolution) -> Table {
    let (w, shortfall) = (&solution.vars.w, &solution.duals.long_only);
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by(|&i, &j| {
        let nearest = shortfall[i].total_cmp(&shortfall[j]);
        if is_held(w[i]) || is_held(w[j]) {
            w[j].total_cmp(&w[i])
        } else {
            nearest
        }
    });
    let mut table = table(&["Stock", "Expected\nreturn, %", "Risk, %", "Weight, %", "Shortfall, %"]);
    for i in order {
        let (weight, shortfall) = if is_held(w[i]) {
            (percent(w[i]), String::new())
        } else {
            (String::new(), percent(shortfall[i]))
        };
        table.add_row([
            names[i].clone(),
            percent(model.mu[i]),
            percent(model.stock_risk(i)),
            weight,
            shortfall,
        ]);
    }
    aligned(table, 1)
}

/// Every few points of the frontier.
pub fn frontier(points: &[Point]) -> Table {
    let mut table = table(&["Gamma", "Return, %", "Risk, %", "Sharpe ratio", "Stocks held"]);
    for point in points.iter().step_by(STRIDE) {
        table.add_row([
            format!("{:.2}", point.gamma),
            percent(point.mean),
            percent(point.risk),
            format!("{:.2}", point.mean / point.risk),
            point.held.to_string(),
        ]);
    }
    aligned(table, 0)
}

/// The stocks that are held, the most influential forecasts first.
pub fn sensitivities(test: &Returns, solution: &PortfolioSolution, gradient: &PortfolioParams) -> Table {
    let (w, mu) = (&solution.vars.w, &solution.params().mu);
    let realized = test.values.row_mean() * WEEKS_A_YEAR;
    let mut order: Vec<usize> = (0..w.len()).filter(|&i| is_held(w[i])).collect();
    order.sort_by(|&i, &j| gradient.mu[j].abs().total_cmp(&gradient.mu[i].abs()));
    let mut table = table(&[
        "Stock",
        "Weight, %",
        "Expected\nreturn, %",
        "Realized\nreturn, %",
        "Sharpe ratio per point\nof expected return",
    ]);
    for i in order {
        table.add_row([
            test.names[i].clone(),
            percent(w[i]),
            percent(mu[i]),
            percent(realized[i]),
            format!("{:+.3}", 0.01 * gradient.mu[i]),
        ]);
    }
    aligned(table, 1)
}

/// Realized Sharpe ratios of portfolios.
pub fn comparison(portfolios: &[(String, DVector<f64>)], windows: &Windows) -> Table {
    let mut table = table(&[
        "Portfolio",
        "Stocks\nheld",
        "Sharpe ratio\ntrain",
        "Sharpe ratio\nvalidation",
        "Sharpe ratio\ntest",
        "Return, %\ntest",
        "Risk, %\ntest",
    ]);
    for (name, w) in portfolios {
        let [train, validation, test] = windows.all().map(|window| Performance::of(w, window));
        table.add_row([
            name.clone(),
            frontier::held(w).to_string(),
            format!("{:.2}", train.sharpe()),
            format!("{:.2}", validation.sharpe()),
            format!("{:.2}", test.sharpe()),
            percent(test.mean),
            percent(test.risk),
        ]);
    }
    aligned(table, 1)
}

fn percent(part: f64) -> String {
    format!("{:.1}", 100.0 * part)
}

//! The findings, one heading each.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use cvxlayers::nalgebra::DVector;

use crate::data::Windows;
use crate::frontier::{self, Point, held};
use crate::model::Model;
use crate::performance::Performance;
use crate::{PortfolioSolution, START_GAMMA, Study, WEEKS_A_YEAR, sharpe_sensitivity, table, tuning};

/// What was read, and the model fitted to it.
pub fn data(windows: &Windows, model: &Model) {
    heading("Data and model");
    for (name, window) in ["train", "validation", "test"].into_iter().zip(windows.all()) {
        println!(
            "{name:<10}  {} to {}  {:>3} weeks",
            window.first(),
            window.last(),
            window.weeks()
        );
    }
    let (n, k) = model.factors.shape();
    let share = model.systematic_share(&equal_weights(n));
    println!("\n{n} stocks, {k} factors: {}.", windows.train.factors.names.join(", "));
    println!("They explain {:.0} % of the variance of equal weights.", 100.0 * share);
    println!(
        "Mean returns are shrunk by {:.0} % to their common mean.",
        100.0 * model.shrinkage
    );
    println!("All figures are annual; the riskless rate is taken to be zero.");
}

/// Weights and dual variables of one portfolio.
pub fn portfolio(study: &Study, solution: &PortfolioSolution) {
    let (w, model) = (&solution.vars.w, &study.model);
    heading(&format!("Optimal portfolio at gamma = {}", solution.params().gamma));
    cvxlayers_examples::print(&table::positions(&study.windows.test.names, model, solution));
    println!(
        "\nExpected return {:.1} %, risk {:.1} %, {} of {} stocks held.",
        100.0 * model.mu.dot(w),
        100.0 * model.risk(w),
        held(w),
        w.len()
    );
    println!("Shortfall, the dual of `long_only`: how much more a stock would have to promise to be bought.");
    println!(
        "Dual of `budget`: {:.1} %, the return net of the marginal price of risk, equal for all stocks held.",
        100.0 * solution.duals.budget
    );
}

pub fn frontier(study: &mut Study) -> Result<Vec<Point>, Box<dyn Error>> {
    heading("Efficient frontier, as the model expects it");
    let started = Instant::now();
    let points = frontier::trace(study)?;
    let elapsed = started.elapsed();
    cvxlayers_examples::print(&table::frontier(&points));
    println!(
        "\n{} portfolios in {:.1} ms; every {}th is shown.",
        points.len(),
        1e3 * elapsed.as_secs_f64(),
        table::STRIDE
    );
    Ok(points)
}

/// Derivatives of the Sharpe ratio in the test window, one of them checked.
pub fn sensitivity(study: &mut Study, solution: &PortfolioSolution) -> Result<(), Box<dyn Error>> {
    heading("What the Sharpe ratio of the test window hangs on");
    let gradient = sharpe_sensitivity(solution, &study.windows.test)?;
    cvxlayers_examples::print(&table::sensitivities(&study.windows.test, solution, &gradient));
    println!("\nThe other stocks stay out after a small change of their forecast: their derivatives are zero.\n");

    let (gamma, step) = (START_GAMMA, 1e-4 * START_GAMMA);
    let difference = (test_sharpe(study, gamma + step)? - test_sharpe(study, gamma - step)?) / (2.0 * step);
    println!("d Sharpe / d gamma, by vjp                 {:+.8}", gradient.gamma);
    println!("d Sharpe / d gamma, by central difference  {difference:+.8}");
    Ok(())
}

/// What tuning gains where it is done, and out of sample.
pub fn tuning(study: &mut Study) -> Result<tuning::Path, Box<dyn Error>> {
    heading("Tuning gamma on the validation window");
    let path = tuning::ascend(study, START_GAMMA)?;
    let (first, last) = (&path.start, path.end());
    println!("{} steps of gradient ascent on log gamma.\n", path.steps.len());
    let portfolios = [
        (format!("gamma = {:.2}, the start", first.gamma), first.w.clone()),
        (format!("gamma = {:.2}, tuned", last.gamma), last.w.clone()),
        ("equal weights".to_owned(), equal_weights(first.w.len())),
    ];
    cvxlayers_examples::print(&table::comparison(&portfolios, &study.windows));

    let test = &study.windows.test;
    let [before, after, equal] = portfolios.map(|(_, w)| Performance::of(&w, test).sharpe());
    let verdict = if after > before { "helped" } else { "did not help" };
    println!("\nOut of sample, tuning {verdict}: from {before:.2} to {after:.2}; equal weights have {equal:.2}.");
    println!(
        "Mind the noise: the standard error of a Sharpe ratio of {} weeks is about {:.0}.",
        test.weeks(),
        (WEEKS_A_YEAR / test.weeks() as f64).sqrt()
    );
    Ok(path)
}

pub fn plot(file: &Path) {
    heading("Plot");
    println!("{}", file.display());
}

fn test_sharpe(study: &mut Study, gamma: f64) -> Result<f64, cvxlayers::Error> {
    let w = study.allocate(gamma)?.vars.w;
    Ok(Performance::of(&w, &study.windows.test).sharpe())
}

fn equal_weights(n: usize) -> DVector<f64> {
    DVector::from_element(n, 1.0 / n as f64)
}

fn heading(text: &str) {
    println!("\n{text}\n{}\n", "=".repeat(text.len()));
}

//! Gradient ascent on the logarithm of the risk aversion.

use std::error::Error;

use cvxlayers::nalgebra::DVector;
use indicatif::{ProgressBar, ProgressStyle};

use crate::performance::Performance;
use crate::{Study, sharpe_sensitivity};

const MAX_STEPS: u64 = 40;
/// Steps in log gamma are this times the slope, or less where that gains nothing.
const RATE: f64 = 0.5;
const SMALLEST_RATE: f64 = 1e-3;
/// A gain in the Sharpe ratio that is not worth a step.
const SMALLEST_GAIN: f64 = 1e-5;

/// A risk aversion, its portfolio, and the portfolio's Sharpe ratio in the validation window.
pub struct Step {
    pub gamma: f64,
    pub w: DVector<f64>,
    pub sharpe: f64,
    /// The derivative of the Sharpe ratio with respect to log gamma.
    slope: f64,
}

impl Step {
    fn at(study: &mut Study, gamma: f64) -> Result<Self, cvxlayers::Error> {
        let solution = study.allocate(gamma)?;
        let validation = &study.windows.validation;
        let slope = gamma * sharpe_sensitivity(&solution, validation)?.gamma;
        let w = solution.vars.w;
        let sharpe = Performance::of(&w, validation).sharpe();
        Ok(Self {
            gamma,
            w,
            sharpe,
            slope,
        })
    }
}

/// Where the ascent began, and its steps.
pub struct Path {
    pub start: Step,
    pub steps: Vec<Step>,
}

impl Path {
    pub fn end(&self) -> &Step {
        self.steps.last().unwrap_or(&self.start)
    }

    /// All points, the start included.
    pub fn points(&self) -> impl Iterator<Item = &Step> {
        std::iter::once(&self.start).chain(&self.steps)
    }
}

/// Climbs until steps gain nothing.
pub fn ascend(study: &mut Study, start: f64) -> Result<Path, Box<dyn Error>> {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} steps  {msg}")?;
    // It draws nothing where there is no terminal.
    let bar = ProgressBar::new(MAX_STEPS).with_style(style);
    let mut path = Path {
        start: Step::at(study, start)?,
        steps: Vec::new(),
    };
    for _ in 0..MAX_STEPS {
        let Some(step) = climb(study, path.end())? else { break };
        bar.set_message(format!("gamma {:.3}, Sharpe ratio {:.4}", step.gamma, step.sharpe));
        bar.inc(1);
        path.steps.push(step);
    }
    bar.finish_and_clear();
    Ok(path)
}

/// A step along the slope that gains something; none at the top.
fn climb(study: &mut Study, from: &Step) -> Result<Option<Step>, cvxlayers::Error> {
    // The slope jumps where a stock enters or leaves the portfolio, so a step can overshoot however small the slope is.
    let mut rate = RATE;
    while rate >= SMALLEST_RATE {
        let step = Step::at(study, from.gamma * (rate * from.slope).exp())?;
        if step.sharpe > from.sharpe + SMALLEST_GAIN {
            return Ok(Some(step));
        }
        rate /= 2.0;
    }
    Ok(None)
}

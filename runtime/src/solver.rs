//! The seam between this crate and interior-point solvers.

mod clarabel;
mod interior;
mod scaling;
mod units;

pub(crate) use clarabel::Clarabel;
pub(crate) use interior::Interior;

use crate::family::Reach;
use crate::vector::is_finite;
use crate::{Cone, Program, Settings};

/// How well a solution is solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// To the tolerances of [`Settings`]; or, where the solver stopped short of them and polishing is
    /// on, to a residual of at most `1e-10` by Newton's method.
    Solved,
    /// The solver stopped short of its tolerances: relative residuals below `1e-4`, gap below
    /// `5e-5`.
    Inaccurate,
}

/// How a solve ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verdict {
    Optimal(Status),
    /// The last steps were those of a polish, to this residual.
    Polished(f64),
    /// `z` is a certificate, of any positive length.
    Infeasible,
    /// `x` and `s` are a ray, of any positive length.
    Unbounded,
    IterationLimit,
    TimeLimit,
    Trouble(&'static str),
}

/// What a solve leaves behind.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) verdict: Verdict,
    pub(crate) iterations: u32,
    pub(crate) x: &'a [f64],
    pub(crate) s: &'a [f64],
    pub(crate) z: &'a [f64],
}

impl Answer<'_> {
    /// Whether there is a point, of finite numbers.
    pub(crate) fn is_finite(&self) -> bool {
        !self.x.is_empty() && [self.x, self.s, self.z].into_iter().all(is_finite)
    }
}

/// How many times as large as the least of some sizes the largest is; zero for none.
fn spread(sizes: &[f64]) -> f64 {
    let range = sizes.iter().fold([f64::INFINITY, 0.0], |[least, largest], size| {
        [size.min(least), size.max(largest)]
    });
    range[1] / range[0]
}

/// A solver of programs of one structure.
///
/// The answer to a program may depend on the first program seen, never on those in between.
pub(crate) trait Solver: Send + Sync + Sized {
    /// Takes a program for the first one seen, unless there has been one.
    fn refer(&mut self, program: &Program, cones: &[Cone], settings: &Settings);

    /// Whether there has been a first program.
    fn has_reference(&self) -> bool;

    /// Another solver for programs of the same structure, and with the same answers where there has been a first one.
    fn twin(&self) -> Self;

    /// Solves a program, of which only the parts `changed` differ from the last one; the first call fixes its pattern and
    /// `cones`, which never change.
    fn solve(&mut self, program: &Program, changed: Reach, cones: &[Cone], settings: &Settings) -> Answer<'_>;
}

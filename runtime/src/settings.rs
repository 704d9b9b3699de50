//! How accurate, how long, and whether to polish.

use std::time::Duration;

/// When an interior-point solution is sharpened by semismooth Newton steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Polish {
    /// Never: derivatives are taken at the solver's point.
    Off,
    /// Just before a solution is differentiated, where its residual asks for it. The solution
    /// itself stays the solver's.
    #[default]
    Derivative,
    /// After every solve: the solution is the polished point.
    Solve,
}

/// Settings of a [`Problem`](crate::Problem).
///
/// ```
/// use cvxlayers::{Polish, Settings};
///
/// let settings = Settings::default().with_gap_tolerance(1e-10).with_polish(Polish::Solve);
/// assert_eq!(settings.gap_tolerance, 1e-10);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Settings {
    /// Duality gap at which the solver stops, absolute or relative to the objective. Default:
    /// `1e-8`.
    pub gap_tolerance: f64,
    /// Relative primal and dual residuals at which the solver stops. Default: `1e-8`.
    ///
    /// Values much below `1e-9` are rarely reached; polishing is the way to more digits.
    pub feasibility_tolerance: f64,
    /// Interior-point iterations at most. Default: 200.
    pub max_iterations: u32,
    /// Wall-clock time of one solve at most, looked at once an iteration. Default: none.
    pub time_limit: Option<Duration>,
    /// When to polish. Default: [`Polish::Derivative`].
    pub polish: Polish,
    /// Newton steps of one polish at most. Default: 10.
    pub max_polish_steps: u32,
    /// Rounds of iterative refinement of one derivative at most; it stops by itself. Default: 40.
    pub max_refinement_steps: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            gap_tolerance: 1e-8,
            feasibility_tolerance: 1e-8,
            max_iterations: 200,
            time_limit: None,
            polish: Polish::default(),
            max_polish_steps: 10,
            max_refinement_steps: 40,
        }
    }
}

impl Settings {
    /// Sets [`gap_tolerance`](Self::gap_tolerance).
    #[must_use]
    pub fn with_gap_tolerance(mut self, tolerance: f64) -> Self {
        self.gap_tolerance = tolerance;
        self
    }

    /// Sets [`feasibility_tolerance`](Self::feasibility_tolerance).
    #[must_use]
    pub fn with_feasibility_tolerance(mut self, tolerance: f64) -> Self {
        self.feasibility_tolerance = tolerance;
        self
    }

    /// Sets [`max_iterations`](Self::max_iterations).
    #[must_use]
    pub fn with_max_iterations(mut self, iterations: u32) -> Self {
        self.max_iterations = iterations;
        self
    }

    /// Sets [`time_limit`](Self::time_limit).
    #[must_use]
    pub fn with_time_limit(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.time_limit = limit.into();
        self
    }

    /// Sets [`polish`](Self::polish).
    #[must_use]
    pub fn with_polish(mut self, polish: Polish) -> Self {
        self.polish = polish;
        self
    }

    /// Sets [`max_polish_steps`](Self::max_polish_steps).
    #[must_use]
    pub fn with_max_polish_steps(mut self, steps: u32) -> Self {
        self.max_polish_steps = steps;
        self
    }

    /// Sets [`max_refinement_steps`](Self::max_refinement_steps).
    #[must_use]
    pub fn with_max_refinement_steps(mut self, steps: u32) -> Self {
        self.max_refinement_steps = steps;
        self
    }
}

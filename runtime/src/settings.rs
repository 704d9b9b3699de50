//! How accurate, how long, and whether to polish.

use std::time::Duration;

/// When an interior-point solution is sharpened by semismooth Newton steps.
///
/// A step is accepted only where it reduces [`Solution::residual`](crate::Solution::residual), so a polish never makes
/// that worse; where the residual is rounding error already, none is tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Polish {
    /// Never: derivatives are taken at the solver's point, and are [`Approximate`](crate::Exactness::Approximate) unless
    /// it happens to be optimal to `1e-9`.
    Off,
    /// Where it saves time: [`Method::Auto`] ends with the steps of a polish where these arrive sooner, so that most
    /// solutions are polished ones, to a residual of `1e-10` at most and mostly `1e-13`. Any other stays the solver's, and is
    /// polished just before it is differentiated, which leaves it as it is. Where the polish does not get below `1e-9` the
    /// derivative is [`Approximate`](crate::Exactness::Approximate).
    #[default]
    Derivative,
    /// After every solve: the solution is always the polished point.
    Solve,
}

/// What solves a problem.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
    /// Programs of up to 4096 variables or constraints, over no cones but orthants, second-order and semidefinite ones, an
    /// interior-point method with the linear system of the derivative, whose answers satisfy the optimality conditions;
    /// whatever that does not solve, and all others, Clarabel.
    ///
    /// Close to a solution it is Newton's steps on these conditions that go on, where they arrive, in place of the last
    /// iterations of that method, and of Clarabel's over exponential and power cones; not with [`Polish::Off`].
    #[default]
    Auto,
    /// Clarabel, always.
    Clarabel,
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
    /// What solves. Default: [`Method::Auto`].
    pub method: Method,
    /// When to polish. Default: [`Polish::Derivative`].
    pub polish: Polish,
    /// Newton steps of one polish at most. Default: 10.
    pub max_polish_steps: u32,
    /// Rounds of iterative refinement of one derivative at most; it stops by itself. Default: 40.
    pub max_refinement_steps: u32,
    /// Smooths derivatives, for training through linear programs and other problems whose solutions jump: they are those
    /// of the point of the central path at which the product of each slack and its dual variable is this number, and not
    /// those of the solution, which itself stays as it is. Default: 0, which does not; a number that is not positive is 0.
    ///
    /// That point is the minimizer of the objective minus `smoothing · Σ ln sᵢ` over the slacks `sᵢ` of the inequalities,
    /// minus `½ smoothing · ln (t² − ‖x‖²)` for second-order and `smoothing · ln det S` for semidefinite cones: it is unique and moves smoothly where the constraints
    /// bound the optima, and as the number falls it and its derivatives tend to those of the solution wherever these
    /// exist. The optimal value is at most `smoothing` times the number of inequalities better than at that point, so
    /// `1e-2` to `1e-4` of the objective is a start. Derivatives of the dual variables and of the objective are those
    /// of that point too, which [`Solution::smoothed`](crate::Solution::smoothed) gives: a loss is to be taken there. Exponential
    /// and power cones are not smoothed.
    ///
    /// It takes Newton steps in place of a polish at the first derivative. Where these do not arrive, [`Accuracy`] is
    /// [`Approximate`].
    ///
    /// [`Accuracy`]: crate::Accuracy
    /// [`Approximate`]: crate::Exactness::Approximate
    pub smoothing: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            gap_tolerance: 1e-8,
            feasibility_tolerance: 1e-8,
            max_iterations: 200,
            time_limit: None,
            method: Method::default(),
            polish: Polish::default(),
            max_polish_steps: 10,
            max_refinement_steps: 40,
            smoothing: 0.0,
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

    /// Sets [`method`](Self::method).
    #[must_use]
    pub fn with_method(mut self, method: Method) -> Self {
        self.method = method;
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

    /// Sets [`smoothing`](Self::smoothing).
    #[must_use]
    pub fn with_smoothing(mut self, smoothing: f64) -> Self {
        self.smoothing = smoothing;
        self
    }
}

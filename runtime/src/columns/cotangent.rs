//! What a vjp of a batch is taken of.

/// Cotangents of the solutions of a batch, as flat arrays: of the variables, of the dual variables, of the affine `let`s, of
/// the objective, or of several of them.
///
/// There is an array for each field, in the order of their declaration, of all samples or of one that is broadcast; of the
/// bounds of a chained constraint first the lower, then the upper one. A list of arrays converts into the cotangent of the
/// variables; [`duals`](Self::duals), [`lets`](Self::lets) and [`objective`](Self::objective) are of the rest, and
/// [`and_vars`](Self::and_vars) and its like add to them:
///
/// ```
/// use cvxlayers::{CotangentColumns, cvx};
///
/// cvx! {
///     problem Share(n) {
///         param cost: [n];
///         var x: [n] nonneg;
///         minimize sum_squares(x) + dot(cost, x);
///         subject_to { total: sum(x) == 1; }
///     }
/// }
///
/// # fn main() -> Result<(), cvxlayers::Error> {
/// let mut share = Share::new(ShareDims { n: 2 })?;
/// let solved = share.solve_columns(3, [[0.0, 0.0, 0.1, 0.2, 0.3, 0.1]])?;
/// // How the prices of the total depend on the costs, and twice the optimal values.
/// let cotangent = CotangentColumns::duals([[1.0]]).and_objective([2.0]);
/// let (gradient, _) = solved.vjp(cotangent)?;
/// assert!((gradient["cost"][0] - (-0.5 + 1.0)).abs() < 1e-6);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CotangentColumns<A> {
    /// Of the variables; `None` is zero.
    pub vars: Option<Vec<A>>,
    /// Of the dual variables of the labelled constraints; `None` is zero.
    pub duals: Option<Vec<A>>,
    /// Of the values of the affine `let`s; `None` is zero.
    pub lets: Option<Vec<A>>,
    /// Of the optimal values, in the user's sense; `None` is zero.
    pub objective: Option<A>,
}

impl<A> CotangentColumns<A> {
    const ZERO: Self = Self {
        vars: None,
        duals: None,
        lets: None,
        objective: None,
    };

    /// Of the variables.
    pub fn vars(vars: impl IntoIterator<Item = A>) -> Self {
        Self::ZERO.and_vars(vars)
    }

    /// Of the dual variables of the labelled constraints.
    pub fn duals(duals: impl IntoIterator<Item = A>) -> Self {
        Self::ZERO.and_duals(duals)
    }

    /// Of the values of the affine `let`s.
    pub fn lets(lets: impl IntoIterator<Item = A>) -> Self {
        Self::ZERO.and_lets(lets)
    }

    /// Of the objective: a number for each sample, or one for all.
    pub fn objective(objective: A) -> Self {
        Self::ZERO.and_objective(objective)
    }

    /// Sets the cotangent of the variables.
    #[must_use]
    pub fn and_vars(mut self, vars: impl IntoIterator<Item = A>) -> Self {
        self.vars = Some(vars.into_iter().collect());
        self
    }

    /// Sets the cotangent of the dual variables.
    #[must_use]
    pub fn and_duals(mut self, duals: impl IntoIterator<Item = A>) -> Self {
        self.duals = Some(duals.into_iter().collect());
        self
    }

    /// Sets the cotangent of the values of the affine `let`s.
    #[must_use]
    pub fn and_lets(mut self, lets: impl IntoIterator<Item = A>) -> Self {
        self.lets = Some(lets.into_iter().collect());
        self
    }

    /// Sets the cotangent of the objective.
    #[must_use]
    pub fn and_objective(mut self, objective: A) -> Self {
        self.objective = Some(objective);
        self
    }
}

impl<A, I: IntoIterator<Item = A>> From<I> for CotangentColumns<A> {
    fn from(vars: I) -> Self {
        Self::vars(vars)
    }
}

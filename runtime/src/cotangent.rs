//! What a vjp is taken of.

use crate::Family;

/// A cotangent of a solution: of its variables, of its dual variables, of its affine `let`s, of its objective, or of several
/// of them.
///
/// The generated `NameVars`, `NameDuals` and `NameLets` convert into it by reference; [`and_vars`](Self::and_vars),
/// [`and_duals`](Self::and_duals), [`and_lets`](Self::and_lets) and [`and_objective`](Self::and_objective) add the rest:
///
/// ```
/// use cvxlayers::{Cotangent, cvx, nalgebra::DVector};
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
/// let solution = share.solve(&share.zero_params())?;
/// // How the price of the total, and the optimal value, depend on the costs.
/// let price = ShareDuals { total: 1.0 };
/// let weights = ShareVars { x: DVector::from_vec(vec![1.0, -1.0]) };
/// let gradient = solution.vjp(&price)?;
/// assert!((gradient.cost[0] + 0.5).abs() < 1e-9);
/// let gradient = solution.vjp(Cotangent::vars(&weights).and_duals(&price).and_objective(2.0))?;
/// assert!((gradient.cost[0] - (-0.5 - 0.5 + 1.0)).abs() < 1e-9);
/// # Ok(())
/// # }
/// ```
///
/// There is none of a slack: name what it is made of by a `let`, as in `let spare = limit - a * x;` with `spare >= 0`.
#[non_exhaustive]
pub struct Cotangent<'a, F: Family> {
    /// The cotangent of the variables; `None` is zero.
    pub vars: Option<&'a F::Vars>,
    /// The cotangent of the dual variables of the labelled constraints; `None` is zero.
    pub duals: Option<&'a F::Duals>,
    /// The cotangent of the values of the affine `let`s; `None` is zero.
    pub lets: Option<&'a F::Lets>,
    /// The cotangent of the optimal value, in the user's sense.
    pub objective: f64,
}

impl<'a, F: Family> Cotangent<'a, F> {
    const ZERO: Self = Self {
        vars: None,
        duals: None,
        lets: None,
        objective: 0.0,
    };

    /// Of the variables.
    pub fn vars(vars: &'a F::Vars) -> Self {
        Self::ZERO.and_vars(vars)
    }

    /// Of the dual variables of the labelled constraints.
    pub fn duals(duals: &'a F::Duals) -> Self {
        Self::ZERO.and_duals(duals)
    }

    /// Of the values of the affine `let`s.
    pub fn lets(lets: &'a F::Lets) -> Self {
        Self::ZERO.and_lets(lets)
    }

    /// Of the objective.
    pub fn objective(weight: f64) -> Self {
        Self::ZERO.and_objective(weight)
    }

    /// Sets the cotangent of the variables.
    #[must_use]
    pub fn and_vars(mut self, vars: &'a F::Vars) -> Self {
        self.vars = Some(vars);
        self
    }

    /// Sets the cotangent of the dual variables.
    #[must_use]
    pub fn and_duals(mut self, duals: &'a F::Duals) -> Self {
        self.duals = Some(duals);
        self
    }

    /// Sets the cotangent of the values of the affine `let`s.
    #[must_use]
    pub fn and_lets(mut self, lets: &'a F::Lets) -> Self {
        self.lets = Some(lets);
        self
    }

    /// Adds a cotangent of the objective.
    #[must_use]
    pub fn and_objective(mut self, weight: f64) -> Self {
        self.objective += weight;
        self
    }
}

impl<F: Family> Clone for Cotangent<'_, F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F: Family> Copy for Cotangent<'_, F> {}

impl<'a, F: Family> From<&Cotangent<'a, F>> for Cotangent<'a, F> {
    fn from(cotangent: &Cotangent<'a, F>) -> Self {
        *cotangent
    }
}

impl<F: Family> std::fmt::Debug for Cotangent<'_, F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cotangent")
            .field("vars", &self.vars)
            .field("duals", &self.duals)
            .field("lets", &self.lets)
            .field("objective", &self.objective)
            .finish()
    }
}

//! What a forward derivative gives.

use crate::Family;

/// The tangent of a solution along a direction of the parameters: all that a [`Cotangent`](crate::Cotangent) can be of.
///
/// [`Solution::tangent`](crate::Solution::tangent) gives one, [`Problem::zero_tangent`](crate::Problem::zero_tangent)
/// one to be overwritten.
#[non_exhaustive]
pub struct Tangent<F: Family> {
    /// Of the variables.
    pub vars: F::Vars,
    /// Of the dual variables of the labelled constraints.
    pub duals: F::Duals,
    /// Of the affine `let`s.
    pub lets: F::Lets,
    /// Of the optimal value, in the user's sense.
    pub objective: f64,
}

impl<F: Family> Tangent<F> {
    pub(crate) fn zero(family: &F) -> Self {
        Self {
            vars: family.zero_vars(),
            duals: family.zero_duals(),
            lets: family.zero_lets(),
            objective: 0.0,
        }
    }
}

impl<F: Family> Clone for Tangent<F> {
    fn clone(&self) -> Self {
        Self {
            vars: self.vars.clone(),
            duals: self.duals.clone(),
            lets: self.lets.clone(),
            objective: self.objective,
        }
    }
}

impl<F: Family> std::fmt::Debug for Tangent<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tangent")
            .field("vars", &self.vars)
            .field("duals", &self.duals)
            .field("lets", &self.lets)
            .field("objective", &self.objective)
            .finish()
    }
}

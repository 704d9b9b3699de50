//! What a vjp is taken of.

use crate::Family;

/// A cotangent of a solution: of its variables, of its objective, or of both.
///
/// The generated `NameVars` convert into it by reference.
pub struct Cotangent<'a, F: Family> {
    /// The cotangent of the variables; `None` is zero.
    pub vars: Option<&'a F::Vars>,
    /// The cotangent of the optimal value, in the user's sense.
    pub objective: f64,
}

impl<'a, F: Family> Cotangent<'a, F> {
    /// Of the variables.
    pub fn vars(vars: &'a F::Vars) -> Self {
        Self {
            vars: Some(vars),
            objective: 0.0,
        }
    }

    /// Of the objective.
    pub fn objective(weight: f64) -> Self {
        Self {
            vars: None,
            objective: weight,
        }
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

impl<F: Family> std::fmt::Debug for Cotangent<'_, F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cotangent")
            .field("vars", &self.vars)
            .field("objective", &self.objective)
            .finish()
    }
}

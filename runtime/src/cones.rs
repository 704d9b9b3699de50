//! The cones of the standard form.

mod nonneg;
mod second_order;
mod zero;

/// One cone of the product cone `K` in `Ax + s = b, s ∈ K`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cone {
    /// `{0}ᵈ`: equalities.
    Zero(usize),
    /// The nonnegative orthant of dimension `d`.
    Nonneg(usize),
    /// The second-order cone `{(t, x) : t ≥ ‖x‖₂}` of dimension `d`, `t` first.
    SecondOrder(usize),
}

/// The derivative of the projection onto one cone, as `D = d I + (1 − d) ŝŝᵀ − d ẑẑᵀ`: an
/// orthonormal pair `ŝ, ẑ` with the eigenvalues 1 and 0, and `d` for the rest. Rows without a
/// distinguished direction have `ŝ = ẑ = 0`.
#[derive(Debug)]
pub(crate) struct Derivative<'a> {
    pub(crate) d: &'a mut [f64],
    pub(crate) s_hat: &'a mut [f64],
    pub(crate) z_hat: &'a mut [f64],
}

impl Derivative<'_> {
    fn multiple_of_identity(&mut self, d: f64) {
        self.d.fill(d);
        self.s_hat.fill(0.0);
        self.z_hat.fill(0.0);
    }
}

/// A complementary pair of one cone, and the size below which each entry is rounding error.
#[derive(Debug)]
pub(crate) struct Pair<'a> {
    pub(crate) s: &'a [f64],
    pub(crate) z: &'a [f64],
    /// What `z` is multiplied by to be compared with `s`.
    pub(crate) unit: f64,
    pub(crate) s_noise: &'a [f64],
    pub(crate) z_noise: f64,
}

impl Cone {
    /// The number of rows of the cone.
    pub fn dim(self) -> usize {
        match self {
            Cone::Zero(dim) | Cone::Nonneg(dim) | Cone::SecondOrder(dim) => dim,
        }
    }

    /// How far `s` is outside of the cone, in the units of `s`; zero inside.
    ///
    /// For the second-order cone it is `max(‖x‖₂ − t, 0)`, for the others the largest violation of
    /// an entry.
    pub fn violation(self, s: &[f64]) -> f64 {
        match self {
            Cone::Zero(_) => zero::violation(s),
            Cone::Nonneg(_) => nonneg::violation(s),
            Cone::SecondOrder(_) => second_order::violation(s),
        }
    }

    /// How far `z` is outside of the dual cone, as [`violation`](Self::violation).
    pub fn dual_violation(self, z: &[f64]) -> f64 {
        match self {
            Cone::Zero(_) => 0.0,
            Cone::Nonneg(_) => nonneg::violation(z),
            Cone::SecondOrder(_) => second_order::violation(z),
        }
    }

    /// Splits `w = s − z` into `s ∈ K` and `z ∈ K*` with `sᵀz = 0`: `s` is the projection of `w`.
    pub(crate) fn split(self, w: &[f64], s: &mut [f64], z: &mut [f64]) {
        match self {
            Cone::Zero(_) => zero::split(w, s, z),
            Cone::Nonneg(_) | Cone::SecondOrder(1) => nonneg::split(w, s, z),
            Cone::SecondOrder(_) => second_order::split(w, s, z),
        }
    }

    /// The derivative of the projection at `s − z`; returns the number of kinks.
    pub(crate) fn derivative(self, pair: &Pair<'_>, derivative: Derivative<'_>) -> usize {
        match self {
            Cone::Zero(_) => zero::derivative(derivative),
            Cone::Nonneg(_) | Cone::SecondOrder(1) => nonneg::derivative(pair, derivative),
            Cone::SecondOrder(_) => second_order::derivative(pair, derivative),
        }
    }
}

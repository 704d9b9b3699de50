//! The cones of the standard form.

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

impl Cone {
    /// The number of rows of the cone.
    pub fn dim(self) -> usize {
        match self {
            Cone::Zero(dim) | Cone::Nonneg(dim) | Cone::SecondOrder(dim) => dim,
        }
    }
}

//! `{0}ᵈ`, whose dual is the whole space.

use super::Derivative;
use crate::vector::norm_inf;

pub(super) fn violation(s: &[f64]) -> f64 {
    norm_inf(s)
}

pub(super) fn split(w: &[f64], s: &mut [f64], z: &mut [f64]) {
    s.fill(0.0);
    for (z, w) in z.iter_mut().zip(w) {
        *z = -w;
    }
}

pub(super) fn derivative(mut derivative: Derivative<'_>) -> usize {
    derivative.multiple_of_identity(0.0);
    0
}

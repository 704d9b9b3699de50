//! The nonnegative orthant, which is its own dual.

use super::{Derivative, Pair, halves};

pub(super) fn violation(s: &[f64]) -> f64 {
    s.iter().fold(0.0, |worst, s| worst.max(-s))
}

pub(super) fn split(w: &[f64], s: &mut [f64], z: &mut [f64]) {
    for ((s, z), w) in s.iter_mut().zip(z).zip(w) {
        *s = w.max(0.0);
        *z = (-w).max(0.0);
    }
}

pub(super) fn split_smoothly(w: &[f64], smoothing: f64, s: &mut [f64], z: &mut [f64]) {
    for ((s, z), w) in s.iter_mut().zip(z).zip(w) {
        (*s, *z) = halves(*w, smoothing);
    }
}

/// `d = 1` where the slack is larger than the dual, else 0; ½ where both are nothing. Smoothed, it is the
/// derivative `s / (s + z)` of the larger root of `s (s − w) = κ`.
pub(super) fn derivative(pair: &Pair<'_>, mut derivative: Derivative<'_>) -> usize {
    derivative.multiple_of_identity(0.0);
    let mut kinks = 0;
    for (row, d) in derivative.d.iter_mut().enumerate() {
        let (s, z) = (pair.s[row], pair.unit * pair.z[row]);
        if pair.smoothing > 0.0 {
            let (s, z) = halves(s - z, pair.smoothing);
            *d = s / (s + z);
        } else if s.abs() <= pair.s_noise[row] && z.abs() <= pair.z_noise {
            *d = 0.5;
            kinks += 1;
        } else if s > z {
            *d = 1.0;
        }
    }
    kinks
}

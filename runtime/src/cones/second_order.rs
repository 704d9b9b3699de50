//! The second-order cone `{(t, x) : t ≥ ‖x‖₂}`, which is its own dual.

use std::f64::consts::FRAC_1_SQRT_2;

use super::{Derivative, Pair, halves, norm};

pub(super) fn violation(s: &[f64]) -> f64 {
    (-margin(s)).max(0.0)
}

pub(super) fn split(w: &[f64], s: &mut [f64], z: &mut [f64]) {
    let (Some((t, x)), Some((s_t, s_x)), Some((z_t, z_x))) =
        (w.split_first(), s.split_first_mut(), z.split_first_mut())
    else {
        return;
    };
    let norm = norm(x);
    // The halves of t + ‖x‖ and ‖x‖ − t, so that neither part is a difference of large numbers.
    let (inside, outside) = if norm <= *t {
        (1.0, 0.0)
    } else if norm <= -t {
        (0.0, 1.0)
    } else {
        let (inside, outside) = (0.5 * (t + norm), 0.5 * (norm - t));
        (*s_t, *z_t) = (inside, outside);
        for ((s, z), x) in s_x.iter_mut().zip(z_x).zip(x) {
            *s = x / norm * inside;
            *z = -(x / norm) * outside;
        }
        return;
    };
    for ((s, z), w) in s.iter_mut().zip(z).zip(w) {
        *s = inside * w;
        *z = -outside * w;
    }
}

/// The eigenvalues of `w` are `t ± ‖x‖`, those of `s` and `z` the halves of these along the same directions.
pub(super) fn split_smoothly(w: &[f64], smoothing: f64, s: &mut [f64], z: &mut [f64]) {
    let (Some((t, x)), Some((s_t, s_x)), Some((z_t, z_x))) =
        (w.split_first(), s.split_first_mut(), z.split_first_mut())
    else {
        return;
    };
    let norm = norm(x);
    let ((s_1, z_1), (s_2, z_2)) = (halves(t + norm, smoothing), halves(t - norm, smoothing));
    (*s_t, *z_t) = (0.5 * (s_1 + s_2), 0.5 * (z_1 + z_2));
    for ((s, z), x) in s_x.iter_mut().zip(z_x).zip(x) {
        let along = if norm > 0.0 { x / norm } else { 0.0 };
        *s = 0.5 * (s_1 - s_2) * along;
        *z = 0.5 * (z_1 - z_2) * along;
    }
}

/// The eigenvalues are the slopes of the halves at `t ± ‖x‖`, and their divided difference across.
fn smooth_derivative(pair: &Pair<'_>, mut derivative: Derivative<'_>) {
    for ((w, s), z) in derivative.d.iter_mut().zip(pair.s).zip(pair.z) {
        *w = s - pair.unit * z;
    }
    let Some((t, x)) = derivative.d.split_first() else {
        return;
    };
    let norm = norm(x);
    let ((s_1, z_1), (s_2, z_2)) = (halves(t + norm, pair.smoothing), halves(t - norm, pair.smoothing));
    let across = (s_1 + s_2) / (s_1 + z_1 + s_2 + z_2);
    if norm == 0.0 || across >= 1.0 {
        derivative.multiple_of_identity(across);
        return;
    }
    *derivative.ends = [s_1 / (s_1 + z_1), s_2 / (s_2 + z_2)];
    let hats = derivative.s_hat.iter_mut().zip(derivative.z_hat.iter_mut());
    for (row, ((s_hat, z_hat), x)) in hats.zip(&*derivative.d).enumerate() {
        let (half, along) = (FRAC_1_SQRT_2, FRAC_1_SQRT_2 * x / norm);
        (*s_hat, *z_hat) = if row == 0 { (half, half) } else { (along, -along) };
    }
    derivative.d.fill(across);
}

/// Inside the cone `D = I`, inside the dual `D = 0`, and on the boundary the eigenvalues are 1
/// along `s`, 0 along `z`, and `s₀ / (s₀ + z₀)` across.
pub(super) fn derivative(pair: &Pair<'_>, mut derivative: Derivative<'_>) -> usize {
    if pair.smoothing > 0.0 {
        smooth_derivative(pair, derivative);
        return 0;
    }
    if let Some((d, kink)) = pair.end(margin, margin) {
        derivative.multiple_of_identity(d);
        return usize::from(kink);
    }
    let (s, z) = (pair.s, pair.z);
    let (s_norm, z_norm) = (norm(s), norm(z));
    let (s_0, z_0, z_margin) = (s[0], pair.unit * z[0], pair.unit * margin(z));
    if margin(s) > z_0.max(z_margin) {
        derivative.multiple_of_identity(1.0);
    } else if z_margin > s_0 {
        derivative.multiple_of_identity(0.0);
    } else {
        derivative.d.fill(s_0 / (s_0 + z_0));
        for (hat, s) in derivative.s_hat.iter_mut().zip(s) {
            *hat = s / s_norm;
        }
        for (hat, z) in derivative.z_hat.iter_mut().zip(z) {
            *hat = z / z_norm;
        }
    }
    0
}

/// `t − ‖x‖`: positive inside, negative outside.
fn margin(s: &[f64]) -> f64 {
    s.split_first().map_or(0.0, |(t, x)| t - norm(x))
}

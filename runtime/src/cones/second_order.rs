//! The second-order cone `{(t, x) : t ≥ ‖x‖₂}`, which is its own dual.

use super::{Derivative, Pair, norm};

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

/// Inside the cone `D = I`, inside the dual `D = 0`, and on the boundary the eigenvalues are 1
/// along `s`, 0 along `z`, and `s₀ / (s₀ + z₀)` across.
pub(super) fn derivative(pair: &Pair<'_>, mut derivative: Derivative<'_>) -> usize {
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

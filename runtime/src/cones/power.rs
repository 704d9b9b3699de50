//! The power cone `{(x, y, z) : x^α y^{1−α} ≥ |z|, x ≥ 0, y ≥ 0}`, whose dual is
//! `{(u, v, w) : (u/α)^α (v/(1−α))^{1−α} ≥ |w|, u ≥ 0, v ≥ 0}`.
//!
//! The projection of `(x, y, z)` is `(ξ(x, α), ξ(y, 1−α), ± r)` with
//! `2 ξ(x, α) = x + √(x² + 4α r (|z| − r))`, and `r` between 0 and `|z|` such that it lies on the
//! boundary (Hien, "Differential properties of Euclidean projection onto power cone", 2015). With
//! `r = |z| / (1 + e^{−θ})` both `r` and `|z| − r` keep their digits, however small.

use super::root::{reach, root};
use super::vector::{Vector, difference, norm, unit, vector};
use super::{Derivative, Pair};
use crate::vector::norm_inf;

/// Where a point is, as seen by the projection.
enum Place {
    Inside,
    /// The negative of the dual cone.
    Polar,
    /// In the plane `z = 0`, and in none of the others.
    Plane,
    /// The projection is that of `θ`.
    Boundary(f64),
}

pub(super) fn violation(alpha: f64, s: &[f64]) -> f64 {
    norm(parts(alpha, vector(s)).1)
}

pub(super) fn dual_violation(alpha: f64, z: &[f64]) -> f64 {
    norm(parts(alpha, vector(z).map(|z| -z)).0)
}

pub(super) fn split(alpha: f64, w: &[f64], s: &mut [f64], z: &mut [f64]) {
    let (inside, outside) = parts(alpha, vector(w));
    s.copy_from_slice(&inside);
    z.copy_from_slice(&outside);
}

fn parts(alpha: f64, w: Vector) -> (Vector, Vector) {
    match place(alpha, w) {
        Place::Inside => (w, [0.0; 3]),
        Place::Polar => ([0.0; 3], w.map(|w| -w)),
        Place::Plane => (
            [w[0].max(0.0), w[1].max(0.0), 0.0],
            [(-w[0]).max(0.0), (-w[1]).max(0.0), 0.0],
        ),
        Place::Boundary(theta) => {
            let size = norm_inf(&w);
            let [x, y, z] = w.map(|w| w / size);
            let (share, rest) = shares(theta);
            let (s_x, z_x) = halves(x, z.abs() * (alpha * share * rest).sqrt());
            let (s_y, z_y) = halves(y, z.abs() * ((1.0 - alpha) * share * rest).sqrt());
            (
                [s_x, s_y, z * share].map(|s| s * size),
                [z_x, z_y, -z * rest].map(|z| z * size),
            )
        }
    }
}

/// Two positive numbers of difference `x` and product `c²`.
fn halves(x: f64, c: f64) -> (f64, f64) {
    let larger = 0.5 * (x.abs() + x.hypot(2.0 * c));
    let smaller = if larger == 0.0 { 0.0 } else { c / larger * c };
    if x > 0.0 { (larger, smaller) } else { (smaller, larger) }
}

/// The shares of `r` and of `|z| − r` in `|z|`.
fn shares(theta: f64) -> (f64, f64) {
    (1.0 / (1.0 + (-theta).exp()), 1.0 / (1.0 + theta.exp()))
}

fn place(alpha: f64, w: Vector) -> Place {
    let [x, y, z] = w;
    if x >= 0.0 && y >= 0.0 && product(alpha, x, y) >= z.abs() {
        return Place::Inside;
    }
    if x <= 0.0 && y <= 0.0 && product(alpha, -x / alpha, -y / (1.0 - alpha)) >= z.abs() {
        return Place::Polar;
    }
    if z == 0.0 {
        return Place::Plane;
    }
    let size = norm_inf(&w);
    let [x, y, z] = w.map(|w| w / size);
    let above = |theta: f64| {
        let (share, rest) = shares(theta);
        let (of_x, x_slope) = excess(x, alpha, z.abs(), share, rest);
        let (of_y, y_slope) = excess(y, 1.0 - alpha, z.abs(), share, rest);
        (
            alpha * of_x + (1.0 - alpha) * of_y,
            alpha * x_slope + (1.0 - alpha) * y_slope,
        )
    };
    // Beyond these, r or |z| − r would leave the range of numbers.
    let bound = |theta: f64| theta.clamp(-600.0, 600.0);
    let (low, high) = if above(0.0).0 > 0.0 {
        (
            0.0,
            bound(reach(0.0, 1.0, |theta| theta > 600.0 || above(theta).0 < 0.0)),
        )
    } else {
        (
            bound(reach(0.0, -1.0, |theta| theta < -600.0 || above(theta).0 > 0.0)),
            0.0,
        )
    };
    Place::Boundary(root(low, high, above))
}

/// The logarithm of `ξ(x, α) / r`, which falls with the share of `r`, and its slope in `θ`.
fn excess(x: f64, alpha: f64, z: f64, share: f64, rest: f64) -> (f64, f64) {
    let root = x.hypot(2.0 * z * (alpha * share * rest).sqrt());
    let root_slope = 2.0 * z * alpha * share * rest * (rest - share) * (z / root);
    if x > 0.0 {
        let value = (0.5 * (x + root)).ln() - z.ln() - share.ln();
        (value, root_slope / (x + root) - rest)
    } else {
        let value = (2.0 * alpha * rest * z / (root - x)).ln();
        (value, -share - root_slope / (root - x))
    }
}

fn product(alpha: f64, x: f64, y: f64) -> f64 {
    x.powf(alpha) * y.powf(1.0 - alpha)
}

/// On the boundary the eigenvalues are 1 along `s`, 0 along `z`, and across `d` with
/// `1/d = 1 + V(z) ‖s‖² / (V(s) ‖z‖²)`, where `V` is the product of the sizes of the three entries:
/// that is `(1 + μ nᵀ∇²g n)⁻¹` for `g = |z| − x^α y^{1−α}`, `μ = ‖z‖ / ‖∇g‖` and `n` the third
/// direction.
pub(super) fn derivative(alpha: f64, pair: &Pair<'_>, mut derivative: Derivative<'_>) -> usize {
    if let Some((d, kink)) = pair.end(|s| margin(alpha, s), |z| dual_margin(alpha, z)) {
        derivative.multiple_of_identity(d);
        return usize::from(kink);
    }
    let w = difference(pair);
    match place(alpha, w) {
        Place::Inside => derivative.multiple_of_identity(1.0),
        Place::Polar => derivative.multiple_of_identity(0.0),
        Place::Plane => plane(alpha, w, derivative),
        Place::Boundary(_) => {
            let (s, z) = parts(alpha, w);
            let (s, z) = (unit(s), unit(z));
            let volume = |x: Vector| x[0].abs() * x[1].abs() * x[2].abs();
            let along_s = norm(vector(pair.s)) * volume(s);
            let along_z = pair.unit * norm(vector(pair.z)) * volume(z);
            let d = along_s / (along_s + along_z);
            derivative.d.fill(if d.is_nan() { 0.5 } else { d });
            derivative.s_hat.copy_from_slice(&s);
            derivative.z_hat.copy_from_slice(&z);
        }
    }
    0
}

/// Those of [`derivative`]: they are at its ends.
pub(super) fn kinks(alpha: f64, pair: &Pair<'_>) -> usize {
    let end = pair.end(|s| margin(alpha, s), |z| dual_margin(alpha, z));
    usize::from(end.is_some_and(|(_, kink)| kink))
}

/// In the plane `z = 0` one of `x` and `y` is positive and the other one negative. Across it, the
/// limit is 0 or 1 as the exponent of the negative one is above or below ½, and between at ½.
fn plane(alpha: f64, w: Vector, mut derivative: Derivative<'_>) {
    let (positive, negative, exponent) = if w[0] > 0.0 { (0, 1, 1.0 - alpha) } else { (1, 0, alpha) };
    let across = if exponent > 0.5 {
        0.0
    } else if exponent < 0.5 {
        1.0
    } else {
        w[positive] / (w[positive] - 2.0 * w[negative])
    };
    derivative.multiple_of_identity(across);
    derivative.s_hat[positive] = 1.0;
    derivative.z_hat[negative] = 1.0;
}

/// At most about the distance to the boundary, from inside: that of its tangent plane, and those of
/// the planes `x = 0` and `y = 0`.
fn margin(alpha: f64, s: &[f64]) -> f64 {
    tangent(s, [alpha, 1.0 - alpha], 1.0)
}

/// As [`margin`] of the dual cone.
fn dual_margin(alpha: f64, z: &[f64]) -> f64 {
    tangent(
        z,
        [alpha, 1.0 - alpha],
        product(alpha, 1.0 / alpha, 1.0 / (1.0 - alpha)),
    )
}

/// For `factor · x^α y^β ≥ |z|`.
fn tangent(s: &[f64], [alpha, beta]: [f64; 2], factor: f64) -> f64 {
    let [x, y, z] = vector(s);
    if x <= 0.0 || y <= 0.0 {
        return 0.0;
    }
    let height = factor * product(alpha, x, y);
    let gradient = [alpha * height / x, beta * height / y, 1.0];
    ((height - z.abs()) / norm(gradient)).min(x).min(y)
}

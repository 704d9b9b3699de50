//! The exponential cone: the closure of `{(x, y, z) : y > 0, y e^{x/y} ≤ z}`.
//!
//! Its boundary is made of the rays along `(ρ, 1, e^ρ)`, that of its dual of the rays along
//! `(−e^ρ, (ρ−1) e^ρ, 1)`, and those of the same `ρ` are orthogonal. So the projection of `w` has
//! the `ρ` for which `w` lies in the plane of the two; there is just one between the bounds within
//! which both parts are positive (Friberg, "Projection onto the exponential cone: a univariate
//! root-finding problem", 2021). What is left is the face `x ≤ 0, y = 0, z ≥ 0`.

use super::root::{reach, refined, root};
use super::vector::{Vector, difference, dot, norm, unit, vector};
use super::{Derivative, Pair};

/// Where a point is, as seen by the projection.
enum Place {
    Inside,
    /// The negative of the dual cone.
    Polar,
    /// Above and below the face `y = 0`.
    Face,
    /// The projection is along `(ρ, 1, e^ρ)`.
    Boundary(f64),
}

pub(super) fn violation(s: &[f64]) -> f64 {
    norm(parts(vector(s)).1)
}

pub(super) fn dual_violation(z: &[f64]) -> f64 {
    norm(parts(vector(z).map(|z| -z)).0)
}

pub(super) fn split(w: &[f64], s: &mut [f64], z: &mut [f64]) {
    let (inside, outside) = parts(vector(w));
    s.copy_from_slice(&inside);
    z.copy_from_slice(&outside);
}

fn parts(w: Vector) -> (Vector, Vector) {
    match place(w, None) {
        Place::Inside => (w, [0.0; 3]),
        Place::Polar => ([0.0; 3], w.map(|w| -w)),
        Place::Face => ([w[0], 0.0, w[2].max(0.0)], [0.0, -w[1], (-w[2]).max(0.0)]),
        Place::Boundary(rho) => {
            let (s, z) = rays(rho);
            let (s, z) = (unit(s), unit(z));
            let (inside, outside) = (dot(w, s).max(0.0), (-dot(w, z)).max(0.0));
            (s.map(|s| inside * s), z.map(|z| outside * z))
        }
    }
}

/// With a guess of the `ρ` of a projection along the boundary.
fn place(w: Vector, guess: Option<f64>) -> Place {
    let [x, y, z] = w;
    if x <= 0.0 && y <= 0.0 {
        return Place::Face;
    }
    if y > 0.0 && y * (x / y).exp() <= z {
        return Place::Inside;
    }
    if x > 0.0 && x * (y / x - 1.0).exp() <= -z {
        return Place::Polar;
    }
    if let Some(rho) = guess.and_then(|guess| refined(guess, |rho| across(w, rho))) {
        return Place::Boundary(rho);
    }
    // A quotient may overflow; there the rays do not change any more.
    let bound = |quotient: f64| quotient.clamp(-1e150, 1e150);
    let (low, high) = match (x > 0.0, y > 0.0) {
        (true, true) => (bound(1.0 - y / x), bound(x / y)),
        (true, false) => {
            let low = bound(1.0 - y / x);
            (low, reach(low, 1.0, |rho| across(w, rho).0 < 0.0))
        }
        _ => {
            let high = bound(x / y);
            (reach(high, -1.0, |rho| across(w, rho).0 > 0.0), high)
        }
    };
    Place::Boundary(root(low, high, |rho| across(w, rho)))
}

/// The product of `w` with the direction across both rays, and its slope. Both rays are scaled as in [`rays`].
fn across(w: Vector, rho: f64) -> (f64, f64) {
    let e = (-rho.abs()).exp();
    let e2 = e * e;
    // The square of the length of each ray, and half its slope before the scaling.
    let (s, s_slope, z, z_slope, n, n_slope);
    let (between, between_slope) = ((rho * rho - rho + 1.0) * e, (rho * rho + rho) * e);
    if rho > 0.0 {
        (s, s_slope) = ((rho * rho + 1.0) * e2 + 1.0, rho * e2 + 1.0);
        (z, z_slope) = (1.0 + (rho - 1.0) * (rho - 1.0) + e2, 1.0 + rho * (rho - 1.0));
        n = [e2 - (rho - 1.0), -1.0 - rho * e2, between];
        n_slope = [1.0 - 2.0 * rho, -2.0 - e2, between_slope];
    } else {
        (s, s_slope) = (rho * rho + 1.0 + e2, rho + e2);
        (z, z_slope) = (
            (1.0 + (rho - 1.0) * (rho - 1.0)) * e2 + 1.0,
            (1.0 + rho * (rho - 1.0)) * e2,
        );
        n = [1.0 - (rho - 1.0) * e2, -e2 - rho, between];
        n_slope = [(1.0 - 2.0 * rho) * e2, -2.0 * e2 - 1.0, between_slope];
    }
    let length = s.sqrt() * z.sqrt();
    let value = dot(w, n) / length;
    (value, dot(w, n_slope) / length - value * (s_slope / s + z_slope / z))
}

/// The two rays, scaled by `e^{−ρ}` where `ρ` is positive.
fn rays(rho: f64) -> (Vector, Vector) {
    let e = (-rho.abs()).exp();
    if rho > 0.0 {
        ([rho * e, e, 1.0], [-1.0, rho - 1.0, e])
    } else {
        ([rho, 1.0, e], [-e, (rho - 1.0) * e, 1.0])
    }
}

/// On the boundary the eigenvalues are 1 along `s`, 0 along `z`, and across `d` with
/// `1/d = 1 + e^ρ (σ/ζ)³ ‖z‖ / ‖s‖`, where `σ` and `ζ` are the lengths of the two rays: that is
/// `(1 + μ nᵀ∇²g n)⁻¹` for `g = y e^{x/y} − z`, `μ = ‖z‖ / ‖∇g‖` and `n` the third direction. On the
/// face `D` is diagonal.
pub(super) fn derivative(pair: &Pair<'_>, mut derivative: Derivative<'_>) -> usize {
    if let Some((d, kink)) = pair.end(margin, dual_margin) {
        derivative.multiple_of_identity(d);
        return usize::from(kink);
    }
    // The quotients of a pair that is complementary already.
    let guess = if norm(vector(pair.s)) > pair.unit * norm(vector(pair.z)) {
        pair.s[0] / pair.s[1]
    } else {
        1.0 - pair.z[1] / pair.z[0]
    };
    match place(difference(pair), Some(guess)) {
        Place::Inside => derivative.multiple_of_identity(1.0),
        Place::Polar => derivative.multiple_of_identity(0.0),
        Place::Face => return face(pair, derivative),
        Place::Boundary(rho) => {
            let (s, z) = rays(rho);
            let curvature = (rho + 3.0 * (norm(s) / norm(z)).ln()).exp();
            let (s_norm, z_norm) = (norm(vector(pair.s)), pair.unit * norm(vector(pair.z)));
            derivative.d.fill(s_norm / (s_norm + z_norm * curvature));
            derivative.s_hat.copy_from_slice(&unit(s));
            derivative.z_hat.copy_from_slice(&unit(z));
        }
    }
    0
}

/// Those of [`derivative`]: the boundary between has none.
pub(super) fn kinks(pair: &Pair<'_>, derivative: Derivative<'_>) -> usize {
    let [x, y, _] = difference(pair);
    match pair.end(margin, dual_margin) {
        Some((_, kink)) => usize::from(kink),
        None if x <= 0.0 && y <= 0.0 => face(pair, derivative),
        None => 0,
    }
}

/// Eigenvalues along the axes: of `x` 1, of `y` 0, of `z` 1 where its slack is the larger one; ½ where
/// the slack and the dual of an axis both vanish and those of the others are 1 and 0.
fn face(pair: &Pair<'_>, mut derivative: Derivative<'_>) -> usize {
    let (s, z) = (pair.s, pair.z);
    let vanishes = |row: usize| s[row].abs() <= pair.s_noise[row] && pair.unit * z[row].abs() <= pair.z_noise;
    let above = if s[2] > pair.unit * z[2] { 1.0 } else { 0.0 };
    let kink = (0..3).find(|row| vanishes(*row));
    let mut eigenvalues = [1.0, 0.0, above];
    let halved = kink.filter(|row| match row {
        0 => above == 1.0,
        1 => above == 0.0,
        _ => true,
    });
    if let Some(row) = halved {
        eigenvalues[row] = 0.5;
    }
    let between = if halved.is_some() { 0.5 } else { above };
    derivative.multiple_of_identity(between);
    for (row, eigenvalue) in eigenvalues.into_iter().enumerate() {
        if eigenvalue != between {
            let hat = if eigenvalue == 1.0 {
                &mut derivative.s_hat
            } else {
                &mut derivative.z_hat
            };
            hat[row] = 1.0;
        }
    }
    usize::from(kink.is_some())
}

/// At most about the distance to the boundary, from inside: that of its tangent plane, and `y`.
fn margin(s: &[f64]) -> f64 {
    let [x, y, z] = vector(s);
    if y <= 0.0 {
        return 0.0;
    }
    let rho = x / y;
    let e = (-rho.abs()).exp();
    let above = if rho > 0.0 { e * z - y } else { z - e * y };
    (above / norm(rays(rho).1)).min(y)
}

/// As [`margin`] of the dual cone.
fn dual_margin(z: &[f64]) -> f64 {
    let [u, v, w] = vector(z);
    if u >= 0.0 {
        return 0.0;
    }
    let rho = 1.0 - v / u;
    let e = (-rho.abs()).exp();
    let above = if rho > 0.0 { w + e * u } else { e * w + u };
    (above / norm(rays(rho).0)).min(-u)
}

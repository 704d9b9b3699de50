//! The cones of the standard form.

mod eigen;
mod exponential;
mod nonneg;
mod power;
mod root;
mod second_order;
mod semidefinite;
mod vector;
mod zero;

pub(crate) use eigen::{diagonalize, eigenvalues};
pub(crate) use semidefinite::{add_rotated, corner, rotate, unpack};

use crate::Error;
use crate::vector::norm_inf;

/// Whether [`Cone::Semidefinite`] is supported: it is with one of the features `sdp` and
/// `sdp-system`.
pub const SDP: bool = cfg!(any(feature = "sdp", feature = "sdp-system"));

/// One cone of the product cone `K` in `Ax + s = b, s ∈ K`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Cone {
    /// `{0}ᵈ`: equalities.
    Zero(usize),
    /// The nonnegative orthant of dimension `d`.
    Nonneg(usize),
    /// The second-order cone `{(t, x) : t ≥ ‖x‖₂}` of dimension `d`, `t` first.
    SecondOrder(usize),
    /// The exponential cone, the closure of `{(x, y, z) : y > 0, y e^{x/y} ≤ z}`.
    ///
    /// Its dual is the closure of `{(u, v, w) : u < 0, −u e^{v/u − 1} ≤ w}`.
    Exponential,
    /// The power cone `{(x, y, z) : x^α y^{1−α} ≥ |z|, x ≥ 0, y ≥ 0}` of an exponent `0 < α < 1`.
    ///
    /// Its dual is `{(u, v, w) : (u/α)^α (v/(1−α))^{1−α} ≥ |w|, u ≥ 0, v ≥ 0}`.
    Power(f64),
    /// The positive semidefinite matrices of order `n`: the `n(n+1)/2` entries of the upper triangle
    /// by columns, those off the diagonal times `√2`.
    ///
    /// It needs the feature `sdp`, which is on by default, or `sdp-system`.
    Semidefinite(usize),
}

/// The derivative of the projection onto one cone, as `D = d I + (1 − d) ŝŝᵀ − d ẑẑᵀ`: an
/// orthonormal pair `ŝ, ẑ` with the eigenvalues 1 and 0, and `d` for the rest. Rows without a
/// distinguished direction have `ŝ = ẑ = 0`. A smoothed one has `ends` for 1 and 0.
///
/// Of a semidefinite cone it is the diagonal `d` after a rotation of matrices by the `basis`.
#[derive(Debug)]
pub(crate) struct Derivative<'a> {
    pub(crate) d: &'a mut [f64],
    pub(crate) s_hat: &'a mut [f64],
    pub(crate) z_hat: &'a mut [f64],
    /// The eigenvalues along `ŝ` and `ẑ`.
    pub(crate) ends: &'a mut [f64; 2],
    /// An orthogonal matrix by columns, of [`Cone::basis`] numbers.
    pub(crate) basis: &'a mut [f64],
}

impl Derivative<'_> {
    fn multiple_of_identity(&mut self, d: f64) {
        *self.ends = [1.0, 0.0];
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
    /// The product of each entry, or eigenvalue, of `s` and `unit · z`; zero but for a smoothed derivative.
    pub(crate) smoothing: f64,
}

impl Pair<'_> {
    /// The `d` in `D = d I` where a part vanishes, and whether the other one does too or lies on the
    /// boundary: from there the projection is differentiable to one side only.
    fn end(&self, margin: impl Fn(&[f64]) -> f64, dual_margin: impl Fn(&[f64]) -> f64) -> Option<(f64, bool)> {
        let s_noise = norm_inf(self.s_noise);
        let (s_vanishes, z_vanishes) = (norm(self.s) <= s_noise, self.unit * norm(self.z) <= self.z_noise);
        match (s_vanishes, z_vanishes) {
            (true, true) => Some((0.5, true)),
            (true, false) => Some((0.0, self.unit * dual_margin(self.z) <= self.z_noise)),
            (false, true) => Some((1.0, margin(self.s) <= s_noise)),
            (false, false) => None,
        }
    }
}

impl Cone {
    /// The number of rows of the cone.
    pub fn dim(self) -> usize {
        match self {
            Cone::Zero(dim) | Cone::Nonneg(dim) | Cone::SecondOrder(dim) => dim,
            Cone::Exponential | Cone::Power(_) => 3,
            Cone::Semidefinite(order) => semidefinite::rows(order),
        }
    }

    /// How far `s` is outside of the cone, in the units of `s`; zero inside.
    ///
    /// For the second-order cone it is `max(‖x‖₂ − t, 0)`, for the semidefinite cone what the smallest
    /// eigenvalue lacks, for the exponential and the power cone the distance, and for the others the
    /// largest violation of an entry.
    pub fn violation(self, s: &[f64]) -> f64 {
        match self {
            Cone::Zero(_) => zero::violation(s),
            Cone::Nonneg(_) => nonneg::violation(s),
            Cone::SecondOrder(_) => second_order::violation(s),
            Cone::Exponential => exponential::violation(s),
            Cone::Power(alpha) => power::violation(alpha, s),
            Cone::Semidefinite(order) => semidefinite::violation(order, s),
        }
    }

    /// How far `z` is outside of the dual cone, as [`violation`](Self::violation).
    pub fn dual_violation(self, z: &[f64]) -> f64 {
        match self {
            Cone::Zero(_) => 0.0,
            Cone::Nonneg(_) => nonneg::violation(z),
            Cone::SecondOrder(_) => second_order::violation(z),
            Cone::Exponential => exponential::dual_violation(z),
            Cone::Power(alpha) => power::dual_violation(alpha, z),
            Cone::Semidefinite(order) => semidefinite::violation(order, z),
        }
    }

    /// Whether the cone can be part of the problem.
    pub(crate) fn check(self, problem: &'static str) -> Result<(), Error> {
        match self {
            // Not a number is not between.
            Cone::Power(exponent) if !(exponent > 0.0 && exponent < 1.0) => Err(Error::Exponent { problem, exponent }),
            Cone::Semidefinite(_) if !SDP => Err(Error::NoSemidefinite { problem }),
            _ => Ok(()),
        }
    }

    /// The numbers that hold the rotation of the derivative; zero where there is none.
    pub(crate) fn basis(self) -> usize {
        match self {
            Cone::Semidefinite(order) if order > 1 => order * order,
            _ => 0,
        }
    }

    /// The numbers that `split` and `derivative` need besides.
    pub(crate) fn scratch(self) -> usize {
        2 * self.basis()
    }

    /// As [`split`](Self::split), but in the orthant, the second-order and the semidefinite cone the products of the
    /// entries, or of the eigenvalues, of `s` and `z` are `smoothing`: the point of the central path.
    pub(crate) fn split_smoothly(self, w: &[f64], smoothing: f64, s: &mut [f64], z: &mut [f64], scratch: &mut [f64]) {
        match self {
            Cone::Nonneg(_) | Cone::SecondOrder(0 | 1) | Cone::Semidefinite(0 | 1) if smoothing > 0.0 => {
                nonneg::split_smoothly(w, smoothing, s, z);
            }
            Cone::SecondOrder(_) if smoothing > 0.0 => second_order::split_smoothly(w, smoothing, s, z),
            Cone::Semidefinite(order) if smoothing > 0.0 => {
                semidefinite::split_smoothly(order, w, smoothing, s, z, scratch);
            }
            _ => self.split(w, s, z, scratch),
        }
    }

    /// Splits `w = s − z` into `s ∈ K` and `z ∈ K*` with `sᵀz = 0`: `s` is the projection of `w`.
    pub(crate) fn split(self, w: &[f64], s: &mut [f64], z: &mut [f64], scratch: &mut [f64]) {
        match self {
            Cone::Zero(_) => zero::split(w, s, z),
            Cone::Nonneg(_) | Cone::SecondOrder(0 | 1) | Cone::Semidefinite(0 | 1) => nonneg::split(w, s, z),
            Cone::SecondOrder(_) => second_order::split(w, s, z),
            Cone::Exponential => exponential::split(w, s, z),
            Cone::Power(alpha) => power::split(alpha, w, s, z),
            Cone::Semidefinite(order) => semidefinite::split(order, w, s, z, scratch),
        }
    }

    /// The number of kinks at `s − z`; what this leaves of `derivative` is of no use.
    pub(crate) fn kinks(self, pair: &Pair<'_>, derivative: Derivative<'_>, scratch: &mut [f64]) -> usize {
        match self {
            Cone::Exponential => exponential::kinks(pair, derivative),
            Cone::Power(alpha) => power::kinks(alpha, pair),
            _ => self.derivative(pair, derivative, scratch),
        }
    }

    /// The derivative of the projection at `s − z`; returns the number of kinks.
    pub(crate) fn derivative(self, pair: &Pair<'_>, derivative: Derivative<'_>, scratch: &mut [f64]) -> usize {
        *derivative.ends = [1.0, 0.0];
        match self {
            Cone::Zero(_) => zero::derivative(derivative),
            Cone::Nonneg(_) | Cone::SecondOrder(0 | 1) | Cone::Semidefinite(0 | 1) => {
                nonneg::derivative(pair, derivative)
            }
            Cone::SecondOrder(_) => second_order::derivative(pair, derivative),
            Cone::Exponential => exponential::derivative(pair, derivative),
            Cone::Power(alpha) => power::derivative(alpha, pair, derivative),
            Cone::Semidefinite(order) => semidefinite::derivative(order, pair, derivative, scratch),
        }
    }
}

/// Memory for the largest cone's `split` and `derivative`.
pub(crate) fn scratch(cones: &[Cone]) -> Vec<f64> {
    vec![0.0; cones.iter().map(|cone| cone.scratch()).max().unwrap_or(0)]
}

/// The two positive numbers of difference `w` and product `smoothing`, each to full precision.
fn halves(w: f64, smoothing: f64) -> (f64, f64) {
    let larger = 0.5 * (w.abs() + w.hypot(2.0 * smoothing.sqrt()));
    let smaller = smoothing / larger;
    if w > 0.0 { (larger, smaller) } else { (smaller, larger) }
}

fn norm(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests;

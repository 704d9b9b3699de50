//! Curvatures and monotonicities, and the rules that combine them.

use std::fmt::{self, Display, Formatter};

use crate::sign::Sign;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curvature {
    Constant,
    Affine,
    Convex,
    Concave,
    /// The rules do not tell.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Monotonicity {
    Nondecreasing,
    Nonincreasing,
    Neither,
}

use Curvature::{Affine, Concave, Constant, Convex, Unknown};

impl Curvature {
    pub fn is_affine(self) -> bool {
        matches!(self, Constant | Affine)
    }

    pub fn is_convex(self) -> bool {
        matches!(self, Constant | Affine | Convex)
    }

    pub fn is_concave(self) -> bool {
        matches!(self, Constant | Affine | Concave)
    }

    pub fn plus(self, other: Curvature) -> Curvature {
        match (self, other) {
            (Constant, other) | (other, Constant) => other,
            (Affine, other) | (other, Affine) => other,
            (Convex, Convex) => Convex,
            (Concave, Concave) => Concave,
            _ => Unknown,
        }
    }

    pub fn negated(self) -> Curvature {
        match self {
            Convex => Concave,
            Concave => Convex,
            other => other,
        }
    }

    /// Multiplied by a constant of the given sign.
    pub fn scaled(self, sign: Sign) -> Curvature {
        match self {
            Constant | Affine => self,
            Unknown => Unknown,
            _ if sign.is_zero() => Affine,
            _ if sign.nonneg => self,
            _ if sign.nonpos => self.negated(),
            _ => Unknown,
        }
    }

    /// Whether a function of this curvature, of this monotonicity in the argument, keeps it when the
    /// argument has the curvature `argument`.
    pub fn composes(self, monotonicity: Monotonicity, argument: Curvature) -> bool {
        argument.is_affine()
            || match (self, monotonicity) {
                (Convex, Monotonicity::Nondecreasing) | (Concave, Monotonicity::Nonincreasing) => argument.is_convex(),
                (Convex, Monotonicity::Nonincreasing) | (Concave, Monotonicity::Nondecreasing) => argument.is_concave(),
                _ => false,
            }
    }
}

impl Display for Curvature {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Constant => "constant",
            Affine => "affine",
            Convex => "convex",
            Concave => "concave",
            Unknown => "neither convex nor concave by the rules",
        })
    }
}

impl Display for Monotonicity {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Monotonicity::Nondecreasing => "nondecreasing",
            Monotonicity::Nonincreasing => "nonincreasing",
            Monotonicity::Neither => "not monotone",
        })
    }
}

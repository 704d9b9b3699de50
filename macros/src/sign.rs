//! Signs: what is known of every entry of an expression.

use std::fmt::{self, Display, Formatter};
use std::ops::{Add, Mul, Neg};

/// Both hold for zero, neither for an unknown sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    pub nonneg: bool,
    pub nonpos: bool,
}

impl Sign {
    pub const UNKNOWN: Sign = Sign {
        nonneg: false,
        nonpos: false,
    };
    pub const NONNEG: Sign = Sign {
        nonneg: true,
        nonpos: false,
    };

    pub fn of(value: f64) -> Sign {
        Sign {
            nonneg: value >= 0.0,
            nonpos: value <= 0.0,
        }
    }

    pub fn is_zero(self) -> bool {
        self.nonneg && self.nonpos
    }
}

impl Neg for Sign {
    type Output = Sign;
    fn neg(self) -> Sign {
        Sign {
            nonneg: self.nonpos,
            nonpos: self.nonneg,
        }
    }
}

impl Add for Sign {
    type Output = Sign;
    fn add(self, other: Sign) -> Sign {
        Sign {
            nonneg: self.nonneg && other.nonneg,
            nonpos: self.nonpos && other.nonpos,
        }
    }
}

impl Mul for Sign {
    type Output = Sign;
    fn mul(self, other: Sign) -> Sign {
        let zero = self.is_zero() || other.is_zero();
        Sign {
            nonneg: zero || self.nonneg && other.nonneg || self.nonpos && other.nonpos,
            nonpos: zero || self.nonneg && other.nonpos || self.nonpos && other.nonneg,
        }
    }
}

impl Display for Sign {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.nonneg, self.nonpos) {
            (true, true) => "zero",
            (true, false) => "nonneg",
            (false, true) => "nonpos",
            (false, false) => "of unknown sign",
        })
    }
}

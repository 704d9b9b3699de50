//! What generated code uses. Not for people: it changes without notice.

pub use core::clone::Clone;
pub use core::cmp::PartialEq;
pub use core::convert::From;
pub use core::fmt::Debug;
pub use core::marker::Copy;
pub use core::ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub, SubAssign};
pub use core::option::Option;
pub use core::result::Result;
pub use core::slice;
pub use sprs::CsStructureView;
pub use std::vec::Vec;

pub use cvxlayers_macros::cvx;

pub use crate::__operators as operators;
pub use crate::places::{Places, zero_like};
pub use crate::runs::{Run, Steps};
pub use crate::{
    Attributes, Bounds, Cone, Cotangent, Entries, EntriesMut, Error, Family, OfData, OfDims, OfDimsAndData, OfNothing,
    Pattern, Problem, Reach, Record, SDP, Slots, Solution,
};

/// What has a type.
pub trait Known {
    /// It.
    type Type;
}

/// Stands for a type that a mistake leaves unknown: the mistake stands where the number does.
pub struct Unknown<const N: usize>;

impl Known for Unknown<0> {
    type Type = ();
}

/// The place of the entry `(i, j)` of a symmetric matrix among the entries of its upper triangle by columns.
pub const fn triangle(i: usize, j: usize) -> usize {
    let (low, high) = if i < j { (i, j) } else { (j, i) };
    low + high * (high + 1) / 2
}

/// Adds `y` to `x`, entry by entry.
pub fn add(x: &mut [f64], y: &[f64]) {
    for (x, y) in x.iter_mut().zip(y) {
        *x += y;
    }
}

/// Sets to zero the entries that a nest visits, given its first visit and how many there are.
pub fn clear(entries: &mut [f64], slots: &[u32], first: usize, visits: usize) {
    for slot in &slots[first..first + visits] {
        // A visit that was passed over has no slot.
        if let Some(entry) = entries.get_mut(*slot as usize) {
            *entry = 0.0;
        }
    }
}

/// The derivative of the absolute value, zero at zero.
pub fn sign(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x.signum() }
}

/// `−x ln x`, zero at zero.
pub fn entropy(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { -x * x.ln() }
}

/// `ln(1 + eˣ)`
pub fn logistic(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// One where `x` is above `y`, otherwise zero: the derivative of a maximum.
pub fn above(x: f64, y: f64) -> f64 {
    if x > y { 1.0 } else { 0.0 }
}

/// The derivative of the square root; zero at zero, so that a norm there has a subgradient.
pub fn slope_of_sqrt(x: f64) -> f64 {
    if x > 0.0 { 0.5 / x.sqrt() } else { 0.0 }
}

/// Requires a dimension to be positive, and to fit 32 bits: then no polynomial of degree three in it overflows `i128`.
///
/// # Errors
///
/// [`Error::Dimension`] or [`Error::TooLarge`] where it is not.
pub const fn positive(name: &'static str, value: i128) -> Result<(), Error> {
    if value > 0 {
        countable(value)
    } else {
        Err(Error::Dimension { name, value })
    }
}

/// Requires an index or a range to be within bounds.
///
/// # Errors
///
/// [`Error::Bounds`] where it is not.
pub const fn within(expression: &'static str, room: &'static str, value: i128) -> Result<(), Error> {
    if value > 0 {
        Ok(())
    } else {
        Err(Error::Bounds {
            expression,
            room,
            value,
        })
    }
}

/// Requires a count to fit 32 bits.
///
/// # Errors
///
/// [`Error::TooLarge`] where it does not.
pub const fn countable(value: i128) -> Result<(), Error> {
    if value <= u32::MAX as i128 {
        Ok(())
    } else {
        Err(Error::TooLarge)
    }
}

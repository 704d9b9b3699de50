//! Numbers and dimensions that an expression stands for while it compiles.

use crate::dims::Dim;
use crate::expr::{Expr, Kind};

/// The value of arithmetic on numbers.
pub fn number(e: &Expr) -> Option<f64> {
    match &e.kind {
        Kind::Number(value) => Some(*value),
        // Exact below 2⁵³.
        Kind::Size(dim) => dim.value().map(|value| value as f64),
        Kind::Named(arg) | Kind::Called(arg) => number(arg),
        Kind::Negate(arg) => number(arg).map(|value| -value),
        Kind::Add(a, b) => Some(number(a)? + number(b)?),
        Kind::Multiply(a, b) => Some(number(a)? * number(b)?),
        Kind::Divide(a, b) => Some(number(a)? / number(b)?),
        _ => None,
    }
}

/// The value of arithmetic on dimensions, where it is whole.
pub fn whole(e: &Expr) -> Option<Dim> {
    match &e.kind {
        // Exact: a whole number below 2³¹ is one of usize.
        Kind::Number(value) if value.fract() == 0.0 && (0.0..=f64::from(i32::MAX)).contains(value) => {
            Some(Dim::literal(*value as usize))
        }
        Kind::Size(dim) => Some(dim.clone()),
        Kind::Named(arg) | Kind::Called(arg) => whole(arg),
        Kind::Negate(arg) => Some(&Dim::zero() - &whole(arg)?),
        Kind::Add(a, b) => Some(&whole(a)? + &whole(b)?),
        Kind::Multiply(a, b) => Some(&whole(a)? * &whole(b)?),
        Kind::Divide(a, b) => whole(a)?.divided(usize::try_from(whole(b)?.value()?).ok()?),
        _ => None,
    }
}

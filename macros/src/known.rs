//! Numbers and dimensions that an expression stands for while it compiles.

use crate::dims::Dim;
use crate::expr::{Expr, Kind};

/// The value of arithmetic on numbers.
pub fn number(e: &Expr) -> Option<f64> {
    match &e.kind {
        _ if !e.shape.is_scalar() => None,
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

/// A quotient of a dimension and a whole number, from arithmetic on dimensions.
pub fn quotient(e: &Expr) -> Option<(Dim, usize)> {
    match &e.kind {
        _ if !e.shape.is_scalar() => None,
        // Exact: a whole number below 2³¹ is one of usize.
        Kind::Number(value) if value.fract() == 0.0 && (0.0..=f64::from(i32::MAX)).contains(value) => {
            Some((Dim::literal(*value as usize), 1))
        }
        Kind::Size(dim) => Some((dim.clone(), 1)),
        Kind::Named(arg) | Kind::Called(arg) => quotient(arg),
        Kind::Negate(arg) => quotient(arg).map(|(dim, over)| (&Dim::zero() - &dim, over)),
        Kind::Add(a, b) => {
            let ((a, over), (b, under)) = (quotient(a)?, quotient(b)?);
            let sum = &(&a * &Dim::literal(under)) + &(&b * &Dim::literal(over));
            Some((sum, over.checked_mul(under)?))
        }
        Kind::Multiply(a, b) => {
            let ((a, over), (b, under)) = (quotient(a)?, quotient(b)?);
            Some((&a * &b, over.checked_mul(under)?))
        }
        Kind::Divide(a, b) => {
            let ((a, over), (b, under)) = (quotient(a)?, quotient(b)?);
            let by = b.value().and_then(|value| usize::try_from(value).ok())?;
            Some((
                &a * &Dim::literal(under),
                over.checked_mul(by).filter(|over| *over > 0)?,
            ))
        }
        _ => None,
    }
}

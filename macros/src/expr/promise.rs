//! What is known of the values of an expression before there are values.

use super::{Expr, ExprRef, Kind, Move};
use crate::sign::Sign;

/// What is known of the values of an expression.
#[derive(Clone, Copy)]
pub struct Promise {
    pub sign: Sign,
    pub definite: Sign,
    pub symmetric: bool,
}

/// The rules by which semidefiniteness of a matrix is seen.
pub fn definite(kind: &Kind) -> Sign {
    match kind {
        Kind::Named(arg) | Kind::Called(arg) | Kind::Transpose(arg) => arg.definite,
        Kind::Negate(arg) => -arg.definite,
        Kind::Move(Move::ToDiagonal, arg) => arg.sign,
        Kind::Add(a, b) if a.shape == b.shape => a.definite + b.definite,
        Kind::Product(a, b) if a.is_transpose_of(b) || b.is_transpose_of(a) => Sign::NONNEG,
        Kind::Multiply(a, b) if a.shape.is_scalar() => a.sign * b.definite,
        Kind::Multiply(a, b) | Kind::Divide(a, b) if b.shape.is_scalar() => a.definite * b.sign,
        _ => Sign::UNKNOWN,
    }
}

/// The rules by which a matrix is seen to equal its transpose.
pub fn symmetric(kind: &Kind) -> bool {
    match kind {
        Kind::Named(arg) | Kind::Called(arg) | Kind::Transpose(arg) | Kind::Negate(arg) => arg.symmetric,
        Kind::Number(_) | Kind::Size(_) | Kind::Move(Move::ToDiagonal, _) => true,
        Kind::Add(a, b) => a.symmetric && b.symmetric || a.is_transpose_of(b) || b.is_transpose_of(a),
        Kind::Multiply(a, b) | Kind::Divide(a, b) => a.symmetric && b.symmetric,
        Kind::SumOver(_, arg) => arg.symmetric,
        Kind::Product(a, b) => {
            let congruence = |outer: &Expr, inner: &ExprRef| match &inner.kind {
                Kind::Product(first, middle) => {
                    middle.symmetric && (outer.is_transpose_of(first) || first.is_transpose_of(outer))
                }
                _ => false,
            };
            a.is_transpose_of(b) || b.is_transpose_of(a) || congruence(b, a)
        }
        Kind::Slice(arg, window) => arg.symmetric && window.row == window.col,
        _ => false,
    }
}

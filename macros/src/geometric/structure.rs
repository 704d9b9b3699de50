//! How expressions are put together beyond their operators, as far as logarithms are concerned.

use crate::dims::Loop;
use crate::expr::{ExprRef, Kind, Move};

/// The parts of a stack, which are summed, each in its place among zeros.
pub fn stack(e: &ExprRef) -> Option<Vec<&ExprRef>> {
    match &e.kind {
        Kind::Move(Move::Place(..), arg) => Some(vec![arg]),
        Kind::Add(a, b) => {
            let (mut parts, others) = (stack(a)?, stack(b)?);
            parts.extend(others);
            Some(parts)
        }
        _ => None,
    }
}

/// What stands in a place of its own in each turn.
pub fn placed(e: &ExprRef) -> Option<&ExprRef> {
    match &e.kind {
        Kind::SumOver(_, arg) => match &arg.kind {
            Kind::Move(Move::Place(..), part) => Some(part),
            _ => placed(arg),
        },
        _ => None,
    }
}

/// Whether what stands in places is weighted, and may be in one place more than once: `kron` and `conv`.
pub fn overlaps(e: &ExprRef) -> bool {
    match &e.kind {
        Kind::SumOver(_, arg) => overlaps(arg),
        Kind::Multiply(_, placed) => matches!(placed.kind, Kind::Move(Move::Place(..), _)),
        _ => false,
    }
}

/// The smallest over the turns of a loop, which is written by the largest.
pub fn smallest(e: &ExprRef) -> Option<(&Loop, &ExprRef)> {
    let Kind::Negate(largest) = &e.kind else { return None };
    let Kind::Extreme(range, arg) = &largest.kind else {
        return None;
    };
    match &arg.kind {
        Kind::Negate(arg) => Some((range, arg)),
        _ => None,
    }
}

/// What is subtracted.
pub fn subtracted(e: &ExprRef) -> Option<(&ExprRef, &ExprRef)> {
    match &e.kind {
        Kind::Add(a, b) => match &b.kind {
            Kind::Negate(b) => Some((a, b)),
            _ => None,
        },
        _ => None,
    }
}

/// The operands that have logarithms: not the exponents and the weights.
pub fn operands(e: &ExprRef) -> Vec<&ExprRef> {
    if let Some(parts) = stack(e) {
        return parts;
    }
    if let Some(part) = placed(e) {
        return vec![part];
    }
    if let Some((_, arg)) = smallest(e) {
        return vec![arg];
    }
    if let Some((a, b)) = subtracted(e) {
        return vec![a, b];
    }
    match &e.kind {
        // One mistake, whatever the operands are.
        Kind::Named(value) if overlaps(value) => vec![],
        Kind::Atom(atom, args) if matches!(atom.name, "power" | "pnorm" | "geo_mean") => vec![&args[0]],
        _ => e.children(),
    }
}

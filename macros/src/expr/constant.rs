//! What is known of a scalar without variables and parameters.

use super::Kind;
use crate::dims::{Dim, Symbol};
use crate::sign::Sign;

/// The most terms, and factors of a term, of what is multiplied out.
const MOST: usize = 4;

/// Its value, where it is of numbers alone, or else the dimension that it is, over another that is positive.
#[derive(Clone, Default)]
pub struct Constant {
    value: Option<f64>,
    quotient: Option<[Dim; 2]>,
}

impl Constant {
    pub fn of(kind: &Kind) -> Self {
        Self {
            value: value(kind),
            quotient: quotient(kind),
        }
    }

    pub fn sign(&self) -> Option<Sign> {
        if let Some(value) = self.value {
            return Some(Sign::of(value));
        }
        let [dim, _] = self.quotient.as_ref()?;
        let exceeds_minus_one = |dim: &Dim| (dim + &Dim::one()).is_positive() == Some(true);
        let sign = Sign {
            nonneg: exceeds_minus_one(dim),
            nonpos: exceeds_minus_one(&(&Dim::zero() - dim)),
        };
        (sign.nonneg || sign.nonpos).then_some(sign)
    }
}

fn value(kind: &Kind) -> Option<f64> {
    Some(match kind {
        Kind::Number(value) => *value,
        Kind::Size(dim) => dim.value()? as f64,
        Kind::Named(arg) | Kind::Called(arg) | Kind::Transpose(arg) => arg.constant.value?,
        Kind::Negate(arg) => -arg.constant.value?,
        Kind::Add(a, b) => a.constant.value? + b.constant.value?,
        Kind::Multiply(a, b) | Kind::Product(a, b) => a.constant.value? * b.constant.value?,
        Kind::Divide(a, b) => a.constant.value? / b.constant.value?,
        Kind::Atom(atom, args) => {
            let [arg] = args.as_slice() else { return None };
            let arg = arg.constant.value?;
            match atom.name {
                "abs" => arg.abs(),
                "exp" => arg.exp(),
                "log" => arg.ln(),
                "log1p" => arg.ln_1p(),
                "sqrt" => arg.sqrt(),
                "square" => arg * arg,
                "inv_pos" => 1.0 / arg,
                _ => return None,
            }
        }
        _ => return None,
    })
}

fn quotient(kind: &Kind) -> Option<[Dim; 2]> {
    Some(match kind {
        Kind::Number(value) if value.fract() == 0.0 && (0.0..=f64::from(i32::MAX)).contains(value) => {
            [Dim::literal(*value as usize), Dim::one()]
        }
        // Of a loop's index the range is not known here.
        Kind::Size(dim) if dim.symbols().all(Symbol::is_fixed) => [dim.clone(), Dim::one()],
        Kind::Named(arg) | Kind::Called(arg) => arg.constant.quotient.clone()?,
        Kind::Negate(arg) => {
            let [dim, over] = arg.constant.quotient.as_ref()?;
            [&Dim::zero() - dim, over.clone()]
        }
        Kind::Add(a, b) => {
            let ([a, over], [b, under]) = (a.constant.quotient.as_ref()?, b.constant.quotient.as_ref()?);
            [&product(a, under)? + &product(b, over)?, product(over, under)?]
        }
        Kind::Multiply(a, b) | Kind::Product(a, b) => {
            let ([a, over], [b, under]) = (a.constant.quotient.as_ref()?, b.constant.quotient.as_ref()?);
            [product(a, b)?, product(over, under)?]
        }
        Kind::Divide(a, b) => {
            let ([a, over], [b, under]) = (a.constant.quotient.as_ref()?, b.constant.quotient.as_ref()?);
            if b.is_positive() != Some(true) {
                return None;
            }
            [product(a, under)?, product(over, b)?]
        }
        _ => return None,
    })
}

/// None where it would be too large.
fn product(a: &Dim, b: &Dim) -> Option<Dim> {
    if b.is_one() {
        return Some(a.clone());
    }
    let large = [a, b].iter().any(|dim| dim.size().iter().any(|size| *size > MOST));
    (!large).then(|| a * b)
}

//! Exponentials and logarithms, of what has no variables: with variables they need the exponential cone.

use super::{Atom, COMMON, Value, concave, nondecreasing};
use crate::nest::coef::{Coef, Function};
use crate::sign::Sign;

pub const ATOMS: &[Atom] = &[EXP, LOG];

const EXP: Atom = Atom {
    name: "exp",
    usage: "exp(x)",
    monotonicity: nondecreasing,
    value: Value::Each(|args| Coef::Call(Function::Exp, args)),
    ..COMMON
};

const LOG: Atom = Atom {
    name: "log",
    usage: "log(x)",
    sign: |_| Sign::UNKNOWN,
    curvature: concave,
    monotonicity: nondecreasing,
    value: Value::Each(|args| Coef::Call(Function::Log, args)),
    ..COMMON
};

//! The units in which a program is solved.

use crate::Program;
use crate::vector::norm_inf;

/// The units in which the solver sees a program. Its tolerances are absolute for everything below
/// one, so that a program of small numbers would be solved to no digits at all; a program of large
/// numbers is left as it is, because some of its terms may be small.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Units {
    /// What `x` and `s` are divided by.
    pub(super) point: f64,
    /// What the objective is multiplied by.
    pub(super) cost: f64,
}

impl Units {
    pub(super) fn of(program: &Program) -> Self {
        let point = 1.0 / magnification(norm_inf(&program.b));
        let (p, q) = (norm_inf(program.p.data()), norm_inf(&program.q));
        Self {
            point,
            cost: magnification((point * p).max(q) * point),
        }
    }
}

/// The power of two that takes a size below one to about one.
fn magnification(size: f64) -> f64 {
    if size > 0.0 && size < 1.0 {
        (-size.log2()).floor().min(500.0).exp2()
    } else {
        1.0
    }
}

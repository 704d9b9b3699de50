//! The rewrites that messages propose: each compiles and solves, and means what was meant.
#![allow(missing_docs)]

mod attributes;
mod cones;
mod curvature;
mod functions;
mod geometric;
mod listed;
mod meaning;
mod names;
mod several;
mod shape;
mod syntax;

use cvxlayers::{Attributes, Error, Family, Problem, Record, Status};

/// The refused problems of `ui`, each under the name of its file, with what the messages propose.
macro_rules! repaired {
    ($($case:ident [$($dim:ident = $size:expr),*] { $($problem:tt)* })*) => {
        $(mod $case {
            cvxlayers::cvx! { $($problem)* }

            #[test]
            fn solves() -> Result<(), cvxlayers::Error> {
                crate::assert_solves($crate::repaired!(@new $($dim = $size),*)?)
            }
        })*
    };
    (@new) => { P::new() };
    (@new $($dim:ident = $size:expr),+) => { P::new(PDims { $($dim: $size),+ }) };
}
pub(crate) use repaired;

/// Positive numbers where the attributes allow them, and a multiple of the identity for what is semidefinite.
fn assert_solves<F: Family, C>(mut problem: Problem<F, C>) -> Result<(), Error> {
    let mut params = problem.zero_params();
    for field in 0..F::Params::NAMES.len() {
        let attributes: Attributes = F::ATTRIBUTES[field];
        let [rows, _] = params.shape(field);
        let sign = if attributes.nonpos || attributes.nsd { -1.0 } else { 1.0 };
        let diagonal = attributes.psd || attributes.nsd || attributes.diagonal;
        for (place, entry) in params.entries_mut(field).iter_mut().enumerate() {
            let (row, col) = (place % rows, place / rows);
            *entry = match row == col {
                false if diagonal => 0.0,
                _ => sign * (1.0 + 0.1 * (row + col) as f64),
            };
        }
    }
    let solution = problem.solve(&params)?;
    assert_eq!(solution.status, Status::Solved);
    Ok(())
}

//! Differentiable convex optimization layers, canonicalized by the Rust compiler.
//!
//! A problem family is written once, inside [`cvx!`]. The compiler checks it and generates an
//! implementation of [`Family`]: the affine map from parameters to a cone program, its derivative
//! and its adjoint. At run time a [`Problem`] fills numbers into a fixed sparsity pattern, solves,
//! and copies the answer out; a [`Solution`] differentiates with one sparse symmetric
//! factorization.
//!
//! - [`Problem::solve`] gives a [`Solution`] or an [`Error`] that names the parameter, or carries a
//!   proof of infeasibility or unboundedness.
//! - [`Solution::vjp`] is the reverse mode: from a cotangent of the variables, of the dual variables or of the objective
//!   ([`Cotangent`]) to a gradient of the parameters.
//! - [`Solution::jvp`] is the forward mode: from a direction of the parameters to a tangent of the
//!   variables; [`Solution::tangent`] gives those of the dual variables and of the objective too.
//! - [`Solution::jacobian`] is the whole derivative of the variables with respect to one parameter.
//! - [`Solution::objective_gradient`] is the gradient of the optimal value, which needs no linear
//!   system but that of a polish.
//! - [`Problem::solve_batch`], [`Solution::vjp_batch`] and [`Solution::jvp_batch`] do so for many parameter points on many
//!   threads, [`Problem::solve_columns`] for flat arrays of them.
//!
//! Where a solution is not differentiable the derivative is a least-squares answer, and
//! [`Accuracy`] says so: [`Solution::vjp_into`] and [`Solution::jvp_into`] return one. To train through a solution that
//! jumps, as that of a linear program does, there is [`Settings::smoothing`].
//!
//! Units do not matter but to exponential and power cones: a program of small numbers is magnified for the solver, and slacks
//! are compared with duals only after both are brought to one size. What exponential and power cones are given is best
//! between `1e-3` and `1e3`. A right-hand side of an inequality of `1e20` or more is no bound at all.
//!
//! # Features
//!
//! - `sdp`, on by default: semidefinite constraints, with nothing but cargo. On macOS the routines of
//!   BLAS and LAPACK that the solver needs are those of the system, elsewhere this crate brings them.
//! - `sdp-system`: semidefinite constraints, with a BLAS and a LAPACK that the final program links;
//!   those of `sdp` are left out then. It is for programs that link one anyway, as two do not go
//!   together.
//!
//! Without both, a problem with semidefinite constraints is an [`Error::NoSemidefinite`].

#![forbid(unsafe_code)]

// Nothing calls it by name: the solver's foreign functions are in it.
#[cfg(all(feature = "sdp", not(feature = "sdp-system")))]
extern crate cvxlayers_blas as _;

mod batch;
mod check;
mod columns;
mod cones;
mod cotangent;
mod definite;
mod derivative;
mod engine;
mod error;
mod family;
mod jacobian;
mod kkt;
mod ldlt;
mod operators;
mod places;
mod point;
mod polish;
mod problem;
mod program;
mod record;
mod runs;
mod settings;
mod solution;
mod solver;
mod tangent;
mod vector;

pub use columns::{Columns, CotangentColumns, SolutionColumns, TangentColumns};
pub use cones::{Cone, SDP};
pub use cotangent::Cotangent;
pub use derivative::{Accuracy, Exactness};
pub use error::{Argument, Certificate, Error, Ray};
pub use family::{Attributes, Entries, EntriesMut, Family, Pattern, Reach, Slots};
pub use polish::Polished;
pub use problem::{OfData, OfDims, OfDimsAndData, OfNothing, Problem};
pub use program::{Matrix, Program};
pub use record::Record;
pub use settings::{Method, Polish, Settings};
pub use solution::Solution;
pub use solver::Status;
pub use tangent::Tangent;

pub use nalgebra;
pub use sprs;

/// The dual variables of a labelled chained constraint `lower <= expression <= upper`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds<T> {
    /// Of the lower bound.
    pub lower: T,
    /// Of the upper bound.
    pub upper: T,
}

#[doc = include_str!("cvx.md")]
#[macro_export]
macro_rules! cvx {
    ($($tokens:tt)*) => { $crate::__private::cvx! { $crate; $($tokens)* } };
}

/// Items that are there only where semidefinite cones are not.
#[cfg(any(feature = "sdp", feature = "sdp-system"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __unless_sdp {
    ($($items:tt)*) => {};
}

/// Items that are there only where semidefinite cones are not.
#[cfg(not(any(feature = "sdp", feature = "sdp-system")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __unless_sdp {
    ($($items:tt)*) => { $($items)* };
}

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

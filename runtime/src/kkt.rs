//! The symmetric matrix of the derivative: its pattern, its numbers and its factorization.
//!
//! With `D` the derivative of the projection onto `K` at `s − z` and `R = (I − D)^{1/2}` it is
//!
//! ```text
//! [ P    AᵀR ]
//! [ RA   −D  ]
//! ```
//!
//! in which a row of an inactive constraint reads `−u = 0`: the pattern does not depend on the
//! active set.
//!
//! The derivative of every cone is diagonal in some basis: of a semidefinite cone in that of the eigenvectors, of a
//! second-order cone or one of three rows in one that begins with `ŝ` and `ẑ`. There the rows of `A` are dense, whatever
//! the basis: so they are rotated to that basis, with the unknowns `Uᵀu` for `u`.
//!
//! A matrix that is a variable, with an entry in each row of its cone, is rotated to that basis too: then these rows, and
//! `P` where it is a multiple of the identity there, are diagonal, and the linear system has one dense row for each other
//! constraint of the matrix.
//!
//! The rows of a large second-order cone, where they are not dense anyway, stay as they are: it gets `ρ = √(1−d)` for `R`
//! and two unknowns `η, μ` more:
//!
//! ```text
//! ρA dx − d u + √d ẑ η + ŝ μ = ρ r        √d ẑᵀu − η = 0        ŝᵀu = 0
//! ```
//!
//! A smoothed derivative has eigenvalues `σ` along `ŝ` and `ζ` along `ẑ` in place of 1 and 0: then `√((d−ζ)/(1−ζ)) ẑ` stands
//! for `√d ẑ`, and the last equation is `√((σ−d)/(1−d)) ŝᵀu + (1−σ)/(1−d) μ = 0`.

mod builder;
mod dense;
mod elimination;
mod factor;
mod layout;
mod projection;
mod reflections;
mod sparse;
mod system;
mod variable;

use factor::Factor;
pub(crate) use factor::{CONSISTENT, MOST_PRECISE, OF_DERIVATIVES, OF_STEPS, Regularizations, numbers_of_any_digits};
pub(crate) use layout::Layout;
pub(crate) use projection::{NOISE, Projection};
pub(crate) use system::System;

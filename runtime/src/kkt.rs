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
//! active set. A large second-order cone would make `RA` and `D` dense, so it gets `ρ = √(1−d)` for
//! `R` and two unknowns `η, μ` more:
//!
//! ```text
//! ρA dx − d u + √d ẑ η + ŝ μ = ρ r        √d ẑᵀu − η = 0        ŝᵀu = 0
//! ```
//!
//! A smoothed derivative has eigenvalues `σ` along `ŝ` and `ζ` along `ẑ` in place of 1 and 0: then `√((d−ζ)/(1−ζ)) ẑ` stands
//! for `√d ẑ`, and the last equation is `√((σ−d)/(1−d)) ŝᵀu + (1−σ)/(1−d) μ = 0`.
//!
//! The derivative of a semidefinite cone is diagonal in the basis of the eigenvectors. There the rows
//! of `A` are dense, whatever the basis, and `D` is not: so its rows are rotated to that basis, with
//! the unknowns `Uᵀu` for `u`.

mod builder;
mod dense;
mod elimination;
mod factor;
mod layout;
mod projection;
mod system;

use factor::Factor;
pub(crate) use factor::{CONSISTENT, OF_DERIVATIVES, OF_STEPS, PRECISE};
pub(crate) use layout::Layout;
pub(crate) use projection::{NOISE, Projection};
pub(crate) use system::System;

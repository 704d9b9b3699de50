//! The eight routines of BLAS and LAPACK that the solver Clarabel calls for semidefinite programs,
//! over [`faer`]: `dgemm_`, `dsyrk_`, `dsyr2k_`, `dpotrf_`, `dpotrs_`, `dsyevr_`, `dgesdd_` and
//! `dgesvd_`, so that nothing but cargo is needed to build them.
//!
//! They have the names, arguments and meaning of the reference implementation
//! (<https://www.netlib.org/lapack/>), with integers of 32 bits, on one thread. What differs:
//!
//! - An illegal argument of a BLAS routine makes it return without doing anything; one of LAPACK is
//!   reported in `info`, as in the reference, and nothing is printed.
//! - `dsyevr_` computes all eigenvalues (`range = 'A'`) and refuses other ranges; `dgesdd_` and
//!   `dgesvd_` refuse to overwrite `A` with singular vectors (`'O'`).
//! - What is not finite is not decomposed: all results are then NaN, and `info` is zero.
//!
//! All `unsafe` code of the project is here. On macOS the crate is empty, because the system has the
//! routines.
//!
//! # Safety
//!
//! As in C: every pointer is valid for what its routine reads and writes, a matrix of `n` columns and
//! leading dimension `ld` occupying `ld · n` numbers, and what is written overlaps nothing else.

#![cfg(not(target_os = "macos"))]

mod cholesky;
mod eigen;
mod multiply;
mod singular;
mod view;

pub use cholesky::{dpotrf_, dpotrs_};
pub use eigen::dsyevr_;
pub use multiply::{dgemm_, dsyr2k_, dsyrk_};
pub use singular::{dgesdd_, dgesvd_};

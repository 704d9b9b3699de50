//! Products of matrices.

use std::ffi::{c_char, c_int};

use faer::linalg::matmul::matmul;
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::reborrow::ReborrowMut;
use faer::{Accum, MatMut, MatRef, Par};

use super::view::{count, leads, letter, matrix, matrix_mut, triangle};

/// `C := α op(A) op(B) + β C`, with `op(X)` one of `X` and `Xᵀ`.
///
/// # Safety
///
/// See the [crate].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dgemm_(
    transa: *const c_char,
    transb: *const c_char,
    m: *const c_int,
    n: *const c_int,
    k: *const c_int,
    alpha: *const f64,
    a: *const f64,
    lda: *const c_int,
    b: *const f64,
    ldb: *const c_int,
    beta: *const f64,
    c: *mut f64,
    ldc: *const c_int,
) {
    // SAFETY: the caller's.
    let (transa, transb, m, n, k) = unsafe { (letter(transa), letter(transb), *m, *n, *k) };
    // SAFETY: the caller's.
    let (alpha, lda, ldb, beta, ldc) = unsafe { (*alpha, *lda, *ldb, *beta, *ldc) };
    let (Some(transa), Some(transb)) = (transposed(transa), transposed(transb)) else {
        return;
    };
    let (Some(m), Some(n), Some(k)) = (count(m), count(n), count(k)) else {
        return;
    };
    let (a_shape, b_shape) = (shape(transa, m, k), shape(transb, k, n));
    if !leads(lda, a_shape[0]) || !leads(ldb, b_shape[0]) || !leads(ldc, m) {
        return;
    }
    // SAFETY: the caller's.
    let mut c = unsafe { matrix_mut(c, [m, n], ldc) };
    let accum = scale(c.rb_mut(), beta, BlockStructure::Rectangular);
    if alpha == 0.0 || m == 0 || n == 0 || k == 0 {
        if let Accum::Replace = accum {
            c.fill(0.0);
        }
        return;
    }
    // SAFETY: the caller's.
    let (a, b) = unsafe { (matrix(a, a_shape, lda), matrix(b, b_shape, ldb)) };
    matmul(c, accum, operand(a, transa), operand(b, transb), alpha, Par::Seq);
}

/// `C := α A Aᵀ + β C`, or `α AᵀA + β C`, one triangle of `C`.
///
/// # Safety
///
/// See the [crate].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dsyrk_(
    uplo: *const c_char,
    trans: *const c_char,
    n: *const c_int,
    k: *const c_int,
    alpha: *const f64,
    a: *const f64,
    lda: *const c_int,
    beta: *const f64,
    c: *mut f64,
    ldc: *const c_int,
) {
    // SAFETY: the caller's; with A in the place of B, half of both products is one of them.
    unsafe { rank_update(uplo, trans, *n, *k, *alpha, [(a, *lda)], *beta, c, *ldc) };
}

/// `C := α (A Bᵀ + B Aᵀ) + β C`, or `α (AᵀB + BᵀA) + β C`, one triangle of `C`.
///
/// # Safety
///
/// See the [crate].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dsyr2k_(
    uplo: *const c_char,
    trans: *const c_char,
    n: *const c_int,
    k: *const c_int,
    alpha: *const f64,
    a: *const f64,
    lda: *const c_int,
    b: *const f64,
    ldb: *const c_int,
    beta: *const f64,
    c: *mut f64,
    ldc: *const c_int,
) {
    // SAFETY: the caller's.
    unsafe { rank_update(uplo, trans, *n, *k, *alpha, [(a, *lda), (b, *ldb)], *beta, c, *ldc) };
}

/// Adds the product of every factor with the transpose of its mirror image in the list.
///
/// # Safety
///
/// See the [crate].
#[expect(clippy::too_many_arguments, reason = "those of the reference")]
unsafe fn rank_update<const FACTORS: usize>(
    uplo: *const c_char,
    trans: *const c_char,
    n: c_int,
    k: c_int,
    alpha: f64,
    factors: [(*const f64, c_int); FACTORS],
    beta: f64,
    c: *mut f64,
    ldc: c_int,
) {
    // SAFETY: the caller's.
    let (uplo, trans) = unsafe { (letter(uplo), letter(trans)) };
    let (Some(triangle), Some(trans)) = (triangle(uplo), transposed(trans)) else {
        return;
    };
    let (Some(n), Some(k)) = (count(n), count(k)) else {
        return;
    };
    let shape = shape(trans, n, k);
    if factors.iter().any(|(_, ld)| !leads(*ld, shape[0])) || !leads(ldc, n) {
        return;
    }
    // SAFETY: the caller's.
    let mut c = unsafe { matrix_mut(c, [n, n], ldc) };
    let mut accum = scale(c.rb_mut(), beta, triangle);
    if alpha == 0.0 || n == 0 || k == 0 {
        if let Accum::Replace = accum {
            each(c, triangle, |entry| *entry = 0.0);
        }
        return;
    }
    // SAFETY: the caller's.
    let factors = factors.map(|(factor, ld)| operand(unsafe { matrix(factor, shape, ld) }, trans));
    for (one, other) in factors.iter().zip(factors.iter().rev()) {
        let whole = BlockStructure::Rectangular;
        let other = other.transpose();
        triangular::matmul(c.rb_mut(), triangle, accum, *one, whole, other, whole, alpha, Par::Seq);
        accum = Accum::Add;
    }
}

/// Whether an option asks for the transpose.
fn transposed(option: u8) -> Option<bool> {
    match option {
        b'N' => Some(false),
        b'T' | b'C' => Some(true),
        _ => None,
    }
}

/// The shape in memory of an operand of so many rows and columns.
fn shape(transposed: bool, rows: usize, columns: usize) -> [usize; 2] {
    if transposed { [columns, rows] } else { [rows, columns] }
}

fn operand(matrix: MatRef<'_, f64>, transposed: bool) -> MatRef<'_, f64> {
    if transposed { matrix.transpose() } else { matrix }
}

/// Multiplies by `β`. Zero is not multiplied with: it replaces what is there, NaN too.
fn scale(c: MatMut<'_, f64>, beta: f64, structure: BlockStructure) -> Accum {
    if beta == 0.0 {
        return Accum::Replace;
    }
    if beta != 1.0 {
        each(c, structure, |entry| *entry *= beta);
    }
    Accum::Add
}

fn each(mut c: MatMut<'_, f64>, structure: BlockStructure, change: impl Fn(&mut f64)) {
    let n = c.nrows();
    for (column, entries) in c.rb_mut().col_iter_mut().enumerate() {
        let rows = match structure {
            BlockStructure::TriangularUpper => 0..column + 1,
            BlockStructure::TriangularLower => column..n,
            _ => 0..n,
        };
        entries.subrows_mut(rows.start, rows.len()).iter_mut().for_each(&change);
    }
}

//! Cholesky's factorization and the solution of its systems.

use std::ffi::{c_char, c_int};

use faer::linalg::triangular_solve::{solve_lower_triangular_in_place, solve_upper_triangular_in_place};
use faer::reborrow::{Reborrow, ReborrowMut};
use faer::{MatMut, Par};

use super::view::{count, leads, letter, matrix, matrix_mut};

/// Overwrites the lower triangle of `A` with `L`, where `A = LLᵀ`, or the upper one with `Lᵀ`.
///
/// `info` is `i > 0` where the leading minor of order `i` is not positive, and `−i` where argument
/// `i` is illegal.
///
/// # Safety
///
/// See the [crate].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dpotrf_(
    uplo: *const c_char,
    n: *const c_int,
    a: *mut f64,
    lda: *const c_int,
    info: *mut c_int,
) {
    // SAFETY: the caller's.
    let (uplo, n, lda) = unsafe { (letter(uplo), *n, *lda) };
    let found = match (uplo, count(n)) {
        (b'U' | b'L', Some(n)) if leads(lda, n) => {
            // SAFETY: the caller's.
            let a = unsafe { matrix_mut(a, [n, n], lda) };
            factor(if uplo == b'L' { a } else { a.transpose_mut() })
        }
        (b'U' | b'L', Some(_)) => -4,
        (b'U' | b'L', None) => -2,
        _ => -1,
    };
    // SAFETY: the caller's.
    unsafe { info.write(found) };
}

/// In the lower triangle, by columns; the other triangle is left as it is, which the solver counts on.
fn factor(mut a: MatMut<'_, f64>) -> c_int {
    let n = a.nrows();
    for j in 0..n {
        let pivot = a[(j, j)];
        // Not a number is not positive.
        if pivot.is_nan() || pivot <= 0.0 || pivot.is_infinite() {
            return j as c_int + 1;
        }
        let root = pivot.sqrt();
        a[(j, j)] = root;
        let (left, mut right) = a.rb_mut().split_at_col_mut(j + 1);
        let mut column = left.col_mut(j);
        column
            .rb_mut()
            .subrows_mut(j + 1, n - j - 1)
            .iter_mut()
            .for_each(|entry| *entry /= root);
        for k in j + 1..n {
            let weight = column[k];
            let later = right.rb_mut().col_mut(k - j - 1).subrows_mut(k, n - k);
            let entries = column.rb().subrows(k, n - k);
            for (later, entry) in later.iter_mut().zip(entries.iter()) {
                *later -= weight * entry;
            }
        }
    }
    0
}

/// Solves `AX = B` in the place of `B` from the factor of [`dpotrf_`].
///
/// `info` is `−i` where argument `i` is illegal, else zero.
///
/// # Safety
///
/// See the [crate].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dpotrs_(
    uplo: *const c_char,
    n: *const c_int,
    nrhs: *const c_int,
    a: *const f64,
    lda: *const c_int,
    b: *mut f64,
    ldb: *const c_int,
    info: *mut c_int,
) {
    // SAFETY: the caller's.
    let (uplo, n, nrhs, lda, ldb) = unsafe { (letter(uplo), *n, *nrhs, *lda, *ldb) };
    let found = match (uplo, count(n), count(nrhs)) {
        (b'U' | b'L', Some(n), Some(nrhs)) if leads(lda, n) && leads(ldb, n) => {
            // SAFETY: the caller's.
            let (a, mut b) = unsafe { (matrix(a, [n, n], lda), matrix_mut(b, [n, nrhs], ldb)) };
            let lower = if uplo == b'L' { a } else { a.transpose() };
            solve_lower_triangular_in_place(lower.rb(), b.rb_mut(), Par::Seq);
            solve_upper_triangular_in_place(lower.transpose(), b, Par::Seq);
            0
        }
        (b'U' | b'L', Some(n), Some(_)) if leads(lda, n) => -7,
        (b'U' | b'L', Some(_), Some(_)) => -5,
        (b'U' | b'L', Some(_), None) => -3,
        (b'U' | b'L', None, _) => -2,
        _ => -1,
    };
    // SAFETY: the caller's.
    unsafe { info.write(found) };
}

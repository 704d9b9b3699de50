//! The singular value decomposition.

use std::ffi::{c_char, c_int};

use faer::ColMut;
use faer::Par;
use faer::linalg::svd::{ComputeSvdVectors, svd, svd_scratch};
use faer::reborrow::Reborrow;

use super::view::{count, larger, leads, letter, magnitude, matrix_mut, vector_mut, with_scratch, work_len};

/// `A = U diag(S) Vᵀ`, the singular values in descending order.
///
/// `jobz` is `'A'` for all singular vectors, `'S'` for as many as there are singular values, `'N'`
/// for none. `info` is `−i` where argument `i` is illegal, and 1 where the iteration does not
/// converge.
///
/// # Safety
///
/// See the [crate].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dgesdd_(
    jobz: *const c_char,
    m: *const c_int,
    n: *const c_int,
    a: *mut f64,
    lda: *const c_int,
    s: *mut f64,
    u: *mut f64,
    ldu: *const c_int,
    vt: *mut f64,
    ldvt: *const c_int,
    work: *mut f64,
    lwork: *const c_int,
    _iwork: *mut c_int,
    info: *mut c_int,
) {
    // SAFETY: the caller's.
    unsafe {
        let jobz = letter(jobz);
        let found = decompose([jobz; 2], *m, *n, a, *lda, s, u, *ldu, vt, *ldvt, work, *lwork);
        info.write(match found {
            Ok(converged) => c_int::from(!converged),
            // There is one option, so that all other arguments come one earlier.
            Err(argument) => -(argument - 1).max(1),
        });
    }
}

/// As [`dgesdd_`], with an option for each of `U` and `Vᵀ`.
///
/// # Safety
///
/// See the [crate].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dgesvd_(
    jobu: *const c_char,
    jobvt: *const c_char,
    m: *const c_int,
    n: *const c_int,
    a: *mut f64,
    lda: *const c_int,
    s: *mut f64,
    u: *mut f64,
    ldu: *const c_int,
    vt: *mut f64,
    ldvt: *const c_int,
    work: *mut f64,
    lwork: *const c_int,
    info: *mut c_int,
) {
    // SAFETY: the caller's.
    unsafe {
        let jobs = [letter(jobu), letter(jobvt)];
        let found = decompose(jobs, *m, *n, a, *lda, s, u, *ldu, vt, *ldvt, work, *lwork);
        info.write(match found {
            Ok(converged) => c_int::from(!converged),
            Err(argument) => -argument,
        });
    }
}

/// Whether the iteration converges; an illegal argument of `dgesvd_`.
///
/// # Safety
///
/// See the [crate].
#[expect(clippy::too_many_arguments, reason = "those of the reference")]
unsafe fn decompose(
    jobs: [u8; 2],
    m: c_int,
    n: c_int,
    a: *mut f64,
    lda: c_int,
    s: *mut f64,
    u: *mut f64,
    ldu: c_int,
    vt: *mut f64,
    ldvt: c_int,
    work: *mut f64,
    lwork: c_int,
) -> Result<bool, c_int> {
    let [u_columns, vt_rows] = jobs.map(vectors);
    let (compute_u, compute_v) = (u_columns.ok_or(1)?, vt_rows.ok_or(2)?);
    let (rows, columns) = (count(m).ok_or(3)?, count(n).ok_or(4)?);
    let size = rows.min(columns);
    let (u_columns, vt_rows) = (extent(compute_u, rows, size), extent(compute_v, columns, size));
    if !leads(lda, rows) {
        return Err(6);
    }
    if !leads(ldu, if u_columns == 0 { 1 } else { rows }) {
        return Err(9);
    }
    if !leads(ldvt, vt_rows) {
        return Err(11);
    }
    let scratch = svd_scratch::<f64>(rows, columns, compute_u, compute_v, Par::Seq, Default::default());
    if lwork == -1 {
        // SAFETY: the caller's.
        unsafe { work.write(work_len(scratch) as f64) };
        return Ok(true);
    }
    // SAFETY: the caller's.
    let (mut a, values) = unsafe { (matrix_mut(a, [rows, columns], lda), vector_mut(s, size)) };
    // SAFETY: the caller's.
    let mut u = (u_columns > 0).then(|| unsafe { matrix_mut(u, [rows, u_columns], ldu) });
    // SAFETY: the caller's.
    let mut v = (vt_rows > 0).then(|| unsafe { matrix_mut(vt, [vt_rows, columns], ldvt) }.transpose_mut());
    let places = || (0..columns).flat_map(|j| (0..rows).map(move |i| (i, j)));
    let Some(magnitude) = magnitude(places().fold(0.0, |most, place| larger(most, a[place]))) else {
        values.fill(f64::NAN);
        for vectors in [&mut u, &mut v].into_iter().flatten() {
            vectors.fill(f64::NAN);
        }
        return Ok(true);
    };
    if magnitude != 1.0 {
        places().for_each(|place| a[place] /= magnitude);
    }
    let s = ColMut::from_slice_mut(&mut *values).as_diagonal_mut();
    // SAFETY: the caller's.
    let done = unsafe {
        with_scratch(scratch, work, lwork, |stack| {
            svd(a.rb(), s, u, v, Par::Seq, stack, Default::default())
        })
    };
    values.iter_mut().for_each(|value| *value *= magnitude);
    Ok(matches!(done, Some(Ok(()))))
}

fn vectors(job: u8) -> Option<ComputeSvdVectors> {
    match job {
        b'A' => Some(ComputeSvdVectors::Full),
        b'S' => Some(ComputeSvdVectors::Thin),
        b'N' => Some(ComputeSvdVectors::No),
        _ => None,
    }
}

fn extent(vectors: ComputeSvdVectors, full: usize, thin: usize) -> usize {
    match vectors {
        ComputeSvdVectors::No => 0,
        ComputeSvdVectors::Thin => thin,
        ComputeSvdVectors::Full => full,
    }
}

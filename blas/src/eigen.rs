//! The eigenvalues of a symmetric matrix.

use std::ffi::{c_char, c_int};

use faer::ColMut;
use faer::Par;
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::reborrow::Reborrow;

use super::view::{count, larger, leads, letter, magnitude, matrix_mut, vector_mut, with_scratch, work_len};

/// All eigenvalues of a symmetric matrix in ascending order, and its eigenvectors on demand.
///
/// `info` is `−i` where argument `i` is illegal, and 1 where the iteration does
/// not converge.
///
/// # Safety
///
/// See the [crate].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dsyevr_(
    jobz: *const c_char,
    range: *const c_char,
    uplo: *const c_char,
    n: *const c_int,
    a: *mut f64,
    lda: *const c_int,
    _vl: *const f64,
    _vu: *const f64,
    _il: *const c_int,
    _iu: *const c_int,
    _abstol: *const f64,
    m: *mut c_int,
    w: *mut f64,
    z: *mut f64,
    ldz: *const c_int,
    isuppz: *mut c_int,
    work: *mut f64,
    lwork: *const c_int,
    iwork: *mut c_int,
    liwork: *const c_int,
    info: *mut c_int,
) {
    // SAFETY: the caller's.
    let (jobz, range, uplo) = unsafe { (letter(jobz), letter(range), letter(uplo)) };
    // SAFETY: the caller's.
    let (n, lda, ldz, lwork, liwork) = unsafe { (*n, *lda, *ldz, *lwork, *liwork) };
    let wanted = jobz == b'V';
    let illegal = match count(n) {
        _ if !matches!(jobz, b'N' | b'V') => -1,
        _ if range != b'A' => -2,
        _ if !matches!(uplo, b'U' | b'L') => -3,
        None => -4,
        Some(n) if !leads(lda, n) => -6,
        Some(n) if !leads(ldz, if wanted { n } else { 1 }) => -15,
        _ => 0,
    };
    // SAFETY: the caller's.
    unsafe { info.write(illegal) };
    let Some(size) = count(n).filter(|_| illegal == 0) else {
        return;
    };
    let vectors = if wanted {
        ComputeEigenvectors::Yes
    } else {
        ComputeEigenvectors::No
    };
    let scratch = self_adjoint_evd_scratch::<f64>(size, vectors, Par::Seq, Default::default());
    if lwork == -1 || liwork == -1 {
        // SAFETY: the caller's.
        unsafe {
            work.write(work_len(scratch) as f64);
            iwork.write(1);
        }
        return;
    }
    // SAFETY: the caller's.
    let (a, values) = unsafe { (matrix_mut(a, [size, size], lda), vector_mut(w, size)) };
    // The lower triangle is read: that of the transpose is the upper one.
    let mut a = if uplo == b'L' { a } else { a.transpose_mut() };
    // SAFETY: the caller's.
    let mut vectors = wanted.then(|| unsafe { matrix_mut(z, [size, size], ldz) });
    let lower = || (0..size).flat_map(|j| (j..size).map(move |i| (i, j)));
    let converged = if let Some(magnitude) = magnitude(lower().fold(0.0, |most, place| larger(most, a[place]))) {
        if magnitude != 1.0 {
            lower().for_each(|place| a[place] /= magnitude);
        }
        let (s, u) = (ColMut::from_slice_mut(&mut *values).as_diagonal_mut(), vectors);
        // SAFETY: the caller's.
        let done = unsafe {
            with_scratch(scratch, work, lwork, |stack| {
                self_adjoint_evd(a.rb(), s, u, Par::Seq, stack, Default::default())
            })
        };
        values.iter_mut().for_each(|value| *value *= magnitude);
        matches!(done, Some(Ok(())))
    } else {
        values.fill(f64::NAN);
        if let Some(vectors) = &mut vectors {
            vectors.fill(f64::NAN);
        }
        true
    };
    // SAFETY: the caller's.
    unsafe {
        m.write(n);
        if wanted {
            for i in 0..size {
                isuppz.add(2 * i).write(1);
                isuppz.add(2 * i + 1).write(n);
            }
        }
        info.write(c_int::from(!converged));
    }
}

//! Matrices and scratch memory behind pointers.

use std::ffi::{c_char, c_int};
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};

use faer::dyn_stack::{MemBuffer, MemStack, StackReq};
use faer::linalg::matmul::triangular::BlockStructure;
use faer::{MatMut, MatRef};

/// A dimension; `None` where it is negative.
pub(crate) fn count(value: c_int) -> Option<usize> {
    usize::try_from(value).ok()
}

/// Whether `ld` is a leading dimension of a matrix of so many rows.
pub(crate) fn leads(ld: c_int, rows: usize) -> bool {
    count(ld).is_some_and(|ld| ld >= rows.max(1))
}

/// An option, in upper case.
///
/// # Safety
///
/// `option` is valid for a read.
pub(crate) unsafe fn letter(option: *const c_char) -> u8 {
    // SAFETY: the caller's.
    unsafe { option.cast::<u8>().read() }.to_ascii_uppercase()
}

/// Which triangle `'U'` or `'L'` is.
pub(crate) fn triangle(uplo: u8) -> Option<BlockStructure> {
    match uplo {
        b'U' => Some(BlockStructure::TriangularUpper),
        b'L' => Some(BlockStructure::TriangularLower),
        _ => None,
    }
}

/// # Safety
///
/// `a` is a matrix of `shape` and of the leading dimension `ld`, not written to during `'a`.
pub(crate) unsafe fn matrix<'a>(a: *const f64, shape: [usize; 2], ld: c_int) -> MatRef<'a, f64> {
    if shape.contains(&0) {
        return MatRef::from_column_major_slice(&[], shape[0], shape[1]);
    }
    // SAFETY: the caller's; a pointer to a matrix that is not empty is not null.
    unsafe { MatRef::from_raw_parts(a, shape[0], shape[1], 1, ld as isize) }
}

/// # Safety
///
/// `a` is a matrix of `shape` and of the leading dimension `ld`, nobody else's during `'a`.
pub(crate) unsafe fn matrix_mut<'a>(a: *mut f64, shape: [usize; 2], ld: c_int) -> MatMut<'a, f64> {
    if shape.contains(&0) {
        return MatMut::from_column_major_slice_mut(&mut [], shape[0], shape[1]);
    }
    // SAFETY: the caller's; a pointer to a matrix that is not empty is not null.
    unsafe { MatMut::from_raw_parts_mut(a, shape[0], shape[1], 1, ld as isize) }
}

/// # Safety
///
/// `x` is a vector of `len` numbers, nobody else's during `'a`.
pub(crate) unsafe fn vector_mut<'a>(x: *mut f64, len: usize) -> &'a mut [f64] {
    if len == 0 {
        return &mut [];
    }
    // SAFETY: the caller's; a pointer to a vector that is not empty is not null.
    unsafe { std::slice::from_raw_parts_mut(x, len) }
}

/// The length of `work` that holds the scratch memory; at least one.
pub(crate) fn work_len(scratch: StackReq) -> usize {
    scratch.unaligned_bytes_required().div_ceil(size_of::<f64>()).max(1)
}

/// Calls with scratch memory: `work` if that is long enough, which is what spares an allocation. Then
/// the first entry of `work` is the length that is enough, as after a query for it. `None` after a panic.
///
/// # Safety
///
/// `work` is a vector of `lwork` numbers, nobody else's during the call.
pub(crate) unsafe fn with_scratch<T>(
    scratch: StackReq,
    work: *mut f64,
    lwork: c_int,
    call: impl FnOnce(&mut MemStack) -> T,
) -> Option<T> {
    // A panic must not cross the border to foreign callers, where it would end the program.
    let call = |stack: &mut MemStack| catch_unwind(AssertUnwindSafe(|| call(stack))).ok();
    match count(lwork) {
        Some(len) if len >= work_len(scratch) => {
            // SAFETY: the caller's.
            let work = unsafe { std::slice::from_raw_parts_mut(work.cast::<MaybeUninit<f64>>(), len) };
            let result = call(MemStack::new_any(work));
            if let Some(first) = work.first_mut() {
                first.write(work_len(scratch) as f64);
            }
            result
        }
        _ => call(MemStack::new(&mut MemBuffer::new(scratch))),
    }
}

/// What to divide numbers by whose squares might leave the range: a power of two, as the reference
/// scales too. `None` where they are not all finite.
pub(crate) fn magnitude(largest: f64) -> Option<f64> {
    match largest {
        _ if !largest.is_finite() => None,
        0.0 => Some(1.0),
        _ if (1e-120..=1e120).contains(&largest) => Some(1.0),
        _ => Some(largest.log2().floor().max(-1000.0).exp2()),
    }
}

/// The larger one, or NaN if that is one of the two.
pub(crate) fn larger(one: f64, other: f64) -> f64 {
    if one.is_nan() || other.is_nan() {
        f64::NAN
    } else {
        one.max(other.abs())
    }
}

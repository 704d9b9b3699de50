//! Vectors of any length, in lanes: one maximum after another would wait for the last.

use std::array::from_fn;
use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

/// Evaluates with `$K` the length of a short column, or `$long`: most columns of a sparse matrix are short, and loops of
/// unknown length would do little but begin and end.
macro_rules! by_length {
    ($length:expr, $K:ident => $short:expr, $long:expr) => {
        match $length {
            0 => $crate::vector::by_length!(@0, $K => $short),
            1 => $crate::vector::by_length!(@1, $K => $short),
            2 => $crate::vector::by_length!(@2, $K => $short),
            3 => $crate::vector::by_length!(@3, $K => $short),
            4 => $crate::vector::by_length!(@4, $K => $short),
            5 => $crate::vector::by_length!(@5, $K => $short),
            6 => $crate::vector::by_length!(@6, $K => $short),
            7 => $crate::vector::by_length!(@7, $K => $short),
            8 => $crate::vector::by_length!(@8, $K => $short),
            _ => $long,
        }
    };
    (@$value:literal, $K:ident => $short:expr) => {{
        const $K: usize = $value;
        $short
    }};
}

pub(crate) use by_length;

/// The entries of the longest short column.
pub(crate) const SHORT: usize = 8;

const LANES: usize = 8;

/// Lanes of vectors of at least [`LONG`] entries, for which the instructions are those of the machine.
const LONG_LANES: usize = 16;
pub(crate) const LONG: usize = 48;

pub(crate) fn dot(x: &[f64], y: &[f64]) -> f64 {
    struct Dot<'a>(&'a [f64], &'a [f64]);
    impl WithSimd for Dot<'_> {
        type Output = f64;
        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) -> f64 {
            let (lanes, rest) = multiply::<LONG_LANES>(self.0, self.1, fused::<S>);
            let halves: [f64; LANES] = from_fn(|lane| lanes[lane] + lanes[lane + LANES]);
            halves.iter().sum::<f64>() + rest
        }
    }
    let length = x.len().min(y.len());
    let (x, y) = (&x[..length], &y[..length]);
    if length >= LONG {
        return Arch::new().dispatch(Dot(x, y));
    }
    let (lanes, rest) = multiply::<LANES>(x, y, |x, y, sum| sum + x * y);
    if length < LANES {
        return rest;
    }
    lanes.iter().sum::<f64>() + rest
}

/// Of vectors of one length, in lanes; and what is left.
#[inline(always)]
fn multiply<const N: usize>(x: &[f64], y: &[f64], fused: impl Fn(f64, f64, f64) -> f64) -> ([f64; N], f64) {
    let ((x, x_rest), (y, y_rest)) = (x.as_chunks::<N>(), y.as_chunks::<N>());
    let mut lanes = [0.0; N];
    for (x, y) in x.iter().zip(y) {
        for (lane, (x, y)) in lanes.iter_mut().zip(x.iter().zip(y)) {
            *lane = fused(*x, *y, *lane);
        }
    }
    (lanes, x_rest.iter().zip(y_rest).map(|(x, y)| x * y).sum::<f64>())
}

/// `y += weight · x`. Not inlined: only of its arguments is it known that they do not overlap.
#[inline(never)]
pub(crate) fn add(weight: f64, x: &[f64], y: &mut [f64]) {
    struct Add<'a>(f64, &'a [f64], &'a mut [f64]);
    impl WithSimd for Add<'_> {
        type Output = ();
        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) {
            let Self(weight, x, y) = self;
            for (y, x) in y.iter_mut().zip(x) {
                *y = fused::<S>(weight, *x, *y);
            }
        }
    }
    if x.len() >= LONG {
        return Arch::new().dispatch(Add(weight, x, y));
    }
    for (y, x) in y.iter_mut().zip(x) {
        *y += weight * x;
    }
}

/// `y = weight · x` of long vectors.
pub(crate) fn scale(weight: f64, x: &[f64], y: &mut [f64]) {
    struct Scale<'a>(f64, &'a [f64], &'a mut [f64]);
    impl WithSimd for Scale<'_> {
        type Output = ();
        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) {
            let Self(weight, x, y) = self;
            y.iter_mut().zip(x).for_each(|(y, x)| *y = weight * x);
        }
    }
    Arch::new().dispatch(Scale(weight, x, y));
}

/// As [`add`], of `K` entries.
#[inline]
pub(crate) fn add_array<const K: usize>(weight: f64, x: &[f64], y: &mut [f64]) {
    if let (Some(x), Some(y)) = (x.first_chunk::<K>(), y.first_chunk_mut::<K>()) {
        // All is read before any is written: they might overlap.
        let (before, x) = (*y, *x);
        *y = from_fn(|place| before[place] + weight * x[place]);
    }
}

/// `a b + c`: in one operation where there is one.
#[inline(always)]
pub(crate) fn fused<S: Simd>(a: f64, b: f64, c: f64) -> f64 {
    if S::IS_SCALAR { a * b + c } else { a.mul_add(b, c) }
}

/// The product of the entries of a column, each in its row, with a vector.
#[inline]
pub(crate) fn dot_at(rows: &[u32], values: &[f64], x: &[f64]) -> f64 {
    by_length!(rows.len(), K => dot_short::<K>(rows, values, x), dot_long(rows, values, x))
}

#[inline]
fn dot_short<const K: usize>(rows: &[u32], values: &[f64], x: &[f64]) -> f64 {
    match (rows.first_chunk::<K>(), values.first_chunk::<K>()) {
        (Some(rows), Some(values)) => rows
            .iter()
            .zip(values)
            .map(|(row, value)| value * x[*row as usize])
            .sum(),
        _ => 0.0,
    }
}

fn dot_long(rows: &[u32], values: &[f64], x: &[f64]) -> f64 {
    match together(rows) {
        Some(rows) => dot(values, &x[rows]),
        None => rows
            .iter()
            .zip(values)
            .map(|(row, value)| value * x[*row as usize])
            .sum(),
    }
}

/// Adds a multiple of a column, each entry in its row.
#[inline]
pub(crate) fn add_at(weight: f64, rows: &[u32], values: &[f64], y: &mut [f64]) {
    by_length!(rows.len(), K => add_short::<K>(weight, rows, values, y), add_long(weight, rows, values, y));
}

#[inline]
fn add_short<const K: usize>(weight: f64, rows: &[u32], values: &[f64], y: &mut [f64]) {
    if let (Some(rows), Some(values)) = (rows.first_chunk::<K>(), values.first_chunk::<K>()) {
        for (row, value) in rows.iter().zip(values) {
            y[*row as usize] += weight * value;
        }
    }
}

fn add_long(weight: f64, rows: &[u32], values: &[f64], y: &mut [f64]) {
    match together(rows) {
        Some(rows) => add(weight, values, &mut y[rows]),
        None => {
            for (row, value) in rows.iter().zip(values) {
                y[*row as usize] += weight * value;
            }
        }
    }
}

/// The range that increasing rows are, where they are one of some length.
#[inline]
fn together(rows: &[u32]) -> Option<Range<usize>> {
    let (first, last) = (*rows.first()? as usize, *rows.last()? as usize);
    (last - first < rows.len()).then_some(first..last + 1)
}

/// The largest absolute value; what is not a number is passed over.
#[inline]
pub(crate) fn norm_inf(x: &[f64]) -> f64 {
    let (chunks, rest) = x.as_chunks::<LANES>();
    let norm = rest.iter().map(|x| x.abs()).fold(0.0, larger);
    if chunks.is_empty() {
        norm
    } else {
        larger(norm, chunked(chunks))
    }
}

fn chunked(chunks: &[[f64; LANES]]) -> f64 {
    let mut lanes = [0.0; LANES];
    for chunk in chunks {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane = larger(*lane, x.abs());
        }
    }
    lanes.into_iter().fold(0.0, larger)
}

/// Where the second is not a number, the first; in one instruction, other than [`f64::max`].
#[inline]
pub(crate) fn larger(x: f64, y: f64) -> f64 {
    if y > x { y } else { x }
}

/// The place of the first entry that is not finite.
pub(crate) fn not_finite(x: &[f64]) -> Option<usize> {
    if is_finite(x) {
        return None;
    }
    x.iter().position(|x| !x.is_finite())
}

pub(crate) fn is_finite(x: &[f64]) -> bool {
    let (chunks, rest) = x.as_chunks::<LANES>();
    let finite = |x: &[f64]| x.iter().fold(true, |finite, x| finite & x.is_finite());
    chunks.iter().all(|chunk| finite(chunk)) && finite(rest)
}

#[cfg(test)]
mod tests {
    use super::{LANES, LONG, LONG_LANES, add_at, dot, dot_at, is_finite, norm_inf, not_finite};

    #[test]
    fn columns_of_all_kinds() {
        for length in (0..3 * LANES).chain(LONG..LONG + 2 * LONG_LANES) {
            for gap in [1, 2] {
                // The last row is apart, or it is not.
                let mut rows: Vec<u32> = (1..=length as u32).collect();
                rows.iter_mut().skip(length / 2).for_each(|row| *row += gap - 1);
                let values: Vec<f64> = (0..length).map(|place| 1.0 + place as f64).collect();
                let x: Vec<f64> = (0..length + 3).map(|place| (place * place) as f64).collect();
                let mut y = x.clone();
                add_at(2.0, &rows, &values, &mut y);
                let mut product = 0.0;
                for (row, value) in rows.iter().zip(&values) {
                    product += value * x[*row as usize];
                    y[*row as usize] -= 2.0 * value;
                }
                assert_eq!((dot_at(&rows, &values, &x), y), (product, x.clone()));
                assert_eq!(
                    dot(&values, &x),
                    values.iter().zip(&x).map(|(one, other)| one * other).sum::<f64>()
                );
            }
        }
    }

    #[test]
    fn every_place_counts() {
        for length in 0..3 * LANES {
            let zeros = vec![0.0; length];
            assert_eq!((norm_inf(&zeros), not_finite(&zeros)), (0.0, None));
            assert!(is_finite(&zeros));
            for place in 0..length {
                let mut x = zeros.clone();
                x[place] = -2.0;
                assert_eq!((norm_inf(&x), not_finite(&x)), (2.0, None));
                for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                    x[place] = bad;
                    assert_eq!(not_finite(&x), Some(place));
                    assert!(!is_finite(&x));
                    let norm = if bad.is_nan() { 0.0 } else { f64::INFINITY };
                    assert_eq!(norm_inf(&x), norm);
                }
            }
        }
    }
}

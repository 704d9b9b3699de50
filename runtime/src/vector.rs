//! Vectors of any length, in lanes: one maximum after another would wait for the last.

use std::ops::Range;

const LANES: usize = 8;

pub(crate) fn dot(x: &[f64], y: &[f64]) -> f64 {
    let length = x.len().min(y.len());
    let (x, y) = (&x[..length], &y[..length]);
    let ((x, x_rest), (y, y_rest)) = (x.as_chunks::<LANES>(), y.as_chunks::<LANES>());
    let rest = x_rest.iter().zip(y_rest).map(|(x, y)| x * y).sum::<f64>();
    if x.is_empty() {
        return rest;
    }
    let mut lanes = [0.0; LANES];
    for (x, y) in x.iter().zip(y) {
        for (lane, (x, y)) in lanes.iter_mut().zip(x.iter().zip(y)) {
            *lane += x * y;
        }
    }
    lanes.iter().sum::<f64>() + rest
}

/// `y += weight · x`.
#[inline]
pub(crate) fn add(weight: f64, x: &[f64], y: &mut [f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += weight * x;
    }
}

/// The product of the entries of a column, each in its row, with a vector.
#[inline]
pub(crate) fn dot_at(rows: &[u32], values: &[f64], x: &[f64]) -> f64 {
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
    (rows.len() >= LANES && last - first < rows.len()).then_some(first..last + 1)
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
    use super::{LANES, add_at, dot, dot_at, is_finite, norm_inf, not_finite};

    #[test]
    fn columns_of_all_kinds() {
        for length in 0..3 * LANES {
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

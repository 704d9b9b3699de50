//! Whether a symmetric matrix is semidefinite: by a factorization, and where that breaks down by a direction.

use clarabel::algebra::CscMatrix;
use clarabel::qdldl::{QDLDLFactorisation, QDLDLSettingsBuilder};

use crate::vector::{dot, norm_inf};

/// Eigenvalues of a positive semidefinite matrix may be negative by this, relative to the largest entry.
const INDEFINITENESS: f64 = 1e-9;

/// A bound of an eigenvalue of the wrong sign, if there is one: by a Cholesky factorization of the matrix plus a small
/// shift, row by row of the lower triangle.
pub(crate) fn dense(sign: f64, entries: &[f64], size: usize, factor: &mut Vec<f64>) -> Option<f64> {
    let shift = INDEFINITENESS * norm_inf(entries);
    if shift == 0.0 {
        return None;
    }
    factor.clear();
    factor.resize(size * size, 0.0);
    for row in 0..size {
        for col in 0..=row {
            let (upper, lower) = factor.split_at_mut(row * size);
            let current = &mut lower[..size];
            let entry = sign * entries[col + size * row] + if row == col { shift } else { 0.0 };
            if col < row {
                let other = &upper[col * size..col * size + col + 1];
                let sum = dot(&current[..col], &other[..col]);
                current[col] = (entry - sum) / other[col];
            } else {
                let pivot = entry - dot(&current[..col], &current[..col]);
                if pivot <= 0.0 {
                    return Some(sign * (pivot / square_of_direction(factor, size, row) - shift));
                }
                current[col] = pivot.sqrt();
            }
        }
    }
    None
}

/// `‖v‖²` of `v = (−L⁻ᵀl, 1)`, along which the curvature is the failed pivot of row `row`.
fn square_of_direction(factor: &mut [f64], size: usize, row: usize) -> f64 {
    let (done, current) = factor.split_at_mut(row * size);
    let v = &mut current[..row];
    let mut square = 1.0;
    for col in (0..row).rev() {
        let value = v[col] / done[col * size + col];
        for k in 0..col {
            v[k] -= done[col * size + k] * value;
        }
        square += value * value;
    }
    square
}

/// The same of a sparse matrix, given the entries of its upper triangle with their rows and columns.
pub(crate) fn sparse(sign: f64, upper: &[(usize, usize, f64)], size: usize) -> Option<f64> {
    let largest = upper
        .iter()
        .fold(0.0_f64, |largest, (.., value)| largest.max(value.abs()));
    let shift = INDEFINITENESS * largest;
    if shift == 0.0 {
        return None;
    }
    let (mut rows, mut cols): (Vec<_>, Vec<_>) = ((0..size).collect(), (0..size).collect());
    let mut values = vec![shift; size];
    for (row, col, value) in upper {
        rows.push(*row);
        cols.push(*col);
        values.push(sign * value);
    }
    let upper = CscMatrix::new_from_triplets(size, size, rows, cols, values);
    let settings = QDLDLSettingsBuilder::default().regularize_enable(false).build().ok();
    // Where it fails, a pivot is exactly zero.
    let Ok(factor) = QDLDLFactorisation::new(&upper, settings) else {
        return Some(-sign * shift);
    };
    let failed = factor.D.iter().position(|pivot| *pivot <= 0.0)?;
    let mut v = vec![0.0; failed + 1];
    v[failed] = 1.0;
    for col in (0..failed).rev() {
        let below = factor.L.colptr[col]..factor.L.colptr[col + 1];
        let terms = factor.L.rowval[below.clone()].iter().zip(&factor.L.nzval[below]);
        v[col] = -terms
            .filter(|(row, _)| **row <= failed)
            .map(|(row, value)| value * v[*row])
            .sum::<f64>();
    }
    Some(sign * (factor.D[failed] / dot(&v, &v) - shift))
}

//! The positive semidefinite cone, which is its own dual: of a symmetric matrix the upper triangle
//! by columns, its off-diagonal entries times `√2`, so that inner products are those of matrices.

use std::f64::consts::SQRT_2;

use super::eigen::{diagonalize, eigenvalues};
use super::{Derivative, Pair, halves};
use crate::vector::norm_inf;

/// The number of entries of a triangle; as many as there are numbers where they are too many.
pub(super) fn rows(order: usize) -> usize {
    order
        .saturating_add(1)
        .checked_mul(order)
        .map_or(usize::MAX, |twice| twice / 2)
}

/// How far the smallest eigenvalue is below zero.
pub(super) fn violation(order: usize, s: &[f64]) -> f64 {
    let mut matrix = vec![0.0; order * order];
    unpack(order, s, &mut matrix);
    eigenvalues(order, &mut matrix);
    (0..order).fold(0.0, |worst, i| worst.max(-matrix[i + order * i]))
}

/// The parts of the positive and of the negative eigenvalues.
pub(super) fn split(order: usize, w: &[f64], s: &mut [f64], z: &mut [f64], scratch: &mut [f64]) {
    let (matrix, vectors) = scratch.split_at_mut(order * order);
    unpack(order, w, matrix);
    diagonalize(order, matrix, vectors);
    s.fill(0.0);
    z.fill(0.0);
    for (k, q) in vectors.chunks_exact(order).take(order).enumerate() {
        let eigenvalue = matrix[k + order * k];
        add_square(eigenvalue.abs(), q, if eigenvalue > 0.0 { &mut *s } else { &mut *z });
    }
}

pub(super) fn split_smoothly(
    order: usize,
    w: &[f64],
    smoothing: f64,
    s: &mut [f64],
    z: &mut [f64],
    scratch: &mut [f64],
) {
    let (matrix, vectors) = scratch.split_at_mut(order * order);
    unpack(order, w, matrix);
    diagonalize(order, matrix, vectors);
    s.fill(0.0);
    z.fill(0.0);
    for (k, q) in vectors.chunks_exact(order).take(order).enumerate() {
        let (in_s, in_z) = halves(matrix[k + order * k], smoothing);
        add_square(in_s, q, s);
        add_square(in_z, q, z);
    }
}

/// Adds `weight qqᵀ` to a triangle.
fn add_square(weight: f64, q: &[f64], triangle: &mut [f64]) {
    let mut place = 0;
    for j in 0..q.len() {
        let along = weight * q[j];
        for q in &q[..j] {
            triangle[place] += SQRT_2 * (along * q);
            place += 1;
        }
        triangle[place] += along * q[j];
        place += 1;
    }
}

/// With `s − z = QΛQᵀ`, `D` is diagonal in the basis `Q`: an entry `(i, j)` is multiplied by 1 where
/// both eigenvalues are positive, by 0 where both are negative, and by `λᵢ / (λᵢ − λⱼ)` where
/// `λᵢ > 0 > λⱼ`; by ½ where both vanish. Smoothed, it is multiplied by the divided difference of `λ ↦ σ` with
/// `σ (σ − λ) = κ`, which is `(σᵢ + σⱼ) / (σᵢ + ζᵢ + σⱼ + ζⱼ)` with `ζ = σ − λ`.
pub(super) fn derivative(order: usize, pair: &Pair<'_>, derivative: Derivative<'_>, scratch: &mut [f64]) -> usize {
    let Derivative {
        d, s_hat, z_hat, basis, ..
    } = derivative;
    s_hat.fill(0.0);
    z_hat.fill(0.0);
    for (d, (s, z)) in d.iter_mut().zip(pair.s.iter().zip(pair.z)) {
        *d = s - pair.unit * z;
    }
    let matrix = &mut scratch[..order * order];
    unpack(order, d, matrix);
    diagonalize(order, matrix, basis);
    let s_noise = norm_inf(pair.s_noise);
    let (mut place, mut kinks) = (0, 0);
    if pair.smoothing > 0.0 {
        for j in 0..order {
            for i in 0..=j {
                let of = |k: usize| halves(matrix[k + order * k], pair.smoothing);
                let ((one, of_one), (other, of_other)) = (of(i), of(j));
                d[place] = (one + other) / (one + of_one + other + of_other);
                place += 1;
            }
        }
        return 0;
    }
    for j in 0..order {
        let eigenvalue = matrix[j + order * j];
        if -pair.z_noise <= eigenvalue && eigenvalue <= s_noise {
            matrix[j + order * j] = 0.0;
            kinks += 1;
        }
        for i in 0..=j {
            let (one, other) = (matrix[i + order * i], matrix[j + order * j]);
            let (positive, negative) = (one.max(0.0) + other.max(0.0), (-one).max(0.0) + (-other).max(0.0));
            d[place] = if one == 0.0 && other == 0.0 {
                0.5
            } else {
                positive / (positive + negative)
            };
            place += 1;
        }
    }
    kinks
}

/// `QᵀVQ`, or `QVQᵀ` where `back`, of the triangle `v` of a symmetric `V`, in place.
pub(crate) fn rotate(order: usize, basis: &[f64], back: bool, v: &mut [f64], scratch: &mut [f64]) {
    let (matrix, product) = scratch.split_at_mut(order * order);
    unpack(order, v, matrix);
    let q = |i: usize, j: usize| {
        if back {
            basis[j + order * i]
        } else {
            basis[i + order * j]
        }
    };
    let product = &mut product[..order * order];
    product.fill(0.0);
    for j in 0..order {
        let column = &mut product[order * j..order * (j + 1)];
        for (k, entries) in matrix.chunks_exact(order).enumerate() {
            let weight = q(k, j);
            for (sum, entry) in column.iter_mut().zip(entries) {
                *sum += entry * weight;
            }
        }
    }
    let mut place = 0;
    for j in 0..order {
        let column = &product[order * j..order * (j + 1)];
        for i in 0..=j {
            let entry: f64 = column.iter().enumerate().map(|(k, entry)| q(k, i) * entry).sum();
            v[place] = if i == j { entry } else { SQRT_2 * entry };
            place += 1;
        }
    }
}

/// Adds to `v` what [`rotate`] makes of a triangle whose only entry is `entry`, in row `i` and column `j`.
pub(crate) fn add_rotated(
    order: usize,
    basis: &[f64],
    [i, j]: [usize; 2],
    entry: f64,
    v: &mut [f64],
    scratch: &mut [f64],
) {
    let (one, other) = scratch[..2 * order].split_at_mut(order);
    for (k, column) in basis.chunks_exact(order).enumerate() {
        (one[k], other[k]) = (column[i], column[j]);
    }
    let (across, along) = if i == j {
        (SQRT_2 / 2.0 * entry, entry)
    } else {
        (entry, SQRT_2 * entry)
    };
    let mut place = 0;
    for l in 0..order {
        let (of_one, of_other) = (across * other[l], across * one[l]);
        for k in 0..l {
            v[place] += of_one * one[k] + of_other * other[k];
            place += 1;
        }
        v[place] += along * one[l] * other[l];
        place += 1;
    }
}

/// The row and the column of a place of a triangle.
pub(crate) fn corner(place: usize) -> [usize; 2] {
    let mut column = 0;
    while rows(column + 1) <= place {
        column += 1;
    }
    [place - rows(column), column]
}

/// The whole matrix of a triangle.
pub(crate) fn unpack(order: usize, triangle: &[f64], matrix: &mut [f64]) {
    let mut place = 0;
    for j in 0..order {
        for i in 0..j {
            let entry = triangle[place] / SQRT_2;
            matrix[i + order * j] = entry;
            matrix[j + order * i] = entry;
            place += 1;
        }
        matrix[j + order * j] = triangle[place];
        place += 1;
    }
}

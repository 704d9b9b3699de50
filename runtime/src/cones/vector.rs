//! Vectors of three entries.

use crate::vector::norm_inf;

pub(super) type Vector = [f64; 3];

pub(super) fn dot(x: Vector, y: Vector) -> f64 {
    x[0] * y[0] + x[1] * y[1] + x[2] * y[2]
}

/// The Euclidean norm, of vectors of any size.
pub(super) fn norm(x: Vector) -> f64 {
    let largest = norm_inf(&x);
    if largest == 0.0 {
        return 0.0;
    }
    let x = x.map(|x| x / largest);
    largest * dot(x, x).sqrt()
}

/// Of length one; zero stays zero.
pub(super) fn unit(x: Vector) -> Vector {
    let norm = norm(x);
    if norm == 0.0 { x } else { x.map(|x| x / norm) }
}

/// The first three entries.
pub(super) fn vector(x: &[f64]) -> Vector {
    [x[0], x[1], x[2]]
}

/// `s − unit · z`.
pub(super) fn difference(pair: &super::Pair<'_>) -> Vector {
    [0, 1, 2].map(|row| pair.s[row] - pair.unit * pair.z[row])
}

//! The eigenvalues of a symmetric matrix, in place: Householder's reflections to a tridiagonal matrix, and rotations with
//! Wilkinson's shifts from there (Bowdler, Martin, Reinsch and Wilkinson, "The QR and QL algorithms for symmetric
//! matrices", 1968).

use crate::vector::{dot, norm_inf};

/// Two rotations an eigenvalue are usual: this many never happen.
const MOST_ROUNDS: usize = 60;

/// What is so much smaller than the matrix is zero.
const NOTHING: f64 = 1e-40;

/// The squares of a matrix between this and its reciprocal, and of what is not zero in it, are numbers.
const SMALL: f64 = 1e-100;

/// Leaves the eigenvalues of a symmetric matrix on its diagonal, and the eigenvectors in the columns of `vectors`,
/// orthogonal to rounding error. Only the lower triangle is read.
pub(crate) fn diagonalize(order: usize, matrix: &mut [f64], vectors: &mut [f64]) {
    solve(order, matrix, Some(vectors));
}

/// Leaves the eigenvalues of a symmetric matrix on its diagonal.
pub(crate) fn eigenvalues(order: usize, matrix: &mut [f64]) {
    solve(order, matrix, None);
}

fn solve(order: usize, matrix: &mut [f64], vectors: Option<&mut [f64]>) {
    let size = norm_inf(matrix);
    if size == 0.0 || (SMALL..=1.0 / SMALL).contains(&size) {
        rotate_away(order, matrix, vectors);
        return;
    }
    matrix.iter_mut().for_each(|entry| *entry /= size);
    rotate_away(order, matrix, vectors);
    matrix.iter_mut().step_by(order + 1).for_each(|value| *value *= size);
}

fn rotate_away(order: usize, matrix: &mut [f64], mut vectors: Option<&mut [f64]>) {
    let nothing = NOTHING * norm_inf(matrix);
    tridiagonalize(order, nothing, matrix);
    if let Some(vectors) = &mut vectors {
        accumulate(order, nothing, matrix, vectors);
    }
    for first in 0..order {
        for _ in 0..MOST_ROUNDS {
            let last = (first..order - 1).find(|i| {
                let [here, next] = [at(order, *i), at(order, i + 1)].map(|place| matrix[place].abs());
                matrix[beside(order, *i)].abs() <= f64::EPSILON * (here + next) + nothing
            });
            let last = last.unwrap_or(order - 1);
            if last == first {
                break;
            }
            chase(order, matrix, vectors.as_deref_mut(), first, last);
        }
    }
}

/// The place of an entry of the diagonal.
fn at(order: usize, i: usize) -> usize {
    i * (order + 1)
}

/// That of the one in the row, to the right of the diagonal.
fn beside(order: usize, i: usize) -> usize {
    i + order * (i + 1)
}

/// Leaves the tridiagonal matrix on and above the diagonal, and the vectors of the reflections below it. The last column is
/// the memory for it.
fn tridiagonalize(order: usize, nothing: f64, matrix: &mut [f64]) {
    if order < 2 {
        return;
    }
    let (matrix, last) = matrix.split_at_mut(order * (order - 1));
    for k in 0..order - 2 {
        let (done, rest) = matrix.split_at_mut(order * (k + 1));
        let v = &mut done[order * k + k + 1..];
        let length = dot(v, v).sqrt();
        let beside = -length.copysign(v[0]);
        v[0] -= beside;
        let square = dot(v, v);
        let (product, corner) = last.split_at_mut(order - 1);
        let product = &mut product[..v.len()];
        if square > nothing * nothing {
            // `p = β A v` from the lower triangle, and `A −= v wᵀ + w vᵀ` with `w = p − ½ β (pᵀv) v`.
            let beta = 2.0 / square;
            product.fill(0.0);
            for (j, column) in rest.chunks_exact(order).enumerate() {
                let (diagonal, below) = column[k + 1 + j..].split_at(1);
                let (mut sum, weight) = (diagonal[0] * v[j], v[j]);
                let places = product[j + 1..].iter_mut().zip(below).zip(&v[j + 1..]);
                for ((product, entry), v) in places {
                    *product += entry * weight;
                    sum += entry * v;
                }
                product[j] += sum;
            }
            let end = v.len() - 1;
            product[end] += corner[0] * v[end];
            let along = 0.5 * beta * beta * dot(product, v);
            for (product, v) in product.iter_mut().zip(&*v) {
                *product = beta * *product - along * v;
            }
            for (j, column) in rest.chunks_exact_mut(order).enumerate() {
                let (of_v, of_w) = (v[j], product[j]);
                let places = column[k + 1 + j..].iter_mut().zip(&v[j..]).zip(&product[j..]);
                for ((entry, v), w) in places {
                    *entry -= v * of_w + w * of_v;
                }
            }
            corner[0] -= 2.0 * v[end] * product[end];
        }
        match k + 2 {
            next if next == order => last[k] = beside,
            _ => rest[k] = beside,
        }
    }
    last[order - 2] = matrix[order * (order - 1) - 1];
}

/// The product of the reflections.
fn accumulate(order: usize, nothing: f64, matrix: &[f64], vectors: &mut [f64]) {
    vectors.fill(0.0);
    for i in 0..order {
        vectors[at(order, i)] = 1.0;
    }
    for k in (0..order.saturating_sub(2)).rev() {
        let v = &matrix[order * k + k + 1..order * (k + 1)];
        let square = dot(v, v);
        if square > nothing * nothing {
            for column in vectors[order * (k + 1)..].chunks_exact_mut(order) {
                let column = &mut column[k + 1..];
                let factor = 2.0 / square * dot(v, column);
                for (entry, v) in column.iter_mut().zip(v) {
                    *entry -= factor * v;
                }
            }
        }
    }
}

/// One round of rotations of an unreduced part.
fn chase(order: usize, matrix: &mut [f64], mut vectors: Option<&mut [f64]>, first: usize, last: usize) {
    let at_first = matrix[at(order, first)];
    let off = matrix[beside(order, first)];
    let half = (matrix[at(order, first + 1)] - at_first) / (2.0 * off);
    let shift = half + (half * half + 1.0).sqrt().copysign(half);
    let mut g = matrix[at(order, last)] - at_first + off / shift;
    let (mut sine, mut cosine, mut moved) = (1.0, 1.0, 0.0);
    for i in (first..last).rev() {
        let (f, b) = (sine * matrix[beside(order, i)], cosine * matrix[beside(order, i)]);
        let r = (f * f + g * g).sqrt();
        if i + 1 < last {
            matrix[beside(order, i + 1)] = r;
        }
        if r == 0.0 {
            matrix[at(order, i + 1)] -= moved;
            return;
        }
        (sine, cosine) = (f / r, g / r);
        g = matrix[at(order, i + 1)] - moved;
        let r = (matrix[at(order, i)] - g) * sine + 2.0 * cosine * b;
        moved = sine * r;
        matrix[at(order, i + 1)] = g + moved;
        g = cosine * r - b;
        if let Some(vectors) = &mut vectors {
            let (left, right) = vectors.split_at_mut(order * (i + 1));
            for (x, y) in left[order * i..].iter_mut().zip(&mut right[..order]) {
                (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
            }
        }
    }
    matrix[at(order, first)] -= moved;
    matrix[beside(order, first)] = g;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the matrix with entries `f(i, j)` for `i ≥ j`; the rest is not read.
    fn check(order: usize, f: impl Fn(usize, usize) -> f64) {
        let entry = |i: usize, j: usize| f(i.max(j), i.min(j));
        let mut matrix = vec![f64::NAN; order * order];
        for j in 0..order {
            for i in j..order {
                matrix[i + order * j] = entry(i, j);
            }
        }
        let (mut values, mut vectors) = (matrix.clone(), vec![f64::NAN; order * order]);
        diagonalize(order, &mut matrix, &mut vectors);
        eigenvalues(order, &mut values);
        let size = (0..order).flat_map(|i| (0..order).map(move |j| (i, j)));
        let size = size.fold(1e-300, |size: f64, (i, j)| size.max(entry(i, j).abs()));
        for k in 0..order {
            let value = matrix[at(order, k)];
            assert!((value - values[at(order, k)]).abs() <= 1e-14 * size * order as f64);
            let v = &vectors[order * k..order * (k + 1)];
            for i in 0..order {
                let product: f64 = (0..order).map(|j| entry(i, j) * v[j]).sum();
                assert!((product - value * v[i]).abs() <= 1e-14 * size * order as f64, "{order}");
            }
            for other in 0..order {
                let expected = if other == k { 1.0 } else { 0.0 };
                let w = &vectors[order * other..order * (other + 1)];
                assert!((dot(v, w) - expected).abs() <= 1e-14 * order as f64, "{order}");
            }
        }
    }

    #[test]
    fn matrices_of_all_kinds() {
        for order in 1..=24 {
            check(order, |_, _| 0.0);
            check(order, |i, j| if i == j { 3.0 } else { 0.0 });
            check(order, |_, _| 1.0);
            check(order, |i, j| ((7 * i + 13 * j) as f64).sin());
            check(order, |i, j| ((3 * i + 5 * j) as f64).cos() * 1e150);
            check(order, |i, j| ((3 * i + 5 * j) as f64).cos() * 1e-150);
            // Graded, with two parts, and with one row that is coupled.
            check(order, |i, j| 10_f64.powi(-((i + j) as i32)));
            check(order, |i, j| if i % 2 == j % 2 { 1.0 + (i * j) as f64 } else { 0.0 });
            check(order, |i, j| if i == j || i == order - 1 { 1.0 } else { 0.0 });
            check(order, |i, j| if i == j || j == 0 { 1e-200 } else { 0.0 });
        }
    }
}

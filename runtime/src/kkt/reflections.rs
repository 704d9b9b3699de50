//! An orthonormal basis that begins with two given directions.

use crate::vector::dot;

/// Two reflections (Householder's): the first takes `ŝ` to the first unit vector or its opposite, the second what becomes
/// of `ẑ` to the second. Where a direction is zero nothing is reflected.
pub(super) struct Reflections<'a> {
    vectors: [&'a [f64]; 2],
    weights: [f64; 2],
}

impl<'a> Reflections<'a> {
    /// Of directions of at least two entries, with twice as many numbers of memory.
    pub(super) fn new(s_hat: &[f64], z_hat: &[f64], memory: &'a mut [f64]) -> Self {
        let (first, second) = memory.split_at_mut(s_hat.len());
        first.copy_from_slice(s_hat);
        second.copy_from_slice(z_hat);
        let of_s = to_unit(first, 0);
        reflect(first, of_s, second);
        let of_z = to_unit(second, 1);
        Self {
            vectors: [first, second],
            weights: [of_s, of_z],
        }
    }

    /// The entries of a vector in the basis.
    pub(super) fn rotate(&self, v: &mut [f64]) {
        for (vector, weight) in self.vectors.into_iter().zip(self.weights) {
            reflect(vector, weight, v);
        }
    }

    /// The vector of entries in the basis.
    pub(super) fn rotate_back(&self, v: &mut [f64]) {
        for (vector, weight) in self.vectors.into_iter().zip(self.weights).rev() {
            reflect(vector, weight, v);
        }
    }

    /// As [`rotate`](Self::rotate), of all columns of a matrix that is given by its rows, each of so many entries from where it
    /// starts.
    pub(super) fn rotate_rows(&self, starts: &[usize], values: &mut [f64], sums: &mut [f64]) {
        let width = sums.len();
        for (vector, weight) in self.vectors.into_iter().zip(self.weights) {
            sums.fill(0.0);
            for (start, entry) in starts.iter().zip(vector) {
                for (sum, value) in sums.iter_mut().zip(&values[*start..][..width]) {
                    *sum += entry * value;
                }
            }
            for (start, entry) in starts.iter().zip(vector) {
                let factor = weight * entry;
                for (sum, value) in sums.iter().zip(&mut values[*start..][..width]) {
                    *value -= factor * sum;
                }
            }
        }
    }
}

/// From a vector of length one to that which reflects it to a multiple of a unit vector, and the weight of that.
fn to_unit(vector: &mut [f64], place: usize) -> f64 {
    if vector.iter().all(|entry| *entry == 0.0) {
        return 0.0;
    }
    let entry = vector[place];
    vector[place] += 1_f64.copysign(entry);
    1.0 / (1.0 + entry.abs())
}

fn reflect(vector: &[f64], weight: f64, v: &mut [f64]) {
    let factor = weight * dot(vector, v);
    for (v, entry) in v.iter_mut().zip(vector) {
        *v -= factor * entry;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S_HAT: [f64; 4] = [0.6, 0.0, -0.8, 0.0];
    const NONE: [f64; 4] = [0.0; 4];

    #[test]
    fn the_directions_come_first() {
        for z_hat in [[0.0, 1.0, 0.0, 0.0], [0.48, -0.6, 0.36, 0.528_772_635_718_84], NONE] {
            let z_hat = {
                let along = dot(&z_hat, &S_HAT);
                let across: Vec<f64> = z_hat.iter().zip(S_HAT).map(|(z, s)| z - along * s).collect();
                let norm = dot(&across, &across).sqrt();
                across
                    .into_iter()
                    .map(|z| if norm > 0.0 { z / norm } else { z })
                    .collect::<Vec<f64>>()
            };
            for (s_hat, z_hat) in [(S_HAT.as_slice(), z_hat.as_slice()), (&z_hat, &S_HAT), (&NONE, &z_hat)] {
                let mut memory = [0.0; 8];
                let reflections = Reflections::new(s_hat, z_hat, &mut memory);
                for (place, direction) in [s_hat, z_hat].into_iter().enumerate() {
                    let mut v = direction.to_vec();
                    reflections.rotate(&mut v);
                    let length = dot(direction, direction);
                    for (row, entry) in v.iter().enumerate() {
                        let expected = if row == place { length } else { 0.0 };
                        assert!((entry.abs() - expected).abs() < 1e-15, "{v:?}");
                    }
                    reflections.rotate_back(&mut v);
                    assert!(v.iter().zip(direction).all(|(one, other)| (one - other).abs() < 1e-15));
                }
            }
        }
    }

    #[test]
    fn rows_are_rotated_as_columns() {
        let (mut memory, z_hat) = ([0.0; 8], [0.8, 0.0, 0.6, 0.0]);
        let reflections = Reflections::new(&S_HAT, &z_hat, &mut memory);
        let mut values: Vec<f64> = (0..14).map(|entry| f64::from(entry).cos()).collect();
        let starts = [1, 4, 8, 12];
        let mut columns: [Vec<f64>; 2] = [0, 1].map(|column| starts.map(|start| values[start + column]).to_vec());
        reflections.rotate_rows(&starts, &mut values, &mut [0.0; 2]);
        for (place, column) in columns.iter_mut().enumerate() {
            reflections.rotate(column);
            for (start, entry) in starts.iter().zip(column) {
                assert!((values[start + place] - *entry).abs() < 1e-15);
            }
        }
    }
}

//! The factorization of a sparse matrix whose pattern never changes: where each number goes is looked up once.
//!
//! Column after column is subtracted from those to its right. What it touches there is known in advance, and is often next
//! to each other.

use super::Layout;
use crate::ldlt::Limits;
use crate::vector::{SHORT, add, add_array, add_at, by_length, dot_at};

/// More places than this are not remembered.
const MOST_PLACES: usize = 1 << 24;

/// The places of an update are not next to each other.
const APART: u32 = u32::MAX;

/// The pattern of `L` in `LDLᵀ`, by columns, without its diagonal.
pub(super) struct Pattern {
    starts: Vec<usize>,
    rows: Vec<u32>,
    /// Where each unknown is in the order of elimination.
    positions: Vec<u32>,
}

impl Pattern {
    pub(super) fn new(layout: &Layout) -> Self {
        let size = layout.size();
        let mut positions = vec![0; size];
        for (position, unknown) in layout.order.iter().enumerate() {
            positions[*unknown] = position as u32;
        }
        let mut below = vec![Vec::new(); size];
        for column in 0..size {
            for row in &layout.rows[layout.starts[column]..layout.starts[column + 1]] {
                let (one, other) = (positions[*row], positions[column]);
                if one != other {
                    below[one.min(other) as usize].push(one.max(other));
                }
            }
        }
        // A column has what the matrix has there, and what is left of the columns whose first row it is.
        let mut pattern = Self {
            starts: vec![0],
            rows: Vec::new(),
            positions,
        };
        for column in 0..size {
            let mut rows = std::mem::take(&mut below[column]);
            rows.sort_unstable();
            rows.dedup();
            pattern.rows.extend_from_slice(&rows);
            pattern.starts.push(pattern.rows.len());
            if let Some((parent, rest)) = rows.split_first() {
                below[*parent as usize].extend_from_slice(rest);
            }
        }
        pattern
    }

    fn column(&self, column: usize) -> &[u32] {
        &self.rows[self.starts[column]..self.starts[column + 1]]
    }

    pub(super) fn lengths(&self) -> impl DoubleEndedIterator<Item = usize> + ExactSizeIterator {
        self.starts.windows(2).map(|bounds| bounds[1] - bounds[0])
    }

    /// The place of a row in a column that has it.
    fn place(&self, row: u32, column: usize) -> u32 {
        let within = self.column(column).partition_point(|other| *other < row);
        (self.starts[column] + within) as u32
    }
}

/// The numbers of a factorization, overwritten by the next.
pub(super) struct Sparse {
    pattern: Pattern,
    signs: Vec<i8>,
    /// The place of each nonzero of the matrix.
    places: Vec<u32>,
    /// Where the products of the entries of a column go: those of a short one with themselves and with all below, those of
    /// a long one with the ones below, if these are not next to each other.
    targets: Vec<u32>,
    /// Of each entry of a long column: where the products with the entries below it begin, if these are next to each other.
    bases: Vec<u32>,
    /// The pivots, later their reciprocals, and then the entries of `L`.
    numbers: Vec<f64>,
    unknowns: Vec<f64>,
}

impl Sparse {
    /// `None` where there are too many places to remember.
    pub(super) fn new(pattern: Pattern, layout: &Layout) -> Option<Self> {
        let size = layout.size();
        let pairs = |length: usize| length * length.saturating_sub(1) / 2;
        let entries = size + pattern.rows.len();
        if pattern.lengths().map(pairs).sum::<usize>() > MOST_PLACES || entries >= APART as usize {
            return None;
        }
        let place = |row: u32, column: usize| size as u32 + pattern.place(row, column);
        let mut places = Vec::with_capacity(layout.rows.len());
        for column in 0..size {
            for row in &layout.rows[layout.starts[column]..layout.starts[column + 1]] {
                let (one, other) = (pattern.positions[*row], pattern.positions[column]);
                places.push(if one == other {
                    one
                } else {
                    place(one.max(other), one.min(other) as usize)
                });
            }
        }
        let (mut bases, mut targets) = (Vec::new(), Vec::new());
        for column in 0..size {
            let rows = pattern.column(column);
            for (at, row) in rows.iter().enumerate() {
                let below = rows[at + 1..].iter().map(|below| place(*below, *row as usize));
                if rows.len() <= SHORT {
                    targets.push(*row);
                    targets.extend(below);
                    continue;
                }
                let first = targets.len();
                targets.extend(below);
                let of_row = &targets[first..];
                if of_row.windows(2).all(|pair| pair[0] + 1 == pair[1]) {
                    bases.push(of_row.first().copied().unwrap_or(0));
                    targets.truncate(first);
                } else {
                    bases.push(APART);
                }
            }
        }
        targets.shrink_to_fit();
        bases.shrink_to_fit();
        Some(Self {
            signs: layout.order.iter().map(|unknown| layout.signs[*unknown]).collect(),
            places,
            targets,
            bases,
            numbers: vec![0.0; entries],
            unknowns: vec![0.0; size],
            pattern,
        })
    }

    /// Factors, with `epsilon` added to the pivots with their signs; returns how many lost theirs and were replaced.
    pub(super) fn factor(&mut self, values: &[f64], epsilon: f64, limits: Limits) -> usize {
        let numbers = self.numbers.as_mut_slice();
        numbers.fill(0.0);
        for (place, value) in self.places.iter().zip(values) {
            numbers[*place as usize] = *value;
        }
        let (mut replaced, mut start) = (0, self.signs.len());
        let (mut targets, mut bases) = (self.targets.as_slice(), self.bases.as_slice());
        for (column, (sign, length)) in self.signs.iter().zip(self.pattern.lengths()).enumerate() {
            let sign = f64::from(*sign);
            let value = sign * numbers[column] + epsilon;
            let kept = value > limits.least;
            replaced += usize::from(!kept);
            let pivot = sign / if kept { value } else { limits.replacement };
            numbers[column] = pivot;
            by_length!(
                length,
                K => subtract_short::<K>(numbers, start, pivot, &mut targets),
                {
                    let of_column;
                    (of_column, bases) = bases.split_at(length);
                    let rows = self.pattern.column(column);
                    subtract_long(numbers, start, pivot, rows, of_column, &mut targets);
                }
            );
            start += length;
        }
        replaced
    }

    /// Solves in place.
    pub(super) fn solve(&mut self, rhs: &mut [f64]) {
        let Self {
            pattern,
            numbers,
            unknowns,
            ..
        } = self;
        for (rhs, position) in rhs.iter().zip(&pattern.positions) {
            unknowns[*position as usize] = *rhs;
        }
        let (pivots, l) = numbers.split_at(unknowns.len());
        let (mut rows, mut entries) = (pattern.rows.as_slice(), l);
        for (column, length) in pattern.lengths().enumerate() {
            let (of_rows, of_entries);
            (of_rows, rows) = rows.split_at(length);
            (of_entries, entries) = entries.split_at(length);
            let unknown = -unknowns[column];
            add_at(unknown, of_rows, of_entries, unknowns);
        }
        let (mut rows, mut entries) = (pattern.rows.as_slice(), l);
        for ((column, length), pivot) in pattern.lengths().enumerate().rev().zip(pivots.iter().rev()) {
            let (of_rows, of_entries);
            (rows, of_rows) = rows.split_at(rows.len() - length);
            (entries, of_entries) = entries.split_at(entries.len() - length);
            unknowns[column] = pivot * unknowns[column] - dot_at(of_rows, of_entries, unknowns);
        }
        for (rhs, position) in rhs.iter_mut().zip(&pattern.positions) {
            *rhs = unknowns[*position as usize];
        }
    }
}

/// Subtracts the products of a column of `K` entries, and divides it by its pivot.
#[inline]
fn subtract_short<const K: usize>(numbers: &mut [f64], start: usize, pivot: f64, targets: &mut &[u32]) {
    let (of_column, rest) = targets.split_at(K * (K + 1) / 2);
    *targets = rest;
    let Some(entries) = numbers[start..].first_chunk_mut::<K>() else {
        return;
    };
    let unscaled = *entries;
    *entries = unscaled.map(|entry| pivot * entry);
    let scaled = *entries;
    let mut at = 0;
    for (place, weight) in scaled.iter().enumerate() {
        for entry in &unscaled[place..] {
            numbers[of_column[at] as usize] -= weight * entry;
            at += 1;
        }
    }
}

/// The same of a long column.
#[inline(never)]
fn subtract_long(numbers: &mut [f64], start: usize, pivot: f64, rows: &[u32], bases: &[u32], targets: &mut &[u32]) {
    let end = start + rows.len();
    let (done, later) = numbers.split_at_mut(end);
    let (pivots, mut entries) = done.split_at_mut(start);
    for (row, base) in rows.iter().zip(bases) {
        let Some((entry, below)) = entries.split_first_mut() else {
            break;
        };
        let weight = pivot * *entry;
        pivots[*row as usize] -= weight * *entry;
        *entry = weight;
        if *base == APART {
            let (places, rest) = targets.split_at(below.len());
            *targets = rest;
            for (place, entry) in places.iter().zip(&*below) {
                later[*place as usize - end] -= weight * entry;
            }
        } else if !below.is_empty() {
            let later = &mut later[*base as usize - end..];
            by_length!(
                below.len(),
                K => add_array::<K>(-weight, below, later),
                add(-weight, below, &mut later[..below.len()])
            );
        }
        entries = below;
    }
}

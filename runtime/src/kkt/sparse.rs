//! The factorization of a sparse matrix whose pattern never changes: where each number goes is looked up once.
//!
//! Column after column is subtracted from those to its right. What it touches there is known in advance, and is often next
//! to each other.

use super::Layout;
use crate::ldlt::Limits;

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

    pub(super) fn lengths(&self) -> impl Iterator<Item = usize> {
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
    /// Of each nonzero of the matrix: a pivot, or, from the number of unknowns on, an entry of `L`.
    places: Vec<u32>,
    /// Of each entry of `L` in row `k`: where the entries below it go in column `k`, if next to each other from here on.
    bases: Vec<u32>,
    /// Where they go otherwise.
    targets: Vec<u32>,
    /// The pivots, and then their reciprocals.
    pivots: Vec<f64>,
    l: Vec<f64>,
    unknowns: Vec<f64>,
}

impl Sparse {
    /// `None` where there are too many places to remember.
    pub(super) fn new(pattern: Pattern, layout: &Layout) -> Option<Self> {
        let size = layout.size();
        let pairs = |length: usize| length * length.saturating_sub(1) / 2;
        if pattern.lengths().map(pairs).sum::<usize>() > MOST_PLACES {
            return None;
        }
        let mut places = Vec::with_capacity(layout.rows.len());
        for column in 0..size {
            for row in &layout.rows[layout.starts[column]..layout.starts[column + 1]] {
                let (one, other) = (pattern.positions[*row], pattern.positions[column]);
                places.push(if one == other {
                    one
                } else {
                    size as u32 + pattern.place(one.max(other), one.min(other) as usize)
                });
            }
        }
        let (mut bases, mut targets) = (Vec::with_capacity(pattern.rows.len()), Vec::new());
        for column in 0..size {
            let rows = pattern.column(column);
            for (at, row) in rows.iter().enumerate() {
                let first = targets.len();
                targets.extend(rows[at + 1..].iter().map(|below| pattern.place(*below, *row as usize)));
                let of_row = &targets[first..];
                let together = of_row.windows(2).all(|pair| pair[0] + 1 == pair[1]);
                bases.push(if together {
                    of_row.first().copied().unwrap_or(0)
                } else {
                    APART
                });
                if together {
                    targets.truncate(first);
                }
            }
        }
        targets.shrink_to_fit();
        Some(Self {
            signs: layout.order.iter().map(|unknown| layout.signs[*unknown]).collect(),
            places,
            bases,
            targets,
            pivots: vec![0.0; size],
            l: vec![0.0; pattern.rows.len()],
            unknowns: vec![0.0; size],
            pattern,
        })
    }

    /// Factors, with `epsilon` added to the pivots with their signs; returns how many lost theirs and were replaced.
    pub(super) fn factor(&mut self, values: &[f64], epsilon: f64, limits: Limits) -> usize {
        let size = self.pivots.len();
        self.pivots.fill(0.0);
        self.l.fill(0.0);
        for (place, value) in self.places.iter().zip(values) {
            let place = *place as usize;
            match place.checked_sub(size) {
                Some(place) => self.l[place] = *value,
                None => self.pivots[place] = *value,
            }
        }
        let (mut replaced, mut targets) = (0, self.targets.as_slice());
        for (column, sign) in self.signs.iter().enumerate() {
            let sign = f64::from(*sign);
            let value = sign * self.pivots[column] + epsilon;
            let kept = value > limits.least;
            replaced += usize::from(!kept);
            let pivot = sign / if kept { value } else { limits.replacement };
            self.pivots[column] = pivot;
            let bounds = self.pattern.starts[column]..self.pattern.starts[column + 1];
            let (rows, bases) = (&self.pattern.rows[bounds.clone()], &self.bases[bounds.clone()]);
            let (done, later) = self.l.split_at_mut(bounds.end);
            let mut entries = &mut done[bounds.start..];
            for (row, base) in rows.iter().zip(bases) {
                let Some((entry, below)) = entries.split_first_mut() else {
                    break;
                };
                let weight = pivot * *entry;
                self.pivots[*row as usize] -= weight * *entry;
                *entry = weight;
                if *base == APART {
                    let places;
                    (places, targets) = targets.split_at(below.len());
                    for (place, entry) in places.iter().zip(&*below) {
                        later[*place as usize - bounds.end] -= weight * entry;
                    }
                } else if !below.is_empty() {
                    let later = &mut later[*base as usize - bounds.end..][..below.len()];
                    for (later, entry) in later.iter_mut().zip(&*below) {
                        *later -= weight * entry;
                    }
                }
                entries = below;
            }
        }
        replaced
    }

    /// Solves in place.
    pub(super) fn solve(&mut self, rhs: &mut [f64]) {
        let Self {
            pattern,
            pivots,
            l,
            unknowns,
            ..
        } = self;
        for (rhs, position) in rhs.iter().zip(&pattern.positions) {
            unknowns[*position as usize] = *rhs;
        }
        let columns = || pattern.starts.windows(2).map(|bounds| bounds[0]..bounds[1]);
        for (column, bounds) in columns().enumerate() {
            let unknown = unknowns[column];
            for (row, l) in pattern.rows[bounds.clone()].iter().zip(&l[bounds]) {
                unknowns[*row as usize] -= l * unknown;
            }
        }
        for (column, bounds) in columns().enumerate().rev() {
            let mut unknown = pivots[column] * unknowns[column];
            for (row, l) in pattern.rows[bounds.clone()].iter().zip(&l[bounds]) {
                unknown -= l * unknowns[*row as usize];
            }
            unknowns[column] = unknown;
        }
        for (rhs, position) in rhs.iter_mut().zip(&pattern.positions) {
            *rhs = unknowns[*position as usize];
        }
    }
}

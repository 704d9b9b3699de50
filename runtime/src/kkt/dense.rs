//! The factorization of a matrix that is dense, but for unknowns that are not coupled with each other.
//!
//! With these in front it is `[D Bᵀ; B T]` of a diagonal `D`. They are eliminated at once, and the rest, the Schur
//! complement `T − B D⁻¹ Bᵀ`, is factored as the dense matrix that it is: several times as many operations a second as the
//! elimination of a sparse matrix.

use super::Layout;
use crate::ldlt::{Columns, Ldlt, Limits};

/// Nanoseconds of an operation on a column of `c` entries, of which there are `c²`, of each entry, and of each unknown:
/// for a factorization and three solutions, as measured.
const SPARSE: f64 = 0.18;
const SPARSE_ENTRY: f64 = 20.0;
const SPARSE_UNKNOWN: f64 = 23.0;
const DENSE: f64 = 0.07;
const DENSE_ENTRY: f64 = 1.2;
const DENSE_UNKNOWN: f64 = 180.0;
/// With the row that each is in looked up.
const SCATTERED: f64 = 1.5;
const SCATTERED_ENTRY: f64 = 10.0;
/// Of what does not depend on the size.
const START: f64 = 600.0;
/// Another method must promise this part of the time.
const WORTHWHILE: f64 = 0.8;
/// Entries of the largest dense matrix.
const LARGEST: usize = 1 << 24;

/// How the unknowns are split.
#[derive(Clone)]
pub(super) struct Split {
    /// Those that are eliminated at once.
    head: Vec<u32>,
    /// The others.
    tail: Vec<u32>,
    /// Where each is: in the head, or, from the number of unknowns on, in the tail.
    places: Vec<usize>,
    /// Whether `B` is stored with its zeros.
    pub(super) filled: bool,
    /// Nanoseconds.
    cost: f64,
}

impl Split {
    /// The cheaper of two: the one that follows the order of elimination, and the one in which all rows of `A` come first.
    pub(super) fn new(layout: &Layout) -> Self {
        let neighbours = Neighbours::new(layout);
        let (order, columns) = (&layout.order, layout.columns);
        let rows = order.iter().filter(|unknown| **unknown >= columns);
        let variables = order.iter().filter(|unknown| **unknown < columns);
        let [natural, by_rows] = [
            Self::along(&neighbours, order.iter()),
            Self::along(&neighbours, rows.chain(variables)),
        ];
        // Entries of a row are next to each other in the matrix.
        if by_rows.cost <= natural.cost { by_rows } else { natural }
    }

    /// The one that follows an order.
    fn along<'a>(neighbours: &Neighbours, order: impl Iterator<Item = &'a usize>) -> Self {
        let size = neighbours.starts.len() - 1;
        let nowhere = 2 * size;
        // In the head from 0 on, in the tail from `size` on.
        let mut places = vec![nowhere; size];
        let (mut head, mut tail, mut scattered) = (Vec::new(), Vec::new(), 0.0);
        for unknown in order {
            let coupled = neighbours.of(*unknown);
            if coupled.iter().any(|other| places[*other as usize] < size) {
                places[*unknown] = size + tail.len();
                tail.push(*unknown as u32);
            } else {
                places[*unknown] = head.len();
                head.push(*unknown as u32);
                scattered += SCATTERED * square(coupled.len()) + SCATTERED_ENTRY * coupled.len() as f64;
            }
        }
        let panel = (head.len() * tail.len()) as f64;
        let filled = DENSE * panel * tail.len() as f64 + DENSE_ENTRY * panel;
        // So that unknowns next to each other stay so.
        tail.sort_unstable();
        for (place, unknown) in tail.iter().enumerate() {
            places[*unknown as usize] = size + place;
        }
        Self {
            places,
            cost: START
                + DENSE_UNKNOWN * tail.len() as f64
                + 0.5 * DENSE_ENTRY * square(tail.len())
                + DENSE / 3.0 * (tail.len() as f64).powi(3)
                + filled.min(scattered),
            filled: filled < scattered,
            head,
            tail,
        }
    }

    /// Whether it is faster than the elimination of columns with so many entries, by more than these numbers may be wrong.
    pub(super) fn is_faster_than(&self, columns: impl Iterator<Item = usize>) -> bool {
        let (head, tail) = (self.head.len(), self.tail.len());
        let fits = tail
            .checked_mul(tail.max(head))
            .is_some_and(|entries| entries <= LARGEST);
        let sparse = columns.map(|length| SPARSE * square(length) + SPARSE_ENTRY * length as f64 + SPARSE_UNKNOWN);
        fits && self.cost < WORTHWHILE * sparse.sum::<f64>()
    }
}

fn square(count: usize) -> f64 {
    (count as f64).powi(2)
}

/// The unknowns that each is coupled with.
struct Neighbours {
    starts: Vec<usize>,
    others: Vec<u32>,
}

impl Neighbours {
    fn new(layout: &Layout) -> Self {
        let size = layout.size();
        let mut starts = vec![0; size + 1];
        let pairs = || {
            let columns =
                (0..size).map(|column| (column, &layout.rows[layout.starts[column]..layout.starts[column + 1]]));
            columns.flat_map(|(column, rows)| rows.iter().map(move |row| (*row, column)))
        };
        let couplings = || pairs().filter(|(row, column)| row != column);
        for (row, column) in couplings() {
            starts[row + 1] += 1;
            starts[column + 1] += 1;
        }
        for unknown in 0..size {
            starts[unknown + 1] += starts[unknown];
        }
        let (mut next, mut others) = (starts.clone(), vec![0; starts[size]]);
        for (row, column) in couplings() {
            for (one, other) in [(row, column), (column, row)] {
                others[next[one]] = other as u32;
                next[one] += 1;
            }
        }
        Self { starts, others }
    }

    fn of(&self, unknown: usize) -> &[u32] {
        &self.others[self.starts[unknown]..self.starts[unknown + 1]]
    }
}

/// Nonzeros next to each other in the matrix as well as in a column of `B`.
struct Stretch {
    index: u32,
    length: u32,
    row: u32,
    column: u32,
}

impl Stretch {
    fn new(entries: &[[u32; 3]]) -> Self {
        let [index, row, column] = entries[0];
        Self {
            index,
            length: entries.len() as u32,
            row,
            column,
        }
    }
}

fn follows(one: &[u32; 3], next: &[u32; 3]) -> bool {
    let [index, row, column] = *one;
    *next == [index + 1, row + 1, column]
}

/// The numbers of a factorization, overwritten by the next; matrices by columns.
pub(super) struct Dense {
    split: Split,
    /// Nonzeros between tail and head: the index, the place in the tail and that in the head; by the latter.
    between: Vec<[u32; 3]>,
    /// Those of a filled `B`, together where both indices and places are.
    stretches: Vec<Stretch>,
    /// Nonzeros within the tail: the index, the row and the column, of the lower triangle.
    within: Vec<[u32; 3]>,
    /// The reciprocal pivots of the head.
    pivots: Vec<f64>,
    /// `B`: its nonzeros, or with its zeros if the split says so.
    scattered: Vec<f64>,
    filled: Columns,
    corner: Ldlt,
    signs: Vec<i8>,
    head: Vec<f64>,
    tail: Vec<f64>,
}

impl Dense {
    pub(super) fn new(split: Split, layout: &Layout) -> Self {
        let (size, head, tail) = (layout.size(), split.head.len(), split.tail.len());
        let (mut between, mut within) = (Vec::new(), Vec::new());
        for column in 0..size {
            for index in layout.starts[column]..layout.starts[column + 1] {
                let (one, other) = (split.places[layout.rows[index]], split.places[column]);
                let (low, high) = (one.min(other), one.max(other));
                if low >= size {
                    within.push([index, high - size, low - size].map(|place| place as u32));
                } else if high >= size {
                    between.push([index, high - size, low].map(|place| place as u32));
                }
            }
        }
        between.sort_unstable_by_key(|[_, row, column]| [*column, *row]);
        // As large as the matrix.
        between.shrink_to_fit();
        within.shrink_to_fit();
        let mut stretches = Vec::new();
        if split.filled {
            stretches = between.chunk_by(follows).map(Stretch::new).collect();
            between = Vec::new();
        }
        let signs: Vec<i8> = split
            .tail
            .iter()
            .map(|unknown| layout.signs[*unknown as usize])
            .collect();
        let filled = Columns::new(tail, if split.filled { head } else { 0 });
        let corner = Ldlt::new(signs.clone());
        Self {
            pivots: vec![0.0; head],
            scattered: vec![0.0; between.len()],
            stretches,
            signs,
            head: vec![0.0; filled.width().max(head)],
            tail: vec![0.0; corner.stride()],
            filled,
            corner,
            split,
            between,
            within,
        }
    }

    /// Factors, with `epsilon` added to the pivots with their signs; returns how many lost theirs and were replaced.
    pub(super) fn factor(&mut self, layout: &Layout, values: &[f64], epsilon: f64, limits: Limits) -> usize {
        let mut replaced = 0;
        for (pivot, unknown) in self.pivots.iter_mut().zip(&self.split.head) {
            let unknown = *unknown as usize;
            let sign = f64::from(layout.signs[unknown]);
            let value = sign * values[layout.diagonal[unknown]] + epsilon;
            let kept = value > limits.least;
            replaced += usize::from(!kept);
            *pivot = sign / if kept { value } else { limits.replacement };
        }
        let stride = self.corner.stride();
        let corner = self.corner.cleared();
        for [index, row, column] in &self.within {
            corner[*row as usize + stride * *column as usize] = values[*index as usize];
        }
        for (diagonal, sign) in corner.iter_mut().step_by(stride + 1).zip(&self.signs) {
            *diagonal += epsilon * f64::from(*sign);
        }
        if self.split.filled {
            self.eliminate_filled(values);
        } else {
            self.eliminate_scattered(values);
        }
        replaced + self.corner.factor(limits)
    }
    fn eliminate_filled(&mut self, values: &[f64]) {
        let stride = self.filled.stride();
        let entries = self.filled.entries_mut();
        for stretch in &self.stretches {
            let [index, length, row, column] =
                [stretch.index, stretch.length, stretch.row, stretch.column].map(|number| number as usize);
            entries[row + stride * column..][..length].copy_from_slice(&values[index..index + length]);
        }
        self.corner.subtract(&self.filled, &self.pivots);
    }

    fn eliminate_scattered(&mut self, values: &[f64]) {
        let stride = self.corner.stride();
        let corner = self.corner.entries_mut();
        for (value, [index, ..]) in self.scattered.iter_mut().zip(&self.between) {
            *value = values[*index as usize];
        }
        let mut rest = self.scattered.as_slice();
        for column in self.between.chunk_by(|one, other| one[2] == other[2]) {
            let values;
            (values, rest) = rest.split_at(column.len());
            for (at, ([_, from, head], value)) in column.iter().zip(values).enumerate() {
                let weight = value * self.pivots[*head as usize];
                let corner = &mut corner[stride * *from as usize..][..stride];
                for ([_, row, _], value) in column[at..].iter().zip(&values[at..]) {
                    corner[*row as usize] -= weight * value;
                }
            }
        }
    }

    /// Solves in place.
    pub(super) fn solve(&mut self, rhs: &mut [f64]) {
        // What fills them up too: not a number may be left there.
        self.head.fill(0.0);
        self.tail.fill(0.0);
        for ((head, pivot), unknown) in self.head.iter_mut().zip(&self.pivots).zip(&self.split.head) {
            *head = pivot * rhs[*unknown as usize];
        }
        for (tail, unknown) in self.tail.iter_mut().zip(&self.split.tail) {
            *tail = rhs[*unknown as usize];
        }
        if self.split.filled {
            self.filled.subtract_product(&self.head, &mut self.tail);
        } else {
            for ([_, row, column], value) in self.between.iter().zip(&self.scattered) {
                self.tail[*row as usize] -= value * self.head[*column as usize];
            }
        }
        self.corner.solve(&mut self.tail);
        for (head, unknown) in self.head.iter_mut().zip(&self.split.head) {
            *head = rhs[*unknown as usize];
        }
        if self.split.filled {
            self.filled.subtract_transposed(&self.tail, &mut self.head);
        } else {
            for ([_, row, column], value) in self.between.iter().zip(&self.scattered) {
                self.head[*column as usize] -= value * self.tail[*row as usize];
            }
        }
        for ((head, pivot), unknown) in self.head.iter().zip(&self.pivots).zip(&self.split.head) {
            rhs[*unknown as usize] = pivot * head;
        }
        for (tail, unknown) in self.tail.iter().zip(&self.split.tail) {
            rhs[*unknown as usize] = *tail;
        }
    }
}

//! The factorization of a matrix that is dense, but for unknowns that are not coupled with each other.
//!
//! With these in front it is `[D Bᵀ; B T]` of a diagonal `D`. They are eliminated at once, and the rest, the Schur
//! complement `T − B D⁻¹ Bᵀ`, is factored as the dense matrix that it is: several times as many operations a second as the
//! elimination of a sparse matrix.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::ldlt::factor::{LdltRegularization, cholesky_in_place, cholesky_in_place_scratch};
use faer::linalg::matmul::triangular::{BlockStructure, matmul};
use faer::linalg::triangular_solve::{solve_unit_lower_triangular_in_place, solve_unit_upper_triangular_in_place};
use faer::reborrow::ReborrowMut;
use faer::{Accum, MatMut, MatRef, Par, Spec};

use super::Layout;
use super::elimination::Limits;
use crate::vector::dot;

/// Nanoseconds an operation on a column of `c` entries, of which there are `c²`, as measured; and those of each entry.
const SPARSE: f64 = 0.16;
const SPARSE_ENTRY: f64 = 6.0;
const DENSE: f64 = 0.05;
/// With the row that each is in looked up.
const SCATTERED: f64 = 0.5;
/// Nanoseconds an elimination, and each unknown of the dense part.
const START: f64 = 3e3;
const DENSE_UNKNOWN: f64 = 150.0;
/// Another method must promise this part of the time.
const WORTHWHILE: f64 = 0.7;
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
                scattered += SCATTERED * square(coupled.len());
            }
        }
        let filled = DENSE * square(tail.len()) * head.len() as f64;
        // So that unknowns next to each other stay so.
        tail.sort_unstable();
        for (place, unknown) in tail.iter().enumerate() {
            places[*unknown as usize] = size + place;
        }
        Self {
            places,
            cost: START
                + DENSE_UNKNOWN * tail.len() as f64
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
        let sparse = columns.map(|length| SPARSE * square(length) + SPARSE_ENTRY * length as f64);
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
    /// `B`, with its zeros if the split says so.
    panel: Vec<f64>,
    /// `B D⁻¹`, where `B` has its zeros.
    scaled: Vec<f64>,
    /// `L` below the diagonal, and the pivots on it.
    corner: Vec<f64>,
    signs: Vec<i8>,
    head: Vec<f64>,
    tail: Vec<f64>,
    memory: MemBuffer,
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
        let filled = if split.filled { tail * head } else { 0 };
        let mut stretches = Vec::new();
        if split.filled {
            stretches = between.chunk_by(follows).map(Stretch::new).collect();
            between = Vec::new();
        }
        Self {
            pivots: vec![0.0; head],
            panel: vec![0.0; if split.filled { filled } else { between.len() }],
            stretches,
            scaled: vec![0.0; filled],
            corner: vec![0.0; tail * tail],
            signs: split
                .tail
                .iter()
                .map(|unknown| layout.signs[*unknown as usize])
                .collect(),
            head: vec![0.0; head],
            tail: vec![0.0; tail],
            memory: MemBuffer::new(cholesky_in_place_scratch::<f64>(tail, Par::Seq, Spec::default())),
            split,
            between,
            within,
        }
    }

    /// Factors, with `epsilon` added to the pivots with their signs; returns how many lost theirs and were replaced.
    pub(super) fn factor(
        &mut self,
        layout: &Layout,
        values: &[f64],
        epsilon: f64,
        limits: Limits,
    ) -> Result<usize, &'static str> {
        let mut replaced = 0;
        for (pivot, unknown) in self.pivots.iter_mut().zip(&self.split.head) {
            let unknown = *unknown as usize;
            let sign = f64::from(layout.signs[unknown]);
            let value = sign * values[layout.diagonal[unknown]] + epsilon;
            let kept = value > limits.least;
            replaced += usize::from(!kept);
            *pivot = sign / if kept { value } else { limits.replacement };
        }
        let size = self.tail.len();
        self.corner.fill(0.0);
        for [index, row, column] in &self.within {
            self.corner[*row as usize + size * *column as usize] = values[*index as usize];
        }
        for (diagonal, sign) in self.corner.iter_mut().step_by(size + 1).zip(&self.signs) {
            *diagonal += epsilon * f64::from(*sign);
        }
        if self.split.filled {
            self.eliminate_filled(values);
        } else {
            self.eliminate_scattered(values);
        }
        let regularization = LdltRegularization {
            dynamic_regularization_signs: Some(&self.signs),
            dynamic_regularization_delta: limits.replacement,
            dynamic_regularization_epsilon: limits.least,
        };
        let corner = MatMut::from_column_major_slice_mut(&mut self.corner, size, size);
        let memory = MemStack::new(&mut self.memory);
        cholesky_in_place(corner, regularization, Par::Seq, memory, Spec::default())
            .map(|info| replaced + info.dynamic_regularization_count)
            .map_err(|_| "the derivative's system has no factorization")
    }

    fn eliminate_filled(&mut self, values: &[f64]) {
        let (size, width) = (self.tail.len(), self.head.len());
        for stretch in &self.stretches {
            let [index, length, row, column] =
                [stretch.index, stretch.length, stretch.row, stretch.column].map(|number| number as usize);
            let place = row + size * column;
            let (values, pivot) = (&values[index..index + length], self.pivots[column]);
            self.panel[place..place + length].copy_from_slice(values);
            for (scaled, value) in self.scaled[place..place + length].iter_mut().zip(values) {
                *scaled = value * pivot;
            }
        }
        matmul(
            MatMut::from_column_major_slice_mut(&mut self.corner, size, size),
            BlockStructure::TriangularLower,
            Accum::Add,
            MatRef::from_column_major_slice(&self.panel, size, width),
            BlockStructure::Rectangular,
            MatRef::from_column_major_slice(&self.scaled, size, width).transpose(),
            BlockStructure::Rectangular,
            -1.0,
            Par::Seq,
        );
    }

    fn eliminate_scattered(&mut self, values: &[f64]) {
        let size = self.tail.len();
        for (value, [index, ..]) in self.panel.iter_mut().zip(&self.between) {
            *value = values[*index as usize];
        }
        let mut rest = self.panel.as_slice();
        for column in self.between.chunk_by(|one, other| one[2] == other[2]) {
            let values;
            (values, rest) = rest.split_at(column.len());
            for (at, ([_, from, head], value)) in column.iter().zip(values).enumerate() {
                let weight = value * self.pivots[*head as usize];
                let corner = &mut self.corner[size * *from as usize..][..size];
                for ([_, row, _], value) in column[at..].iter().zip(&values[at..]) {
                    corner[*row as usize] -= weight * value;
                }
            }
        }
    }

    /// Solves in place.
    pub(super) fn solve(&mut self, rhs: &mut [f64]) {
        let size = self.tail.len();
        for ((head, pivot), unknown) in self.head.iter_mut().zip(&self.pivots).zip(&self.split.head) {
            *head = pivot * rhs[*unknown as usize];
        }
        for (tail, unknown) in self.tail.iter_mut().zip(&self.split.tail) {
            *tail = rhs[*unknown as usize];
        }
        if self.split.filled {
            for (column, head) in self.panel.chunks_exact(size).zip(&self.head) {
                for (tail, value) in self.tail.iter_mut().zip(column) {
                    *tail -= value * head;
                }
            }
        } else {
            for ([_, row, column], value) in self.between.iter().zip(&self.panel) {
                self.tail[*row as usize] -= value * self.head[*column as usize];
            }
        }
        self.solve_tail();
        if self.split.filled {
            for (column, head) in self.scaled.chunks_exact(size).zip(&mut self.head) {
                *head -= dot(column, &self.tail);
            }
        } else {
            for ([_, row, column], value) in self.between.iter().zip(&self.panel) {
                let column = *column as usize;
                self.head[column] -= self.pivots[column] * value * self.tail[*row as usize];
            }
        }
        for (head, unknown) in self.head.iter().zip(&self.split.head) {
            rhs[*unknown as usize] = *head;
        }
        for (tail, unknown) in self.tail.iter().zip(&self.split.tail) {
            rhs[*unknown as usize] = *tail;
        }
    }

    fn solve_tail(&mut self) {
        let size = self.tail.len();
        let corner = MatRef::from_column_major_slice(&self.corner, size, size);
        let mut tail = MatMut::from_column_major_slice_mut(&mut self.tail, size, 1);
        solve_unit_lower_triangular_in_place(corner, tail.rb_mut(), Par::Seq);
        for (place, tail) in tail.rb_mut().col_mut(0).iter_mut().enumerate() {
            *tail /= corner[(place, place)];
        }
        solve_unit_upper_triangular_in_place(corner.transpose(), tail, Par::Seq);
    }
}

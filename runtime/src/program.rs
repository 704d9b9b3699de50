//! The cone program of one parameter point, and the structure that all points of a family share.

use std::sync::Arc;

use sprs::CsMatBase;

use crate::family::{EntriesMut, Pattern, Reach, Slots};
use crate::vector::{add_at, dot, dot_at, not_finite};
use crate::{Cone, Entries, Error, Family};

/// A sparse matrix by columns, with 32-bit indices; all programs of a problem share its pattern, so a clone copies the
/// values only.
///
/// Everything of `sprs` that reads works on it; `to_owned` gives a matrix with a pattern of its own, and
/// `to_other_types` one with indices of another type.
pub type Matrix<N = f64> = CsMatBase<N, u32, Arc<[u32]>, Arc<[u32]>, Vec<N>>;

/// A cone program `minimize ½xᵀPx + qᵀx + r subject to Ax + s = b, s ∈ K`.
///
/// The sparsity pattern is the family's: entries may be stored that happen to be zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// The upper triangle of `P`, columns × columns, by columns.
    pub p: Matrix,
    /// `q`, one entry a column.
    pub q: Vec<f64>,
    /// `A`, rows × columns, by columns.
    pub a: Matrix,
    /// `b`, one entry a row.
    pub b: Vec<f64>,
    /// The constant of the objective.
    pub r: f64,
}

/// A right-hand side of an inequality that bounds nothing.
const NO_BOUND: f64 = 1e20;

impl Program {
    pub(crate) fn clear(&mut self) {
        let EntriesMut { p, q, a, b, r } = self.entries_mut();
        p.fill(0.0);
        q.fill(0.0);
        a.fill(0.0);
        b.fill(0.0);
        *r = 0.0;
    }

    pub(crate) fn entries(&self) -> Entries<'_> {
        Entries {
            p: self.p.data(),
            q: &self.q,
            a: self.a.data(),
            b: &self.b,
            r: self.r,
        }
    }

    pub(crate) fn entries_mut(&mut self) -> EntriesMut<'_> {
        EntriesMut {
            p: self.p.data_mut(),
            q: &mut self.q,
            a: self.a.data_mut(),
            b: &mut self.b,
            r: &mut self.r,
        }
    }

    /// Takes the numbers of a program of the same pattern.
    pub(crate) fn copy_from(&mut self, other: &Program) {
        self.p.data_mut().copy_from_slice(other.p.data());
        self.q.copy_from_slice(&other.q);
        self.a.data_mut().copy_from_slice(other.a.data());
        self.b.copy_from_slice(&other.b);
        self.r = other.r;
    }

    /// The first coefficient of the given parts that is not finite, and where it stands.
    pub(crate) fn not_finite(&self, among: Reach) -> Option<(&'static str, f64)> {
        let Entries { p, q, a, b, r } = self.entries();
        [
            ("P", among.p, p),
            ("q", among.q, q),
            ("A", among.a, a),
            ("b", among.b, b),
            ("r", among.r, &[r]),
        ]
        .into_iter()
        .filter(|(_, among, _)| *among)
        .find_map(|(place, _, values)| not_finite(values).map(|at| (place, values[at])))
    }

    /// Takes inequalities with a right-hand side of at least [`NO_BOUND`] out, so that these numbers are beside no others;
    /// returns whether there are any. Their rows are `s = 1`, or in the units of the other right-hand sides.
    pub(crate) fn relax(&mut self, cones: &[Cone]) -> bool {
        if self.b.iter().all(|b| *b < NO_BOUND) {
            return false;
        }
        let (mut row, mut relaxed) = (0, false);
        for cone in cones {
            let rows = row..row + cone.dim();
            row = rows.end;
            if let Cone::Nonneg(_) = cone {
                for b in self.b[rows].iter_mut().filter(|b| **b >= NO_BOUND) {
                    *b = f64::INFINITY;
                    relaxed = true;
                }
            }
        }
        for mut column in self.a.outer_iterator_mut() {
            for (row, a) in column.iter_mut() {
                if self.b[row] == f64::INFINITY {
                    *a = 0.0;
                }
            }
        }
        let bounds = self.b.iter().filter(|b| b.is_finite());
        let unit = bounds.fold(0.0, |unit: f64, b| unit.max(b.abs()));
        for b in self.b.iter_mut().filter(|b| **b == f64::INFINITY) {
            *b = if unit > 0.0 { unit } else { 1.0 };
        }
        relaxed
    }

    /// `½xᵀPx + qᵀx + r`.
    pub(crate) fn objective(&self, x: &[f64]) -> f64 {
        let mut half = 0.0;
        for (column, (rows, values)) in columns(&self.p).enumerate() {
            for (row, value) in rows.iter().zip(values) {
                let row = *row as usize;
                let weight = if row == column { 0.5 } else { 1.0 };
                half += weight * value * x[row] * x[column];
            }
        }
        half + dot(&self.q, x) + self.r
    }

    /// `y += Px` from the upper triangle.
    pub(crate) fn add_px(&self, x: &[f64], y: &mut [f64]) {
        for (column, (rows, values)) in columns(&self.p).enumerate() {
            add_at(x[column], rows, values, y);
            // The diagonal is the last entry, if it is one at all.
            let above = rows.len() - usize::from(rows.last() == Some(&(column as u32)));
            y[column] += dot_at(&rows[..above], &values[..above], x);
        }
    }

    /// `y += Ax`.
    pub(crate) fn add_ax(&self, x: &[f64], y: &mut [f64]) {
        for ((rows, values), x) in columns(&self.a).zip(x) {
            add_at(*x, rows, values, y);
        }
    }

    /// `y += Aᵀz`.
    pub(crate) fn add_atz(&self, z: &[f64], y: &mut [f64]) {
        for ((rows, values), y) in columns(&self.a).zip(y) {
            *y += dot_at(rows, values, z);
        }
    }
}

/// The rows and the values of each column.
pub(crate) fn columns(matrix: &Matrix) -> impl Iterator<Item = (&[u32], &[f64])> {
    let (starts, rows, values) = (matrix.indptr(), matrix.indices(), matrix.data());
    let starts = starts.into_raw_storage();
    starts.windows(2).map(move |ends| {
        let range = ends[0] as usize..ends[1] as usize;
        (&rows[range.clone()], &values[range])
    })
}

/// What all programs of a family share.
#[derive(Debug)]
pub(crate) struct Structure {
    pub(crate) cones: Vec<Cone>,
    pub(crate) slots: Slots,
    /// The pattern of `P`, which takes no memory for values.
    pub(crate) p: Matrix<()>,
    /// That of `A`.
    pub(crate) a: Matrix<()>,
}

impl Structure {
    pub(crate) fn of<F: Family>(family: &F) -> Result<Self, Error> {
        let mut pattern = Pattern::default();
        family.pattern(&mut pattern);
        Self::new(family.columns(), family.cones(), pattern)
    }

    pub(crate) fn new(columns: usize, cones: Vec<Cone>, pattern: Pattern) -> Result<Self, Error> {
        if columns == 0 {
            return Err(Error::Dimension {
                name: "number of variables",
                value: 0,
            });
        }
        let rows = cones
            .iter()
            .try_fold(0_usize, |rows, cone| rows.checked_add(cone.dim()));
        let rows = rows.filter(|rows| fits(*rows)).ok_or(Error::TooLarge)?;
        if !fits(columns) || pattern.overflow || !fits(pattern.p.len()) || !fits(pattern.a.len()) {
            return Err(Error::TooLarge);
        }
        let (p, p_slots) = compress([columns, columns], pattern.p);
        let (a, a_slots) = compress([rows, columns], pattern.a);
        Ok(Self {
            cones,
            slots: Slots {
                p_alone: alone(p.nnz(), &p_slots, &pattern.p_begins),
                a_alone: alone(a.nnz(), &a_slots, &pattern.a_begins),
                p: p_slots,
                a: a_slots,
            },
            p,
            a,
        })
    }

    /// A program whose numbers are zero.
    pub(crate) fn zero(&self) -> Program {
        Program {
            p: zeros(&self.p),
            q: vec![0.0; self.columns()],
            a: zeros(&self.a),
            b: vec![0.0; self.rows()],
            r: 0.0,
        }
    }

    pub(crate) fn columns(&self) -> usize {
        self.a.cols()
    }

    pub(crate) fn rows(&self) -> usize {
        self.a.rows()
    }
}

fn fits(count: usize) -> bool {
    u32::try_from(count).is_ok()
}

/// Zeros in a pattern, which is shared.
fn zeros(pattern: &Matrix<()>) -> Matrix {
    let (starts, indices, _) = pattern.clone().into_raw_storage();
    let values = vec![0.0; indices.len()];
    Matrix::new_csc(pattern.shape(), starts, indices, values)
}

/// The pattern of the visited places, and where each visit is stored. A dense parameter makes this the largest that
/// construction ever holds, so what is no longer needed is dropped on the way.
fn compress(shape: [usize; 2], visits: Vec<[u32; 2]>) -> (Matrix<()>, Vec<u32>) {
    let [rows, columns] = shape;
    let (mut order, ends) = by_column(columns, &visits);
    let mut slots = vec![u32::MAX; visits.len()];
    let mut starts = Vec::with_capacity(columns + 1);
    starts.push(0);
    // Rows take the place of the visits that are done with.
    let (mut from, mut count) = (0, 0);
    for end in ends {
        order[from..end].sort_unstable_by_key(|visit| (visits[*visit as usize][0], *visit));
        let first = count;
        for at in from..end {
            let visit = order[at] as usize;
            let row = visits[visit][0];
            if count == first || order[count - 1] != row {
                order[count] = row;
                count += 1;
            }
            slots[visit] = (count - 1) as u32;
        }
        starts.push(count as u32);
        from = end;
    }
    drop(visits);
    order.truncate(count);
    let pattern = Matrix::new_csc((rows, columns), starts.into(), order.into(), vec![(); count]);
    (pattern, slots)
}

/// For each loop nest, whether no nonzero of it is visited again.
fn alone(nonzeros: usize, slots: &[u32], begins: &[usize]) -> Vec<bool> {
    let mut visits = vec![0_u8; nonzeros];
    for slot in slots {
        // What was passed over is nowhere.
        if let Some(visits) = visits.get_mut(*slot as usize) {
            *visits = visits.saturating_add(1);
        }
    }
    let once = |slot: &u32| visits.get(*slot as usize).is_none_or(|visits| *visits == 1);
    let ends = begins.iter().skip(1).copied().chain([slots.len()]);
    let nests = begins.iter().zip(ends).map(|(begin, end)| &slots[*begin..end]);
    nests.map(|slots| slots.iter().all(once)).collect()
}

/// The visits in the order of their columns, but for those that were passed over, and where each column ends.
fn by_column(columns: usize, visits: &[[u32; 2]]) -> (Vec<u32>, Vec<usize>) {
    let places = || (0_u32..).zip(visits).filter(|(_, place)| **place != Pattern::NOWHERE);
    let mut next = vec![0_usize; columns];
    for (_, [_, column]) in places() {
        next[*column as usize] += 1;
    }
    let mut sum = 0;
    for next in &mut next {
        sum += std::mem::replace(next, sum);
    }
    let mut order = vec![0; sum];
    for (visit, [_, column]) in places() {
        let next = &mut next[*column as usize];
        order[*next] = visit;
        *next += 1;
    }
    (order, next)
}

#[cfg(test)]
mod tests {
    use super::{Pattern, alone, compress};

    /// Visits in no order, places twice, and one passed over.
    #[test]
    fn places_are_by_columns_and_each_visit_finds_its_own() {
        let visits = vec![[2, 1], [0, 1], Pattern::NOWHERE, [1, 0], [2, 1], [1, 3], [0, 1], [0, 3]];
        let (pattern, slots) = compress([3, 4], visits);
        assert_eq!(pattern.indptr().raw_storage(), [0, 1, 3, 3, 5]);
        assert_eq!(pattern.indices(), [1, 0, 2, 0, 1]);
        assert_eq!(slots, [2, 1, u32::MAX, 0, 2, 4, 1, 3]);
    }

    #[test]
    fn a_nest_is_alone_where_no_place_is_visited_again() {
        // Passed over, by itself twice, and one that another one meets.
        let slots = [0, 1, u32::MAX, 2, 2, 3, 4, 4, 5];
        assert_eq!(
            alone(6, &slots, &[0, 3, 5, 7, 8, 9]),
            [true, false, false, false, true, true]
        );
    }

    #[test]
    fn a_pattern_may_be_empty() {
        let (pattern, slots) = compress([0, 2], vec![Pattern::NOWHERE]);
        assert_eq!((pattern.nnz(), pattern.shape()), (0, (0, 2)));
        assert_eq!(slots, [u32::MAX]);
    }
}

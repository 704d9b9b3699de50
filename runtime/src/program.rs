//! The cone program of one parameter point, and the structure that all points of a family share.

use sprs::CsMat;

use crate::family::{EntriesMut, Pattern, Reach, Slots};
use crate::{Cone, Entries, Error, Family};

/// A cone program `minimize ½xᵀPx + qᵀx + r subject to Ax + s = b, s ∈ K`.
///
/// The sparsity pattern is the family's: entries may be stored that happen to be zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// The upper triangle of `P`, columns × columns, by columns.
    pub p: CsMat<f64>,
    /// `q`, one entry a column.
    pub q: Vec<f64>,
    /// `A`, rows × columns, by columns.
    pub a: CsMat<f64>,
    /// `b`, one entry a row.
    pub b: Vec<f64>,
    /// The constant of the objective.
    pub r: f64,
}

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
        .find_map(|(place, _, values)| {
            values
                .iter()
                .find(|value| !value.is_finite())
                .map(|value| (place, *value))
        })
    }

    /// `½xᵀPx + qᵀx + r`.
    pub(crate) fn objective(&self, x: &[f64]) -> f64 {
        let mut half = 0.0;
        for (column, entries) in self.p.outer_iterator().enumerate() {
            for (row, value) in entries.iter() {
                let weight = if row == column { 0.5 } else { 1.0 };
                half += weight * value * x[row] * x[column];
            }
        }
        half + dot(&self.q, x) + self.r
    }

    /// `y += Px` from the upper triangle.
    pub(crate) fn add_px(&self, x: &[f64], y: &mut [f64]) {
        for (column, entries) in self.p.outer_iterator().enumerate() {
            for (row, value) in entries.iter() {
                y[row] += value * x[column];
                if row != column {
                    y[column] += value * x[row];
                }
            }
        }
    }

    /// `y += Ax`.
    pub(crate) fn add_ax(&self, x: &[f64], y: &mut [f64]) {
        for (entries, x) in self.a.outer_iterator().zip(x) {
            for (row, value) in entries.iter() {
                y[row] += value * x;
            }
        }
    }

    /// `y += Aᵀz`.
    pub(crate) fn add_atz(&self, z: &[f64], y: &mut [f64]) {
        for (entries, y) in self.a.outer_iterator().zip(y) {
            *y += entries.iter().map(|(row, value)| value * z[row]).sum::<f64>();
        }
    }
}

pub(crate) fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

pub(crate) fn norm_inf(x: &[f64]) -> f64 {
    x.iter().fold(0.0, |norm, x| norm.max(x.abs()))
}

/// What all programs of a family share.
#[derive(Debug)]
pub(crate) struct Structure {
    pub(crate) cones: Vec<Cone>,
    pub(crate) slots: Slots,
    /// A program of the right pattern whose numbers are zero.
    pub(crate) zero: Program,
}

impl Structure {
    pub(crate) fn of<F: Family>(family: &F) -> Result<Self, Error> {
        let mut pattern = Pattern::default();
        family.pattern(&mut pattern);
        Self::new(family.columns(), family.cones(), &pattern)
    }

    fn new(columns: usize, cones: Vec<Cone>, pattern: &Pattern) -> Result<Self, Error> {
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
        let (p, p_slots) = compress([columns, columns], &pattern.p);
        let (a, a_slots) = compress([rows, columns], &pattern.a);
        let zero = Program {
            p,
            q: vec![0.0; columns],
            a,
            b: vec![0.0; rows],
            r: 0.0,
        };
        Ok(Self {
            cones,
            slots: Slots { p: p_slots, a: a_slots },
            zero,
        })
    }

    pub(crate) fn columns(&self) -> usize {
        self.zero.q.len()
    }

    pub(crate) fn rows(&self) -> usize {
        self.zero.b.len()
    }
}

fn fits(count: usize) -> bool {
    u32::try_from(count).is_ok()
}

/// The matrix of the visited places, and where each visit is stored: two stable counting sorts, by
/// rows and then by columns.
fn compress(shape: [usize; 2], visits: &[[u32; 2]]) -> (CsMat<f64>, Vec<u32>) {
    let [rows, columns] = shape;
    let places: Vec<u32> = (0..visits.len() as u32)
        .filter(|visit| visits[*visit as usize] != Pattern::NOWHERE)
        .collect();
    let by_row = counting_sort(rows, places.into_iter(), |visit| visits[visit as usize][0]);
    let order = counting_sort(columns, by_row.into_iter(), |visit| visits[visit as usize][1]);
    let mut slots = vec![u32::MAX; visits.len()];
    let mut starts = vec![0; columns + 1];
    let mut indices: Vec<usize> = Vec::new();
    let mut previous = None;
    for visit in order {
        let [row, column] = visits[visit as usize];
        if previous != Some([row, column]) {
            indices.push(row as usize);
            starts[column as usize + 1] += 1;
            previous = Some([row, column]);
        }
        slots[visit as usize] = (indices.len() - 1) as u32;
    }
    indices.shrink_to_fit();
    accumulate(&mut starts);
    let values = vec![0.0; indices.len()];
    (CsMat::new_csc((rows, columns), starts, indices, values), slots)
}

fn counting_sort(
    keys: usize,
    visits: impl ExactSizeIterator<Item = u32> + Clone,
    key: impl Fn(u32) -> u32,
) -> Vec<u32> {
    let mut next = vec![0_usize; keys + 1];
    for visit in visits.clone() {
        next[key(visit) as usize + 1] += 1;
    }
    accumulate(&mut next);
    let mut sorted = vec![0; visits.len()];
    for visit in visits {
        let next = &mut next[key(visit) as usize];
        sorted[*next] = visit;
        *next += 1;
    }
    sorted
}

fn accumulate(counts: &mut [usize]) {
    let mut sum = 0;
    for count in counts {
        sum += *count;
        *count = sum;
    }
}

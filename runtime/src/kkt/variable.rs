//! A matrix that is a variable of the program and in the semidefinite cone, each entry in one row.
//!
//! In the basis of the derivative's eigenvectors, of the entries as well as of the rows, their rows of the matrix are
//! diagonal, and what is left is dense in the other constraints alone: the Schur complement of semidefinite programming.

use super::Projection;
use super::layout::{Layout, Rotation, Term};
use crate::Program;
use crate::cones::add_rotated;

/// A matrix variable `X` with the rows `a X + s = b` of its cone, entry by entry.
#[derive(Debug)]
pub(super) struct Variable {
    /// Of the rows, with no terms: these are the variable's.
    pub(super) rotation: Rotation,
    /// The column of each entry, and the index of its `a`.
    pub(super) columns: Vec<usize>,
    pub(super) a: Vec<usize>,
    /// The index of the diagonal entry of `P`.
    pub(super) p: Vec<Option<usize>>,
    pub(super) touched: Vec<Touched>,
}

/// Another row of `A` with entries in the columns.
#[derive(Debug)]
pub(super) struct Touched {
    pub(super) row: usize,
    /// Where its rotated entries begin in the matrix.
    pub(super) start: usize,
    pub(super) terms: Vec<Term>,
}

/// The difference, relative to its terms, that is rounding error.
const EQUAL: f64 = 1e-14;

impl Variable {
    /// `κ` in the term `κ/2 ‖a ∘ X‖²` of the objective that is the only quadratic one, or `None` where it is another: the
    /// basis makes no diagonal matrix of that.
    fn curvature(&self, program: &Program) -> Option<f64> {
        let (p, a) = (program.p.data(), program.a.data());
        let mut of_entries = self.p.iter().zip(&self.a).map(|(index, at)| {
            let curvature = index.map_or(0.0, |index| p[index]);
            curvature / a[*at].powi(2)
        });
        let first = of_entries.next()?;
        let equal = of_entries.all(|other| (other - first).abs() <= EQUAL * first.abs());
        (first.is_finite() && equal && self.a.iter().all(|at| a[*at] != 0.0)).then_some(first)
    }

    /// Takes note of an entry of another row.
    pub(super) fn touch(&mut self, row: usize, term: Term) {
        match self.touched.last_mut() {
            Some(touched) if touched.row == row => touched.terms.push(term),
            _ => self.touched.push(Touched {
                row,
                start: 0,
                terms: vec![term],
            }),
        }
    }

    pub(super) fn fits(&self, program: &Program) -> bool {
        self.curvature(program).is_some()
    }

    /// Writes all that has to do with the columns.
    pub(super) fn assemble(
        &self,
        layout: &Layout,
        program: &Program,
        projection: &Projection,
        unit: f64,
        values: &mut [f64],
        scratch: &mut [f64],
    ) {
        let a = program.a.data();
        let curvature = unit * self.curvature(program).unwrap_or(0.0);
        let rows = self.rotation.row..self.rotation.row + self.rotation.dim;
        for ((column, row), d) in self.columns.iter().zip(rows.clone()).zip(&projection.d[rows]) {
            values[layout.diagonal[*column]] = curvature;
            values[layout.starts[layout.columns + row]] = (1.0 - d).sqrt();
        }
        let order = self.rotation.order;
        let basis = &projection.basis[self.rotation.basis..][..order * order];
        for touched in &self.touched {
            let root = (1.0 - projection.d[touched.row]).sqrt();
            let v = &mut values[touched.start..][..self.rotation.dim];
            if touched.terms.len() < 2 * order {
                for Term { index, row, corner } in &touched.terms {
                    let corner = corner.map(|index| index as usize);
                    let entry = root * a[*index as usize] / a[self.a[*row as usize]];
                    add_rotated(order, basis, corner, entry, v, scratch);
                }
            } else {
                for Term { index, row, .. } in &touched.terms {
                    v[*row as usize] = root * a[*index as usize] / a[self.a[*row as usize]];
                }
                self.rotation.rotate(projection, false, v, scratch);
            }
        }
    }

    /// From a right-hand side, or a solution, of the program to one in the basis, and `back`.
    pub(super) fn rotate(
        &self,
        program: &Program,
        projection: &Projection,
        back: bool,
        x: &mut [f64],
        scratch: &mut [f64],
    ) {
        let (entries, scratch) = scratch.split_at_mut(self.rotation.dim);
        let a = program.a.data();
        for ((entry, column), at) in entries.iter_mut().zip(&self.columns).zip(&self.a) {
            *entry = if back { x[*column] } else { x[*column] / a[*at] };
        }
        self.rotation.rotate(projection, back, entries, scratch);
        for ((entry, column), at) in entries.iter().zip(&self.columns).zip(&self.a) {
            x[*column] = if back { entry / a[*at] } else { *entry };
        }
    }
}

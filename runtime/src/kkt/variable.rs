//! A matrix that is a variable of the program and in the semidefinite cone, each entry in one row.
//!
//! In the basis of the derivative's eigenvectors, of the entries as well as of the rows, their rows of the matrix are
//! diagonal, and what is left is dense in the other constraints alone: the Schur complement of semidefinite programming.

use super::Projection;
use super::layout::{Layout, Rotation, Term};
use crate::Program;

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
        for touched in &self.touched {
            let root = (1.0 - projection.d[touched.row]).sqrt();
            let v = &mut values[touched.start..][..self.rotation.dim];
            let entry = |term: &Term| root * a[term.index as usize] / a[self.a[term.row as usize]];
            self.rotation
                .rotate_terms(projection, &touched.terms, entry, v, scratch);
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::Cone;
    use crate::cones::{corner, diagonalize};
    use crate::family::Pattern;
    use crate::kkt::{OF_DERIVATIVES, System};
    use crate::program::Structure;

    const ORDER: usize = 4;
    const ENTRIES: usize = 10;

    /// Any numbers between -1 and 1.
    fn number(seed: usize) -> f64 {
        (1.0 + seed as f64 * 12.9898).sin() * 43_758.545_3 % 1.0
    }

    /// A matrix in columns `2..12`, with two other columns, in rows after two equalities and before two inequalities.
    fn structure(more: impl FnOnce(&mut Pattern)) -> Arc<Structure> {
        let mut pattern = Pattern::default();
        for column in 0..ENTRIES {
            pattern.quadratic(column + 2, column + 2);
            pattern.constraint(2 + column, 2 + column);
            pattern.constraint(column % 2, 2 + column);
        }
        for (row, column) in [(0, 0), (1, 1), (12, 0), (12, 5), (13, 1)] {
            pattern.constraint(row, column);
        }
        more(&mut pattern);
        let cones = vec![
            Cone::Zero(2),
            Cone::Semidefinite(ORDER),
            Cone::Nonneg(2),
            Cone::SecondOrder(2),
        ];
        Arc::new(Structure::new(12, cones, pattern).expect("small"))
    }

    /// With a curvature of each entry, relative to the square of its coefficient.
    fn program(structure: &Structure, curvature: impl Fn(usize) -> f64) -> Program {
        let mut program = structure.zero();
        let rows = program.a.indices().to_vec();
        for (index, (a, row)) in program.a.data_mut().iter_mut().zip(rows).enumerate() {
            let entry = (row as usize).checked_sub(2).filter(|entry| *entry < ENTRIES);
            *a = match entry.map(corner) {
                Some([i, j]) => {
                    if i == j {
                        -1.0
                    } else {
                        -2_f64.sqrt()
                    }
                }
                None => number(index),
            };
        }
        for (entry, p) in program.p.data_mut().iter_mut().enumerate() {
            let [i, j] = corner(entry);
            *p = curvature(entry) * if i == j { 1.0 } else { 2.0 };
        }
        program
    }

    /// At the same derivative of a projection, of all eigenvalues.
    fn solve(structure: &Arc<Structure>, layout: Layout, programs: &[&Program]) -> Vec<Vec<f64>> {
        let mut system = System::new(structure, Arc::new(layout));
        let mut matrix: Vec<f64> = (0..ORDER * ORDER).map(number).collect();
        diagonalize(ORDER, &mut matrix, &mut system.projection.basis);
        for (row, d) in system.projection.d.iter_mut().enumerate().skip(2) {
            *d = 0.5 + 0.5 * number(row);
        }
        system.projection.d[14..].fill(0.3);
        let mut solutions = Vec::new();
        for program in programs {
            system.renew(OF_DERIVATIVES);
            system.set(program, 2.0, false).expect("regular");
            let mut dx: Vec<f64> = (0..12).map(number).collect();
            let mut dz: Vec<f64> = (20..36).map(number).collect();
            let residual = system.solve(program, 2.0, [&mut dx, &mut dz], 1e-14, 40);
            assert!(residual.expect("regular") < 1e-12);
            dx.extend(dz);
            solutions.push(dx);
        }
        solutions
    }

    #[test]
    fn the_basis_does_not_matter() {
        let structure = structure(|_| ());
        let layout = || Layout::new(&structure).expect("symmetric");
        assert_eq!(layout().variables.len(), 1);
        let alike = program(&structure, |_| 0.7);
        let flat = program(&structure, |_| 0.0);
        let weighted = program(&structure, |entry| 0.5 + 0.1 * entry as f64);
        let fits = [&alike, &flat, &weighted].map(|program| layout().fits(program));
        assert_eq!(fits, [true, true, false]);
        // To and fro.
        let programs = [&alike, &weighted, &flat, &weighted, &alike];
        let plain = Layout::plain(&structure).expect("symmetric");
        assert_eq!(plain.variables.len(), 0);
        let expected = solve(&structure, plain, &programs);
        let found = solve(&structure, layout(), &programs);
        for (expected, found) in expected.iter().zip(&found) {
            for (one, other) in expected.iter().zip(found) {
                assert!((one - other).abs() < 1e-9, "{one} {other}");
            }
        }
        assert_eq!((&found[0], &found[1]), (&found[4], &found[3]));
    }

    #[test]
    fn variables_that_are_coupled_otherwise() {
        let couplings: [fn(&mut Pattern); 4] = [
            |pattern| pattern.quadratic(3, 7),
            |pattern| pattern.quadratic(0, 7),
            |pattern| pattern.constraint(4, 1),
            |pattern| pattern.constraint(15, 7),
        ];
        for more in couplings {
            let structure = structure(more);
            assert!(Layout::new(&structure).expect("symmetric").variables.is_empty());
        }
    }
}

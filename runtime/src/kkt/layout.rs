//! The pattern of the matrix, and its numbers.

use std::ops::Range;

use clarabel::algebra::CscMatrix;
use clarabel::qdldl::{QDLDLFactorisation, QDLDLSettings};

use super::Projection;
use super::reflections::Reflections;
use super::variable::Variable;
use crate::Program;
use crate::cones::{add_rotated, rotate};
use crate::ldlt::Limits;
use crate::vector::{add, dot};

/// A row whose entries go through no dense block.
pub(super) const DENSE: usize = usize::MAX;

/// The pattern, and where the numbers of a program go in it.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(super) columns: usize,
    pub(super) starts: Vec<usize>,
    pub(super) rows: Vec<usize>,
    /// Whether the rows of a column above the diagonal are many, and next to each other.
    pub(super) together: Vec<bool>,
    pub(super) signs: Vec<i8>,
    pub(super) diagonal: Vec<usize>,
    /// Of each nonzero of `P`.
    pub(super) p: Vec<usize>,
    /// Of each nonzero of `A`, or `DENSE`.
    pub(super) a: Vec<usize>,
    /// The rows in which `R` is, or stands as, a multiple of the identity.
    pub(super) scaled: Vec<Range<usize>>,
    pub(super) blocks: Vec<Block>,
    pub(super) rotations: Vec<Rotation>,
    pub(super) variables: Vec<Variable>,
    pub(super) expansions: Vec<Expansion>,
    /// The fill-reducing order, found once.
    pub(super) order: Vec<usize>,
}

/// A small second-order cone, or one of three rows: in a basis that begins with `ŝ` and `ẑ` its `D` is diagonal, and its
/// rows of `A` dense.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) row: usize,
    pub(super) dim: usize,
    /// The number of columns that any of its rows touches.
    pub(super) width: usize,
    /// Nonzeros of `A`: the index, the row and the column within the block.
    pub(super) terms: Vec<[u32; 3]>,
}

impl Block {
    fn rows(&self) -> Range<usize> {
        self.row..self.row + self.dim
    }

    fn reflections<'a>(&self, projection: &Projection, memory: &'a mut [f64]) -> Reflections<'a> {
        let rows = self.rows();
        Reflections::new(
            &projection.s_hat[rows.clone()],
            &projection.z_hat[rows],
            &mut memory[..2 * self.dim],
        )
    }

    /// The diagonal of `D` in the basis.
    fn eigenvalues<'a>(&self, projection: &'a Projection) -> impl Iterator<Item = f64> + 'a {
        let rows = self.rows();
        let ends = projection.ends[self.row];
        let hats = [&projection.s_hat, &projection.z_hat].map(|hat| hat[rows.clone()].iter().any(|hat| *hat != 0.0));
        let d = projection.d[rows].iter().enumerate();
        d.map(move |(place, d)| if place < 2 && hats[place] { ends[place] } else { *d })
    }
}

/// A semidefinite cone: in the basis of the derivative `D` is diagonal, and `A` dense.
#[derive(Debug)]
pub(super) struct Rotation {
    pub(super) row: usize,
    pub(super) order: usize,
    pub(super) dim: usize,
    /// Where its basis begins.
    pub(super) basis: usize,
    /// Nonzeros of `A` of each column that any of its rows touches: the index, and the row within the
    /// block, which is an entry of a matrix.
    pub(super) terms: Vec<Term>,
    /// Where the columns begin in `terms`.
    pub(super) starts: Vec<usize>,
}

/// A nonzero of `A` in a row of a semidefinite cone.
#[derive(Debug)]
pub(super) struct Term {
    pub(super) index: u32,
    pub(super) row: u32,
    /// The row and the column of the matrix.
    pub(super) corner: [u32; 2],
}

impl Rotation {
    /// The triangle of some terms in the basis, in place of zeros.
    pub(super) fn rotate_terms(
        &self,
        projection: &Projection,
        terms: &[Term],
        entry: impl Fn(&Term) -> f64,
        v: &mut [f64],
        scratch: &mut [f64],
    ) {
        // A rotated entry costs `order²` operations, a rotated matrix about `3 order³`.
        if terms.len() < 2 * self.order {
            let basis = &projection.basis[self.basis..][..self.order * self.order];
            for term in terms {
                let corner = term.corner.map(|index| index as usize);
                add_rotated(self.order, basis, corner, entry(term), v, scratch);
            }
        } else {
            for term in terms {
                v[term.row as usize] = entry(term);
            }
            self.rotate(projection, false, v, scratch);
        }
    }

    pub(super) fn rotate(&self, projection: &Projection, back: bool, v: &mut [f64], scratch: &mut [f64]) {
        let basis = &projection.basis[self.basis..][..self.order * self.order];
        rotate(self.order, basis, back, v, scratch);
    }
}

/// A large second-order cone, with the columns of its two unknowns.
#[derive(Debug)]
pub(super) struct Expansion {
    pub(super) row: usize,
    pub(super) dim: usize,
    pub(super) eta: usize,
    pub(super) mu: usize,
}

impl Layout {
    /// The number of unknowns.
    pub(crate) fn size(&self) -> usize {
        self.diagonal.len()
    }

    pub(super) fn symbolic(
        &self,
        order: Option<Vec<usize>>,
        limits: Limits,
    ) -> Result<QDLDLFactorisation<f64>, &'static str> {
        let size = self.size();
        let values = vec![0.0; self.rows.len()];
        let matrix = CscMatrix::new(size, size, self.starts.clone(), self.rows.clone(), values);
        let settings = QDLDLSettings {
            amd_dense_scale: 1.5,
            perm: order,
            logical: true,
            Dsigns: Some(self.signs.clone()),
            regularize_enable: true,
            regularize_eps: limits.least,
            regularize_delta: limits.replacement,
        };
        QDLDLFactorisation::new(&matrix, Some(settings)).map_err(|_| "the derivative's system has no factorization")
    }

    /// The numbers of a program in their places, but for those of the rows that are rotated.
    pub(super) fn place(&self, program: &Program, placed: &mut [f64]) {
        for (place, value) in self.p.iter().zip(program.p.data()) {
            placed[*place] = *value;
        }
        for (place, value) in self.a.iter().zip(program.a.data()) {
            if *place != DENSE {
                placed[*place] = *value;
            }
        }
    }

    /// Whether no rows are rotated, and none have unknowns of their own.
    pub(super) fn is_plain(&self) -> bool {
        let (rotates, expands) = (self.rotations().next().is_some(), !self.expansions.is_empty());
        self.blocks.is_empty() && !rotates && !expands
    }

    /// `RA` in the place of `A`, `−D`, `unit · P`, and the unknowns of the expansions, from the numbers of a program in
    /// their places.
    ///
    /// In the rows of a semidefinite cone `RA` is that of the rotated rows. Row and column `i` are scaled by `scale[i]`,
    /// which must be one in all of a layout that is not plain.
    pub(super) fn assemble(
        &self,
        (program, placed): (&Program, &[f64]),
        projection: &Projection,
        unit: f64,
        scale: &[f64],
        values: &mut [f64],
        scratch: &mut [f64],
    ) {
        let data = program.a.data();
        let (weights, scratch) = scratch.split_at_mut(self.size());
        let (of_variables, of_rows) = weights.split_at_mut(self.columns);
        of_variables.fill(unit);
        for (weight, d) in of_rows.iter_mut().zip(&projection.d) {
            *weight = (1.0 - d).sqrt();
        }
        for (weight, scale) in weights.iter_mut().zip(scale) {
            *weight *= scale;
        }
        self.spread(placed, weights, scale, values);
        let diagonal = self.diagonal[self.columns..].iter().zip(&scale[self.columns..]);
        for ((place, scale), d) in diagonal.zip(&projection.d) {
            values[*place] = -d * scale * scale;
        }
        for block in &self.blocks {
            self.assemble_block(block, data, projection, values, scratch);
        }
        for rotation in &self.rotations {
            self.assemble_rotation(rotation, data, projection, values, scratch);
        }
        for variable in &self.variables {
            variable.assemble(self, program, projection, unit, values, scratch);
        }
        for expansion in &self.expansions {
            let rows = expansion.row..expansion.row + expansion.dim;
            let (d, [along_s, along_z]) = (projection.d[expansion.row], projection.ends[expansion.row]);
            let eta = &mut values[self.starts[expansion.eta]..];
            let weight = ((d - along_z) / (1.0 - along_z)).max(0.0).sqrt();
            for (value, z_hat) in eta.iter_mut().zip(&projection.z_hat[rows.clone()]) {
                *value = weight * z_hat;
            }
            eta[expansion.dim] = -1.0;
            let s_hat = &projection.s_hat[rows];
            let mu = &mut values[self.starts[expansion.mu]..];
            if s_hat.iter().all(|s| *s == 0.0) {
                mu[..expansion.dim].fill(0.0);
                mu[expansion.dim] = 1.0;
                continue;
            }
            let weight = ((along_s - d) / (1.0 - d)).max(0.0).sqrt();
            for (value, s_hat) in mu.iter_mut().zip(s_hat) {
                *value = weight * s_hat;
            }
            mu[expansion.dim] = (1.0 - along_s) / (1.0 - d);
        }
    }

    /// Multiplies each number by the weight of its column and that of its row.
    fn spread(&self, placed: &[f64], of_columns: &[f64], of_rows: &[f64], values: &mut [f64]) {
        for (column, together) in self.together.iter().enumerate() {
            let bounds = self.starts[column]..self.starts[column + 1];
            let rows = &self.rows[bounds.clone()];
            let (placed, values) = (&placed[bounds.clone()], &mut values[bounds]);
            let of_column = of_columns[column];
            if *together {
                // The diagonal, which is the last one, is apart.
                let above = rows[0]..rows[0] + rows.len() - 1;
                for ((value, placed), of_row) in values.iter_mut().zip(placed).zip(&of_rows[above]) {
                    *value = placed * of_column * of_row;
                }
                values[rows.len() - 1] = placed[rows.len() - 1] * of_column * of_rows[column];
            } else {
                for ((value, placed), row) in values.iter_mut().zip(placed).zip(rows) {
                    *value = placed * of_column * of_rows[*row];
                }
            }
        }
    }

    fn assemble_block(
        &self,
        block: &Block,
        a: &[f64],
        projection: &Projection,
        values: &mut [f64],
        scratch: &mut [f64],
    ) {
        let starts = &self.starts[self.columns + block.row..][..block.dim];
        for [index, row, column] in &block.terms {
            values[starts[*row as usize] + *column as usize] = a[*index as usize];
        }
        let (sums, memory) = scratch.split_at_mut(block.width);
        block.reflections(projection, memory).rotate_rows(starts, values, sums);
        for (start, d) in starts.iter().zip(block.eigenvalues(projection)) {
            let root = (1.0 - d).sqrt();
            let (row, diagonal) = values[*start..=start + block.width].split_at_mut(block.width);
            row.iter_mut().for_each(|value| *value *= root);
            diagonal[0] = -d;
        }
    }

    fn assemble_rotation(
        &self,
        rotation: &Rotation,
        a: &[f64],
        projection: &Projection,
        values: &mut [f64],
        scratch: &mut [f64],
    ) {
        let (v, scratch) = scratch.split_at_mut(rotation.dim);
        let d = &projection.d[rotation.row..][..rotation.dim];
        let starts = &self.starts[self.columns + rotation.row..][..rotation.dim];
        for (column, bounds) in rotation.starts.windows(2).enumerate() {
            v.fill(0.0);
            let terms = &rotation.terms[bounds[0]..bounds[1]];
            rotation.rotate_terms(projection, terms, |term| a[term.index as usize], v, scratch);
            for ((start, v), d) in starts.iter().zip(&*v).zip(d) {
                values[start + column] = (1.0 - d).sqrt() * v;
            }
        }
    }

    /// The length of the memory that is needed here, but for [`assemble`](Self::assemble), which needs one for each row more.
    pub(super) fn scratch(&self) -> usize {
        let rotations = self.rotations();
        let blocks = self.blocks.iter().map(|block| block.width + 2 * block.dim);
        let most = rotations.map(|rotation| rotation.dim + 2 * rotation.order * rotation.order);
        most.chain(blocks).max().unwrap_or(0)
    }

    fn rotations(&self) -> impl Iterator<Item = &Rotation> {
        let of_variables = self.variables.iter().map(|variable| &variable.rotation);
        self.rotations.iter().chain(of_variables)
    }

    /// Whether the matrix of a program is that of the layout.
    pub(super) fn fits(&self, program: &Program) -> bool {
        self.variables.iter().all(|variable| variable.fits(program))
    }

    /// A right-hand side, or a solution, in the variables of the program to that in the unknowns, and `back`.
    pub(super) fn rotate(
        &self,
        program: &Program,
        projection: &Projection,
        back: bool,
        x: &mut [f64],
        scratch: &mut [f64],
    ) {
        for variable in &self.variables {
            variable.rotate(program, projection, back, x, scratch);
        }
    }

    /// `v := R v` in place, in the basis of the unknowns, and with `ρ` for `R` in the rows of an expanded cone.
    pub(crate) fn apply_root(&self, projection: &Projection, v: &mut [f64], scratch: &mut [f64]) {
        for rotation in self.rotations() {
            rotation.rotate(projection, false, &mut v[rotation.row..][..rotation.dim], scratch);
        }
        self.scale_by_root(projection, v);
        for block in &self.blocks {
            let v = &mut v[block.rows()];
            block.reflections(projection, scratch).rotate(v);
            scale_by(block.eigenvalues(projection), v);
        }
    }

    /// `v := R v` in place, out of the basis of the unknowns.
    pub(crate) fn apply_root_back(&self, projection: &Projection, v: &mut [f64], scratch: &mut [f64]) {
        self.scale_by_root(projection, v);
        for rotation in self.rotations() {
            rotation.rotate(projection, true, &mut v[rotation.row..][..rotation.dim], scratch);
        }
        for block in &self.blocks {
            let v = &mut v[block.rows()];
            scale_by(block.eigenvalues(projection), v);
            block.reflections(projection, scratch).rotate_back(v);
        }
    }

    fn scale_by_root(&self, projection: &Projection, v: &mut [f64]) {
        for rows in &self.scaled {
            scale_by(projection.d[rows.clone()].iter().copied(), &mut v[rows.clone()]);
        }
    }

    /// Scales row and column `i` by `scale[i]`.
    pub(super) fn rescale(&self, values: &mut [f64], scale: &[f64]) {
        for (column, together) in self.together.iter().enumerate() {
            let bounds = self.starts[column]..self.starts[column + 1];
            let (rows, values) = (&self.rows[bounds.clone()], &mut values[bounds]);
            let of_column = scale[column];
            if *together {
                let above = rows[0]..rows[0] + rows.len() - 1;
                for (value, of_row) in values.iter_mut().zip(&scale[above]) {
                    *value *= of_row * of_column;
                }
                values[rows.len() - 1] *= of_column * of_column;
            } else {
                for (value, row) in values.iter_mut().zip(rows) {
                    *value *= scale[*row] * of_column;
                }
            }
        }
    }

    /// `y −= K x`.
    pub(super) fn subtract_product(&self, values: &[f64], x: &[f64], y: &mut [f64]) {
        for (column, together) in self.together.iter().enumerate() {
            // The diagonal is the last entry of a column: counted once.
            let bounds = self.starts[column]..self.starts[column + 1] - 1;
            let diagonal = values[bounds.end];
            let (rows, values) = (&self.rows[bounds.clone()], &values[bounds]);
            let x_column = x[column];
            let mut sum = diagonal * x_column;
            if *together {
                let rows = rows[0]..rows[0] + rows.len();
                add(-x_column, values, &mut y[rows.clone()]);
                sum += dot(values, &x[rows]);
            } else {
                for (row, value) in rows.iter().zip(values) {
                    y[*row] -= value * x_column;
                    sum += value * x[*row];
                }
            }
            y[column] -= sum;
        }
    }
}

/// `v := (I − D)^{1/2} v` for a diagonal `D`.
fn scale_by(d: impl Iterator<Item = f64>, v: &mut [f64]) {
    for (v, d) in v.iter_mut().zip(d) {
        *v *= (1.0 - d).sqrt();
    }
}

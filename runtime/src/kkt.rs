//! The symmetric matrix of the derivative: its pattern, its numbers and its factorization.
//!
//! With `D` the derivative of the projection onto `K` at `s − z` and `R = (I − D)^{1/2}` it is
//!
//! ```text
//! [ P    AᵀR ]
//! [ RA   −D  ]
//! ```
//!
//! in which a row of an inactive constraint reads `−u = 0`: the pattern does not depend on the active set. A large
//! second-order cone would make `RA` and `D` dense, so it gets `ρ = √(1−d)` for `R` and two unknowns `η, μ` more:
//!
//! ```text
//! ρA dx − d u + √d ẑ η + ŝ μ = ρ r        √d ẑᵀu − η = 0        ŝᵀu = 0
//! ```

use std::ops::Range;
use std::sync::Arc;

use clarabel::algebra::CscMatrix;
use clarabel::qdldl::{QDLDLFactorisation, QDLDLSettings};

use crate::cones::{Derivative, Pair};
use crate::program::{Structure, dot, norm_inf};
use crate::{Cone, Program};

/// Second-order cones of more rows than this are expanded.
const LARGEST_DENSE: usize = 10;

/// Added to the diagonal with the sign of the pivot, after scaling the largest entry of each row to about one.
const REGULARIZATION: f64 = 1e-8;

/// A row whose entries go through no dense block.
const DENSE: usize = usize::MAX;

/// The pattern, and where the numbers of a program go in it.
#[derive(Debug)]
pub(crate) struct Layout {
    columns: usize,
    starts: Vec<usize>,
    rows: Vec<usize>,
    signs: Vec<i8>,
    diagonal: Vec<usize>,
    /// Of each nonzero of `P`.
    p: Vec<usize>,
    /// Of each nonzero of `A`, or `DENSE`.
    a: Vec<usize>,
    /// The rows in which `R` is, or stands as, a multiple of the identity.
    scaled: Vec<Range<usize>>,
    blocks: Vec<Block>,
    expansions: Vec<Expansion>,
    /// The fill-reducing order, found once.
    order: Vec<usize>,
}

/// A small second-order cone: `RA` and `D` are dense in its rows.
#[derive(Debug)]
struct Block {
    row: usize,
    dim: usize,
    /// The number of columns that any of its rows touches.
    width: usize,
    /// Nonzeros of `A`: the index, the row and the column within the block.
    terms: Vec<[u32; 3]>,
}

/// A large second-order cone, with the columns of its two unknowns.
#[derive(Debug)]
struct Expansion {
    row: usize,
    dim: usize,
    eta: usize,
    mu: usize,
}

/// The rounding error of a sum, relative to its terms.
pub(crate) const NOISE: f64 = 64.0 * f64::EPSILON;

/// `D` of all cones, as [`crate::cones::Derivative`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Projection {
    pub(crate) d: Vec<f64>,
    pub(crate) s_hat: Vec<f64>,
    pub(crate) z_hat: Vec<f64>,
}

impl Projection {
    pub(crate) fn new(rows: usize) -> Self {
        Self {
            d: vec![0.0; rows],
            s_hat: vec![0.0; rows],
            z_hat: vec![0.0; rows],
        }
    }

    /// The derivative of the projection at `s − z`; returns the number of kinks.
    pub(crate) fn set(&mut self, cones: &[Cone], s: &[f64], z: &[f64], s_noise: &[f64]) -> usize {
        let z_noise = NOISE * norm_inf(z);
        let (mut row, mut kinks) = (0, 0);
        for cone in cones {
            let rows = row..row + cone.dim();
            row = rows.end;
            let (s, z, s_noise) = (&s[rows.clone()], &z[rows.clone()], &s_noise[rows.clone()]);
            let derivative = Derivative {
                d: &mut self.d[rows.clone()],
                s_hat: &mut self.s_hat[rows.clone()],
                z_hat: &mut self.z_hat[rows],
            };
            kinks += cone.derivative(
                &Pair {
                    s,
                    z,
                    s_noise,
                    z_noise,
                },
                derivative,
            );
        }
        kinks
    }

    pub(crate) fn copy_from(&mut self, other: &Projection) {
        self.d.copy_from_slice(&other.d);
        self.s_hat.copy_from_slice(&other.s_hat);
        self.z_hat.copy_from_slice(&other.z_hat);
    }
}

impl Layout {
    pub(crate) fn new(structure: &Structure) -> Result<Self, &'static str> {
        let (columns, rows) = (structure.columns(), structure.rows());
        let by_row = rows_of(&structure.zero);
        let mut builder = Builder {
            layout: Self {
                columns,
                starts: vec![0],
                rows: Vec::new(),
                signs: vec![1; columns],
                diagonal: Vec::new(),
                p: vec![0; structure.zero.p.nnz()],
                a: vec![DENSE; structure.zero.a.nnz()],
                scaled: Vec::new(),
                blocks: Vec::new(),
                expansions: Vec::new(),
                order: Vec::new(),
            },
            columns,
        };
        builder.variables(&structure.zero);
        let (mut row, mut extra) = (0, columns + rows);
        for cone in &structure.cones {
            let entries = &by_row.starts[row..=row + cone.dim()];
            match *cone {
                Cone::SecondOrder(dim) if dim > 1 && dim <= LARGEST_DENSE => {
                    builder.block(row, dim, entries, &by_row.entries);
                }
                Cone::SecondOrder(dim) if dim > 1 => {
                    builder.scaled_rows(row, entries, &by_row.entries);
                    builder.layout.expansions.push(Expansion {
                        row,
                        dim,
                        eta: extra,
                        mu: extra + 1,
                    });
                    extra += 2;
                }
                _ => builder.scaled_rows(row, entries, &by_row.entries),
            }
            row += cone.dim();
        }
        builder.expansions();
        let mut layout = builder.layout;
        layout.order = layout.symbolic(None)?.perm;
        Ok(layout)
    }

    /// The number of unknowns.
    pub(crate) fn size(&self) -> usize {
        self.diagonal.len()
    }

    fn symbolic(&self, order: Option<Vec<usize>>) -> Result<QDLDLFactorisation<f64>, &'static str> {
        let size = self.size();
        let values = vec![0.0; self.rows.len()];
        let matrix = CscMatrix::new(size, size, self.starts.clone(), self.rows.clone(), values);
        let settings = QDLDLSettings {
            amd_dense_scale: 1.5,
            perm: order,
            logical: true,
            Dsigns: Some(self.signs.clone()),
            regularize_enable: true,
            regularize_eps: 1e-13,
            regularize_delta: REGULARIZATION,
        };
        QDLDLFactorisation::new(&matrix, Some(settings))
            .map_err(|_| "the derivative's system has no factorization")
    }

    /// `RA` in the place of `A`, `−D`, `P`, and the unknowns of the expansions.
    fn assemble(&self, program: &Program, projection: &Projection, values: &mut [f64]) {
        values.fill(0.0);
        for (place, value) in self.p.iter().zip(program.p.data()) {
            values[*place] = *value;
        }
        let (rows, data) = (program.a.indices(), program.a.data());
        for ((place, value), row) in self.a.iter().zip(data).zip(rows) {
            if *place != DENSE {
                values[*place] = (1.0 - projection.d[*row]).sqrt() * value;
            }
        }
        let diagonal = &self.diagonal[self.columns..];
        for (place, d) in diagonal.iter().zip(&projection.d) {
            values[*place] = -d;
        }
        for block in &self.blocks {
            self.assemble_block(block, data, projection, values);
        }
        for expansion in &self.expansions {
            let rows = expansion.row..expansion.row + expansion.dim;
            let d = projection.d[expansion.row].sqrt();
            let eta = &mut values[self.starts[expansion.eta]..];
            for (value, z_hat) in eta.iter_mut().zip(&projection.z_hat[rows.clone()]) {
                *value = d * z_hat;
            }
            eta[expansion.dim] = -1.0;
            let s_hat = &projection.s_hat[rows];
            let mu = &mut values[self.starts[expansion.mu]..];
            mu[..expansion.dim].copy_from_slice(s_hat);
            mu[expansion.dim] = if s_hat.iter().all(|s| *s == 0.0) {
                1.0
            } else {
                0.0
            };
        }
    }

    fn assemble_block(
        &self,
        block: &Block,
        a: &[f64],
        projection: &Projection,
        values: &mut [f64],
    ) {
        let rows = block.row..block.row + block.dim;
        let (s_hat, z_hat) = (&projection.s_hat[rows.clone()], &projection.z_hat[rows]);
        let d = projection.d[block.row];
        let rho = (1.0 - d).sqrt();
        let starts = &self.starts[self.columns + block.row..][..block.dim];
        for [index, row, column] in &block.terms {
            let (row, column) = (*row as usize, *column as usize);
            let value = a[*index as usize];
            let (s, z) = (-rho * s_hat[row] * value, (1.0 - rho) * z_hat[row] * value);
            for (other, start) in starts.iter().enumerate() {
                values[start + column] += s_hat[other] * s + z_hat[other] * z;
            }
            values[starts[row] + column] += rho * value;
        }
        for (column, start) in starts.iter().enumerate() {
            for row in 0..=column {
                let identity = if row == column { d } else { 0.0 };
                values[start + block.width + row] = d * z_hat[row] * z_hat[column]
                    - identity
                    - (1.0 - d) * s_hat[row] * s_hat[column];
            }
        }
    }

    /// `v := R v` in place, with `ρ` for `R` in the rows of an expanded cone.
    pub(crate) fn apply_root(&self, projection: &Projection, v: &mut [f64]) {
        for block in &self.blocks {
            let rows = block.row..block.row + block.dim;
            let (s_hat, z_hat) = (
                &projection.s_hat[rows.clone()],
                &projection.z_hat[rows.clone()],
            );
            let d = projection.d[block.row];
            let rho = (1.0 - d).sqrt();
            let v = &mut v[rows];
            let (s, z) = (dot(s_hat, v), dot(z_hat, v));
            for ((v, s_hat), z_hat) in v.iter_mut().zip(s_hat).zip(z_hat) {
                *v = rho * *v - rho * s * s_hat + (1.0 - rho) * z * z_hat;
            }
        }
        for rows in &self.scaled {
            for (v, d) in v[rows.clone()].iter_mut().zip(&projection.d[rows.clone()]) {
                *v *= (1.0 - d).sqrt();
            }
        }
    }
}

/// The nonzeros of `A` by rows, each as its column and its index by columns.
struct ByRow {
    starts: Vec<usize>,
    entries: Vec<[u32; 2]>,
}

fn rows_of(program: &Program) -> ByRow {
    let a = &program.a;
    let mut starts = vec![0_usize; a.rows() + 1];
    for row in a.indices() {
        starts[row + 1] += 1;
    }
    for row in 0..a.rows() {
        starts[row + 1] += starts[row];
    }
    let mut next = starts.clone();
    let mut entries = vec![[0; 2]; a.nnz()];
    let mut index = 0;
    for (column, vector) in a.outer_iterator().enumerate() {
        for (row, _) in vector.iter() {
            entries[next[row]] = [column as u32, index];
            next[row] += 1;
            index += 1;
        }
    }
    ByRow { starts, entries }
}

/// Appends columns of the upper triangle in order.
struct Builder {
    layout: Layout,
    columns: usize,
}

impl Builder {
    fn close_column(&mut self) {
        let layout = &mut self.layout;
        layout.rows.push(layout.diagonal.len());
        layout.diagonal.push(layout.rows.len() - 1);
        layout.starts.push(layout.rows.len());
    }

    fn variables(&mut self, program: &Program) {
        let mut index = 0;
        for (column, entries) in program.p.outer_iterator().enumerate() {
            for (row, _) in entries.iter() {
                self.layout.p[index] = self.layout.rows.len();
                index += 1;
                if row < column {
                    self.layout.rows.push(row);
                }
            }
            self.close_column();
        }
    }

    fn scaled_rows(&mut self, row: usize, starts: &[usize], entries: &[[u32; 2]]) {
        let rows = row..row + starts.len() - 1;
        match self.layout.scaled.last_mut() {
            Some(last) if last.end == row => last.end = rows.end,
            _ => self.layout.scaled.push(rows),
        }
        for bounds in starts.windows(2) {
            for [column, index] in &entries[bounds[0]..bounds[1]] {
                self.layout.a[*index as usize] = self.layout.rows.len();
                self.layout.rows.push(*column as usize);
            }
            self.layout.signs.push(-1);
            self.close_column();
        }
    }

    fn block(&mut self, row: usize, dim: usize, starts: &[usize], entries: &[[u32; 2]]) {
        let all = &entries[starts[0]..starts[dim]];
        let mut columns: Vec<u32> = all.iter().map(|[column, _]| *column).collect();
        columns.sort_unstable();
        columns.dedup();
        let mut terms = Vec::with_capacity(all.len());
        for local in 0..dim {
            for [column, index] in &entries[starts[local]..starts[local + 1]] {
                let place = columns.partition_point(|other| other < column);
                terms.push([*index, local as u32, place as u32]);
            }
            self.layout
                .rows
                .extend(columns.iter().map(|column| *column as usize));
            self.layout
                .rows
                .extend((0..local).map(|other| self.columns + row + other));
            self.layout.signs.push(-1);
            self.close_column();
        }
        self.layout.blocks.push(Block {
            row,
            dim,
            width: columns.len(),
            terms,
        });
    }

    fn expansions(&mut self) {
        for index in 0..self.layout.expansions.len() {
            let Expansion { row, dim, .. } = self.layout.expansions[index];
            for sign in [-1, 1] {
                let first = self.columns + row;
                self.layout.rows.extend(first..first + dim);
                self.layout.signs.push(sign);
                self.close_column();
            }
        }
    }
}

/// The numbers of the matrix, scaled, and their factorization.
pub(crate) struct Factor {
    layout: Arc<Layout>,
    values: Vec<f64>,
    /// The symmetric scaling, in powers of two.
    scale: Vec<f64>,
    norms: Vec<f64>,
    all: Vec<usize>,
    ldl: QDLDLFactorisation<f64>,
    rhs: Vec<f64>,
    goal: Vec<f64>,
    residual: Vec<f64>,
    step: Vec<f64>,
}

impl std::fmt::Debug for Factor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Factor")
            .field("size", &self.layout.size())
            .finish_non_exhaustive()
    }
}

impl Factor {
    pub(crate) fn new(layout: Arc<Layout>) -> Result<Self, &'static str> {
        let size = layout.size();
        let zero = || vec![0.0; size];
        Ok(Self {
            values: vec![0.0; layout.rows.len()],
            scale: zero(),
            norms: zero(),
            all: (0..layout.rows.len()).collect(),
            ldl: layout.symbolic(Some(layout.order.clone()))?,
            rhs: zero(),
            goal: zero(),
            residual: zero(),
            step: zero(),
            layout,
        })
    }

    pub(crate) fn refactor(
        &mut self,
        program: &Program,
        projection: &Projection,
    ) -> Result<(), &'static str> {
        self.layout.assemble(program, projection, &mut self.values);
        self.equilibrate();
        self.ldl.update_values(&self.all, &self.values);
        self.ldl
            .offset_values(&self.layout.diagonal, REGULARIZATION, &self.layout.signs);
        self.ldl
            .refactor()
            .map_err(|_| "the derivative's system has no factorization")
    }

    /// Scales rows and columns until the largest entry of each is about one (Ruiz's iteration).
    fn equilibrate(&mut self) {
        self.scale.fill(1.0);
        for _ in 0..3 {
            self.norms.fill(0.0);
            self.layout.each(&self.values, |row, column, value| {
                self.norms[row] = self.norms[row].max(value.abs());
                self.norms[column] = self.norms[column].max(value.abs());
            });
            if self
                .norms
                .iter()
                .all(|norm| *norm == 0.0 || (0.25..=4.0).contains(norm))
            {
                break;
            }
            for (norm, scale) in self.norms.iter_mut().zip(&mut self.scale) {
                *norm = root_power_of_two(*norm);
                *scale *= *norm;
            }
            for column in 0..self.layout.size() {
                let bounds = self.layout.starts[column]..self.layout.starts[column + 1];
                let rows = &self.layout.rows[bounds.clone()];
                for (value, row) in self.values[bounds].iter_mut().zip(rows) {
                    *value *= self.norms[*row] * self.norms[column];
                }
            }
        }
    }

    /// Solves in place: the least-squares solution of least norm, both in the scaled unknowns, where there is no
    /// solution or more than one. Returns the residual relative to the right-hand side.
    ///
    /// Refinement against the matrix without `±ε` leaves the residual that is orthogonal to its range: a null vector
    /// of a quasidefinite limit keeps to unknowns of one sign, so the range and `ε⁻¹` times its complement do not mix.
    /// Where that residual is not small, refinement starts again without it, so that nothing grows like `1/ε`.
    pub(crate) fn solve(&mut self, unknowns: &mut [f64], max_rounds: u32) -> f64 {
        for ((rhs, unknown), scale) in self.rhs.iter_mut().zip(unknowns.iter()).zip(&self.scale) {
            *rhs = unknown * scale;
        }
        let size = norm(&self.rhs);
        if size == 0.0 {
            unknowns.fill(0.0);
            return 0.0;
        }
        self.goal.copy_from_slice(&self.rhs);
        let mut residual = self.refine(unknowns, max_rounds);
        if residual > CONSISTENT * size {
            for _ in 0..2 {
                for ((goal, rhs), residual) in
                    self.goal.iter_mut().zip(&self.rhs).zip(&self.residual)
                {
                    *goal = rhs - residual;
                }
                self.refine(unknowns, max_rounds);
                self.residual.copy_from_slice(&self.rhs);
                self.layout
                    .subtract_product(&self.values, unknowns, &mut self.residual);
                residual = norm(&self.residual);
            }
        }
        for (unknown, scale) in unknowns.iter_mut().zip(&self.scale) {
            *unknown *= scale;
        }
        residual / size
    }

    /// Solves for `goal` from zero; leaves the residual behind and returns its norm.
    fn refine(&mut self, unknowns: &mut [f64], max_rounds: u32) -> f64 {
        unknowns.fill(0.0);
        self.residual.copy_from_slice(&self.goal);
        let size = norm(&self.goal);
        let mut best = size;
        for _ in 0..max_rounds.max(1) {
            self.step.copy_from_slice(&self.residual);
            self.ldl.solve(&mut self.step);
            for (unknown, step) in unknowns.iter_mut().zip(&self.step) {
                *unknown += step;
            }
            self.residual.copy_from_slice(&self.goal);
            self.layout
                .subtract_product(&self.values, unknowns, &mut self.residual);
            let now = norm(&self.residual);
            if now.is_nan() || now > best {
                for (unknown, step) in unknowns.iter_mut().zip(&self.step) {
                    *unknown -= step;
                }
                self.residual.copy_from_slice(&self.goal);
                self.layout
                    .subtract_product(&self.values, unknowns, &mut self.residual);
                break;
            }
            let progress = now / best;
            best = now;
            let enough = if best <= CONSISTENT * size { 0.1 } else { 0.95 };
            if best <= f64::EPSILON * size || progress > enough {
                break;
            }
        }
        best
    }
}

/// A relative residual up to which a system is said to have a solution.
pub(crate) const CONSISTENT: f64 = 1e-9;

impl Layout {
    fn each(&self, values: &[f64], mut visit: impl FnMut(usize, usize, f64)) {
        for column in 0..self.size() {
            for index in self.starts[column]..self.starts[column + 1] {
                visit(self.rows[index], column, values[index]);
            }
        }
    }

    /// `y −= K x`.
    fn subtract_product(&self, values: &[f64], x: &[f64], y: &mut [f64]) {
        for column in 0..self.size() {
            let bounds = self.starts[column]..self.starts[column + 1];
            let (rows, values) = (&self.rows[bounds.clone()], &values[bounds]);
            let x_column = x[column];
            let mut sum = 0.0;
            // The diagonal is the last entry of a column: counted once, in `sum`.
            if let (Some((_, rows)), Some((diagonal, values))) =
                (rows.split_last(), values.split_last())
            {
                for (row, value) in rows.iter().zip(values) {
                    y[*row] -= value * x_column;
                    sum += value * x[*row];
                }
                sum += diagonal * x_column;
            }
            y[column] -= sum;
        }
    }
}

fn norm(x: &[f64]) -> f64 {
    let largest = norm_inf(x);
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * x.iter().map(|x| (x / largest).powi(2)).sum::<f64>().sqrt()
}

/// `norm^{-1/2}`, rounded to a power of two; one for zero.
fn root_power_of_two(norm: f64) -> f64 {
    if norm == 0.0 {
        1.0
    } else {
        (-0.5 * norm.log2()).round().clamp(-60.0, 60.0).exp2()
    }
}

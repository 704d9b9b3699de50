//! The pattern of the matrix from that of a program.

use std::ops::Range;

use super::factor::OF_DERIVATIVES;
use super::layout::{Block, DENSE, Expansion, Layout, Rotation, Term};
use super::variable::Variable;
use crate::cones::corner;
use crate::ldlt::Limits;
use crate::program::Structure;
use crate::{Cone, Matrix};

/// Second-order cones of more rows than this are expanded.
const LARGEST_DENSE: usize = 10;

/// Rows next to each other are worth a loop of their own from so many on.
const MANY: usize = 8;

impl Layout {
    /// The one of most programs of a structure: see [`Layout::fits`].
    pub(crate) fn new(structure: &Structure) -> Result<Self, &'static str> {
        let by_row = rows_of(&structure.a);
        let variables = matrix_variables(structure, &by_row);
        Self::with(structure, &by_row, variables)
    }

    /// The one of all programs.
    pub(super) fn plain(structure: &Structure) -> Result<Self, &'static str> {
        Self::with(structure, &rows_of(&structure.a), Vec::new())
    }

    fn with(structure: &Structure, by_row: &ByRow, variables: Vec<Variable>) -> Result<Self, &'static str> {
        let (columns, rows) = (structure.columns(), structure.rows());
        let mut owners = vec![None; columns];
        for (number, variable) in variables.iter().enumerate() {
            for (place, column) in variable.columns.iter().enumerate() {
                owners[*column] = Some((number, place));
            }
        }
        let mut builder = Builder {
            layout: Self {
                columns,
                starts: vec![0],
                rows: Vec::new(),
                together: Vec::new(),
                signs: vec![1; columns],
                diagonal: Vec::new(),
                p: vec![0; structure.p.nnz()],
                a: vec![DENSE; structure.a.nnz()],
                scaled: Vec::new(),
                blocks: Vec::new(),
                rotations: Vec::new(),
                variables,
                expansions: Vec::new(),
                order: Vec::new(),
            },
            columns,
            owners,
            bases: 0,
        };
        builder.variables(&structure.p);
        let (mut row, mut extra) = (0, columns + rows);
        for cone in &structure.cones {
            let entries = &by_row.starts[row..=row + cone.dim()];
            match *cone {
                Cone::SecondOrder(dim) if dim > 1 && dim <= LARGEST_DENSE => {
                    builder.block(row, dim, entries, &by_row.entries);
                }
                Cone::Exponential | Cone::Power(_) => builder.block(row, 3, entries, &by_row.entries),
                Cone::Semidefinite(order) if order > 1 => builder.rotation(row, order, entries, &by_row.entries),
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
        layout.rows.shrink_to_fit();
        layout.together = layout
            .starts
            .windows(2)
            .map(|ends| are_together(&layout.rows[ends[0]..ends[1] - 1]))
            .collect();
        layout.order = layout.symbolic(None, Limits::of(OF_DERIVATIVES))?.perm;
        Ok(layout)
    }
}

fn are_together(rows: &[usize]) -> bool {
    rows.len() >= MANY && rows.windows(2).all(|pair| pair[0] + 1 == pair[1])
}

fn term([_, index, row]: [u32; 3]) -> Term {
    let corner = corner(row as usize).map(|index| index as u32);
    Term { index, row, corner }
}

/// The variables that are matrices in a semidefinite cone, in no other one but of single rows, and not coupled in the
/// objective.
fn matrix_variables(structure: &Structure, by_row: &ByRow) -> Vec<Variable> {
    let mut taken = vec![false; structure.columns()];
    let mut diagonal = vec![None; structure.columns()];
    let mut index = 0;
    for (column, entries) in structure.p.outer_iterator().enumerate() {
        for (row, _) in entries.iter() {
            if row == column {
                diagonal[column] = Some(index);
            } else {
                (taken[row], taken[column]) = (true, true);
            }
            index += 1;
        }
    }
    let mut single = vec![false; structure.rows()];
    let mut row = 0;
    for cone in &structure.cones {
        let rows = row..row + cone.dim();
        row = rows.end;
        single[rows].fill(matches!(cone, Cone::Zero(_) | Cone::Nonneg(_)));
    }
    let (mut variables, mut row) = (Vec::new(), 0);
    for cone in &structure.cones {
        let rows = row..row + cone.dim();
        row = rows.end;
        let Cone::Semidefinite(order) = *cone else { continue };
        let entries = &by_row.entries[by_row.starts[rows.start]..by_row.starts[rows.end]];
        let one_each = by_row.starts[rows.start..=rows.end]
            .windows(2)
            .all(|bounds| bounds[1] - bounds[0] == 1);
        if order < 2 || !one_each {
            continue;
        }
        let columns: Vec<usize> = entries.iter().map(|[column, _]| *column as usize).collect();
        if !are_free(structure, &columns, &rows, &single, &mut taken) {
            continue;
        }
        variables.push(Variable {
            rotation: Rotation {
                row: rows.start,
                order,
                dim: rows.len(),
                basis: 0,
                terms: Vec::new(),
                starts: Vec::new(),
            },
            a: entries.iter().map(|[_, index]| *index as usize).collect(),
            p: columns.iter().map(|column| diagonal[*column]).collect(),
            columns,
            touched: Vec::new(),
        });
    }
    variables
}

/// Takes columns that are in no other rows than single ones, and not in many of these.
fn are_free(structure: &Structure, columns: &[usize], own: &Range<usize>, single: &[bool], taken: &mut [bool]) -> bool {
    let mut others = Vec::new();
    for column in columns {
        if std::mem::replace(&mut taken[*column], true) {
            return false;
        }
        let rows = structure
            .a
            .outer_view(*column)
            .map_or_else(Vec::new, |entries| entries.indices().to_vec());
        others.extend(
            rows.into_iter()
                .map(|row| row as usize)
                .filter(|row| !own.contains(row)),
        );
    }
    others.sort_unstable();
    others.dedup();
    2 * others.len() <= own.len() && others.iter().all(|row| single[*row])
}

/// The nonzeros of `A` by rows, each as its column and its index by columns.
struct ByRow {
    starts: Vec<usize>,
    entries: Vec<[u32; 2]>,
}

fn rows_of(a: &Matrix<()>) -> ByRow {
    let mut starts = vec![0_usize; a.rows() + 1];
    for row in a.indices() {
        starts[*row as usize + 1] += 1;
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
    /// Of each column, the matrix variable and the place in it.
    owners: Vec<Option<(usize, usize)>>,
    /// The length of the bases of the rotations so far.
    bases: usize,
}

impl Builder {
    fn close_column(&mut self) {
        let layout = &mut self.layout;
        layout.rows.push(layout.diagonal.len());
        layout.diagonal.push(layout.rows.len() - 1);
        layout.starts.push(layout.rows.len());
    }

    fn variables(&mut self, p: &Matrix<()>) {
        let mut index = 0;
        for (column, entries) in p.outer_iterator().enumerate() {
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

    fn scaled(&mut self, rows: Range<usize>) {
        match self.layout.scaled.last_mut() {
            Some(last) if last.end == rows.start => last.end = rows.end,
            _ => self.layout.scaled.push(rows),
        }
    }

    fn scaled_rows(&mut self, mut row: usize, starts: &[usize], entries: &[[u32; 2]]) {
        self.scaled(row..row + starts.len() - 1);
        for bounds in starts.windows(2) {
            for [column, index] in &entries[bounds[0]..bounds[1]] {
                if let Some((variable, place)) = self.owners[*column as usize] {
                    let term = term([0, *index, place as u32]);
                    self.layout.variables[variable].touch(row, term);
                    continue;
                }
                self.layout.a[*index as usize] = self.layout.rows.len();
                self.layout.rows.push(*column as usize);
            }
            for variable in &mut self.layout.variables {
                if let Some(touched) = variable.touched.last_mut()
                    && touched.row == row
                {
                    touched.start = self.layout.rows.len();
                    self.layout.rows.extend(&variable.columns);
                }
            }
            self.layout.signs.push(-1);
            self.close_column();
            row += 1;
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
            self.layout.rows.extend(columns.iter().map(|column| *column as usize));
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

    fn rotation(&mut self, row: usize, order: usize, starts: &[usize], entries: &[[u32; 2]]) {
        let dim = starts.len() - 1;
        self.scaled(row..row + dim);
        let mut variables = self.layout.variables.iter_mut();
        if let Some(variable) = variables.find(|variable| variable.rotation.row == row) {
            variable.rotation.basis = self.bases;
            self.bases += order * order;
            for column in variable.columns.clone() {
                self.layout.rows.push(column);
                self.layout.signs.push(-1);
                self.close_column();
            }
            return;
        }
        let mut nonzeros = Vec::with_capacity(starts[dim] - starts[0]);
        for local in 0..dim {
            let row = &entries[starts[local]..starts[local + 1]];
            nonzeros.extend(row.iter().map(|[column, index]| [*column, *index, local as u32]));
        }
        nonzeros.sort_unstable();
        let mut columns: Vec<usize> = Vec::new();
        let mut begins = Vec::new();
        for (place, [column, ..]) in nonzeros.iter().enumerate() {
            if columns.last() != Some(&(*column as usize)) {
                columns.push(*column as usize);
                begins.push(place);
            }
        }
        begins.push(nonzeros.len());
        for _ in 0..dim {
            self.layout.rows.extend(&columns);
            self.layout.signs.push(-1);
            self.close_column();
        }
        self.layout.rotations.push(Rotation {
            row,
            order,
            dim,
            basis: self.bases,
            terms: nonzeros.into_iter().map(term).collect(),
            starts: begins,
        });
        self.bases += order * order;
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

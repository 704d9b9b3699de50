//! The factorization `LDLᵀ` of a dense matrix, in memory that is there: other crates allocate in each one.
//!
//! Four columns at a time, from which the product of all columns before them is subtracted at once. Where these are too
//! many for the cache, the rest of the matrix is made up for some of them first. What is multiplied is copied, so that all
//! is next to each other.

mod panels;

use std::array::from_fn;

use pulp::{Simd, WithSimd};

pub(crate) use self::panels::Columns;
use self::panels::{GROUP, Group, PANEL, Panel, Tile, products, subtract_columns};
use crate::vector::fused;

/// Columns that are multiplied at once.
const DEPTH: usize = 128;

/// A pivot that does not exceed `least` in the direction of its sign is replaced.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Limits {
    pub(crate) least: f64,
    pub(crate) replacement: f64,
}

/// The lower triangle of a symmetric matrix, or its factorization.
pub(crate) struct Ldlt {
    rows: usize,
    /// `rows`, filled up to a group: with ones on the diagonal.
    size: usize,
    signs: Vec<i8>,
    /// Of a factorization `L`, with zeros on the diagonal and above.
    columns: Columns,
    /// The reciprocals of `D`.
    pivots: Vec<f64>,
    /// By panels, and in each by columns.
    left: Vec<Panel>,
    /// By groups of rows, and in each by columns: `left` times a diagonal matrix.
    right: Vec<Group>,
}

impl Ldlt {
    pub(crate) fn new(mut signs: Vec<i8>) -> Self {
        let rows = signs.len();
        let size = rows.next_multiple_of(GROUP);
        signs.resize(size, 1);
        let columns = Columns::new(size, size);
        let depth = DEPTH * columns.panels;
        Self {
            rows,
            size,
            signs,
            pivots: vec![0.0; size],
            left: vec![[0.0; PANEL]; depth],
            right: vec![[0.0; GROUP]; 2 * depth],
            columns,
        }
    }

    /// The length of a right-hand side, and from one column to the next.
    pub(crate) fn stride(&self) -> usize {
        self.columns.stride()
    }

    /// A matrix to be filled in, all zero; by columns, of which what is above the diagonal does not count.
    pub(crate) fn cleared(&mut self) -> &mut [f64] {
        let stride = self.stride();
        let entries = self.columns.entries_mut();
        entries.fill(0.0);
        for diagonal in entries.iter_mut().step_by(stride + 1).skip(self.rows) {
            *diagonal = 1.0;
        }
        entries
    }

    /// The matrix that is being filled in.
    pub(crate) fn entries_mut(&mut self) -> &mut [f64] {
        self.columns.entries_mut()
    }

    /// `L`, but for its diagonal of ones, by columns, and the reciprocals of `D`.
    pub(crate) fn parts(&self) -> (&[f64], &[f64]) {
        (self.columns.entries.as_flattened(), &self.pivots)
    }

    /// Subtracts `B W Bᵀ` for a diagonal `W`; the rows of `B` are those of the matrix.
    pub(crate) fn subtract(&mut self, columns: &Columns, weights: &[f64]) {
        struct Subtract<'a>(&'a mut Ldlt, &'a Columns, &'a [f64]);
        impl WithSimd for Subtract<'_> {
            type Output = ();
            #[inline(always)]
            fn with_simd<S: Simd>(self, _: S) {
                let Self(ldlt, columns, weights) = self;
                let columns = columns.entries.chunks(DEPTH * columns.panels);
                for (columns, weights) in columns.zip(weights.chunks(DEPTH)) {
                    for (place, (column, weight)) in columns.chunks_exact(ldlt.columns.panels).zip(weights).enumerate()
                    {
                        for (panel, rows) in column.iter().enumerate() {
                            ldlt.pack(panel, place, *rows, rows.map(|row| row * weight));
                        }
                    }
                    ldlt.make_up::<S>(0, weights.len());
                }
            }
        }
        self.columns.arch.dispatch(Subtract(self, columns, weights));
    }

    /// Factors; returns how many pivots did not exceed the limit with their signs and were replaced.
    pub(crate) fn factor(&mut self, limits: Limits) -> usize {
        struct Factor<'a>(&'a mut Ldlt, Limits);
        impl WithSimd for Factor<'_> {
            type Output = usize;
            #[inline(always)]
            fn with_simd<S: Simd>(self, _: S) -> usize {
                let Self(ldlt, limits) = self;
                let mut replaced = 0;
                for start in (0..ldlt.size).step_by(DEPTH) {
                    let end = (start + DEPTH).min(ldlt.size);
                    for group in (start..end).step_by(GROUP) {
                        replaced += if group % PANEL == 0 {
                            ldlt.factor_group::<S, 0>(start, group, limits)
                        } else {
                            ldlt.factor_group::<S, GROUP>(start, group, limits)
                        };
                    }
                    if end < ldlt.size {
                        ldlt.make_up::<S>(end, end - start);
                    }
                }
                replaced
            }
        }
        self.columns.arch.dispatch(Factor(self, limits))
    }

    /// Subtracts the product of so many columns of `left` and `right` from a column on.
    #[inline(always)]
    fn make_up<S: Simd>(&mut self, start: usize, depth: usize) {
        let panels = self.columns.panels;
        for panel in start / PANEL..panels {
            for group in (start..self.size.min(PANEL * (panel + 1))).step_by(GROUP) {
                let tile = self.remainder::<S>(panel, group, depth);
                for (place, rows) in tile.into_iter().enumerate() {
                    self.columns.entries[panel + panels * (group + place)] = rows;
                }
            }
        }
    }

    /// Factors the columns of a group, from which all columns from `start` on are to be subtracted; its first row is that
    /// of its panel.
    #[inline(always)]
    fn factor_group<S: Simd, const ROW: usize>(&mut self, start: usize, group: usize, limits: Limits) -> usize {
        let (done, first) = (group - start, group / PANEL);
        let mut tile = self.remainder::<S>(first, group, done);
        let signs: Group = from_fn(|place| f64::from(self.signs[group + place]));
        let (mut replaced, mut pivots, mut multipliers) = (0, [0.0; GROUP], [[0.0; GROUP]; GROUP]);
        for place in 0..GROUP {
            let value = signs[place] * tile[place][ROW + place];
            let kept = value > limits.least;
            replaced += usize::from(!kept);
            pivots[place] = signs[place] / if kept { value } else { limits.replacement };
            for later in place + 1..GROUP {
                multipliers[place][later] = pivots[place] * tile[place][ROW + later];
            }
            eliminate::<S>(&mut tile, &multipliers, place);
            for row in &mut tile[place][..=ROW + place] {
                *row = 0.0;
            }
        }
        self.pivots[group..group + GROUP].copy_from_slice(&pivots);
        self.keep(tile, first, group, done, pivots);
        for panel in first + 1..self.columns.panels {
            let mut tile = self.remainder::<S>(panel, group, done);
            for place in 0..GROUP {
                eliminate::<S>(&mut tile, &multipliers, place);
            }
            self.keep(tile, panel, group, done, pivots);
        }
        replaced
    }

    /// Keeps a tile of `L D`.
    #[inline(always)]
    fn keep(&mut self, tile: Tile, panel: usize, group: usize, done: usize, pivots: Group) {
        for (place, (rows, pivot)) in tile.into_iter().zip(pivots).enumerate() {
            let scaled = rows.map(|row| row * pivot);
            self.columns.entries[panel + self.columns.panels * (group + place)] = scaled;
            self.pack(panel, done + place, scaled, rows);
        }
    }

    #[inline(always)]
    fn pack(&mut self, panel: usize, column: usize, left: Panel, right: Panel) {
        self.left[column + DEPTH * panel] = left;
        let (upper, lower) = right.split_at(GROUP);
        self.right[column + DEPTH * 2 * panel].copy_from_slice(upper);
        self.right[column + DEPTH * (2 * panel + 1)].copy_from_slice(lower);
    }

    /// A tile without the product of so many columns of `left` and `right`.
    #[inline(always)]
    fn remainder<S: Simd>(&self, panel: usize, group: usize, depth: usize) -> Tile {
        let left = &self.left[DEPTH * panel..][..depth];
        let right = &self.right[DEPTH * (group / GROUP)..][..depth];
        let mut sums = Tile::default();
        for (left, right) in left.iter().zip(right) {
            for (sums, right) in sums.iter_mut().zip(right) {
                for (sum, left) in sums.iter_mut().zip(left) {
                    *sum = fused::<S>(*left, *right, *sum);
                }
            }
        }
        let panels = self.columns.panels;
        let columns = &self.columns.entries[panel + panels * group..];
        for (place, sums) in sums.iter_mut().enumerate() {
            for (sum, row) in sums.iter_mut().zip(&columns[panels * place]) {
                *sum = row - *sum;
            }
        }
        sums
    }

    /// Solves in place.
    pub(crate) fn solve(&self, rhs: &mut [f64]) {
        struct Solve<'a>(&'a Ldlt, &'a mut [f64]);
        impl WithSimd for Solve<'_> {
            type Output = ();
            #[inline(always)]
            fn with_simd<S: Simd>(self, _: S) {
                let Self(ldlt, rhs) = self;
                let rhs = rhs.as_chunks_mut().0;
                for group in (0..ldlt.size).step_by(GROUP) {
                    if group % PANEL == 0 {
                        ldlt.substitute::<S, 0>(group, rhs);
                    } else {
                        ldlt.substitute::<S, GROUP>(group, rhs);
                    }
                }
                for group in (0..ldlt.size).step_by(GROUP).rev() {
                    if group % PANEL == 0 {
                        ldlt.substitute_back::<S, 0>(group, rhs);
                    } else {
                        ldlt.substitute_back::<S, GROUP>(group, rhs);
                    }
                }
            }
        }
        self.columns.arch.dispatch(Solve(self, rhs));
    }

    /// Takes the unknowns of a group from all later ones.
    #[inline(always)]
    fn substitute<S: Simd, const ROW: usize>(&self, group: usize, rhs: &mut [Panel]) {
        let first = group / PANEL;
        let columns = self.columns.group(group);
        let mut unknowns: Group = from_fn(|place| rhs[first][ROW + place]);
        for place in 0..GROUP {
            for later in place + 1..GROUP {
                unknowns[later] -= columns[place][first][ROW + later] * unknowns[place];
            }
        }
        subtract_columns::<S>(columns.map(|column| &column[first..]), &unknowns, &mut rhs[first..]);
    }

    /// Takes all later unknowns from those of a group, divided by their pivots.
    #[inline(always)]
    fn substitute_back<S: Simd, const ROW: usize>(&self, group: usize, rhs: &mut [Panel]) {
        let first = group / PANEL;
        let columns = self.columns.group(group);
        let mut unknowns: Group = from_fn(|place| self.pivots[group + place] * rhs[first][ROW + place]);
        // Those of the group come one by one.
        rhs[first][ROW..ROW + GROUP].fill(0.0);
        let products = products::<S>(columns.map(|column| &column[first..]), &rhs[first..]);
        for place in (0..GROUP).rev() {
            unknowns[place] -= products[place];
            for earlier in 0..place {
                unknowns[earlier] -= columns[earlier][first][ROW + place] * unknowns[place];
            }
        }
        rhs[first][ROW..ROW + GROUP].copy_from_slice(&unknowns);
    }
}

/// Subtracts a column of a tile from the later ones.
#[inline(always)]
fn eliminate<S: Simd>(tile: &mut Tile, multipliers: &[Group; GROUP], place: usize) {
    let of_column = tile[place];
    for (rows, multiplier) in tile.iter_mut().zip(&multipliers[place]).skip(place + 1) {
        for (row, eliminated) in rows.iter_mut().zip(of_column) {
            *row = fused::<S>(-*multiplier, eliminated, *row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        least: 1e-8,
        replacement: 1e-8,
    };

    /// Of a matrix with dominant entries on the diagonal, of both signs.
    fn entry(row: usize, column: usize, size: usize) -> f64 {
        if row == column {
            let size = size as f64;
            if row.is_multiple_of(3) { -size } else { size }
        } else {
            ((row * column + row + column) as f64).sin()
        }
    }

    fn fill(ldlt: &mut Ldlt, size: usize) {
        let stride = ldlt.stride();
        for (place, into) in ldlt.cleared().iter_mut().enumerate() {
            let (row, column) = (place % stride, place / stride);
            if row < size && column <= row {
                *into = entry(row, column, size);
            }
        }
    }

    fn product(x: &[f64], size: usize) -> Vec<f64> {
        let of_row = |row: usize| {
            let entries = (0..size).map(|column| entry(row.max(column), row.min(column), size));
            entries.zip(x).map(|(entry, x)| entry * x).sum()
        };
        (0..size).map(of_row).collect()
    }

    /// One panel, groups that fill it up or do not, and more columns than are multiplied at once.
    const SIZES: [usize; 12] = [1, 3, 4, 5, 8, 9, 12, 13, 40, DEPTH, DEPTH + 1, 2 * DEPTH + 7];

    fn ldlt(size: usize) -> Ldlt {
        Ldlt::new(
            (0..size)
                .map(|row| if row.is_multiple_of(3) { -1 } else { 1 })
                .collect(),
        )
    }

    #[test]
    fn solves_what_it_factored() {
        for size in SIZES {
            let mut ldlt = ldlt(size);
            // Twice: nothing may be left of the first.
            for _ in 0..2 {
                fill(&mut ldlt, size);
                assert_eq!(ldlt.factor(LIMITS), 0);
            }
            let x: Vec<f64> = (0..size).map(|row| (row as f64).cos()).collect();
            let mut rhs = product(&x, size);
            rhs.resize(ldlt.stride(), 0.0);
            ldlt.solve(&mut rhs);
            assert!(
                x.iter().zip(&rhs).all(|(x, solved)| (x - solved).abs() < 1e-13),
                "{size}"
            );
        }
    }

    #[test]
    fn what_is_subtracted_and_added_again_is_gone() {
        for size in SIZES {
            for width in [1, 4, 6, DEPTH + 3] {
                let (mut ldlt, mut columns) = (ldlt(size), Columns::new(size, width));
                let stride = columns.stride();
                for (place, entry) in columns.entries_mut().iter_mut().enumerate() {
                    if place % stride < size && place / stride < width {
                        *entry = (place as f64).sin();
                    }
                }
                fill(&mut ldlt, size);
                let weights: Vec<f64> = (0..width).map(|column| 1.0 + column as f64).collect();
                ldlt.subtract(&columns, &weights);
                let entries = columns.entries_mut().to_vec();
                let of_rows = |row: usize, column: usize| {
                    let weighted = weights.iter().enumerate();
                    let products = weighted
                        .map(|(at, weight)| weight * entries[row + stride * at] * entries[column + stride * at]);
                    products.sum::<f64>()
                };
                for column in 0..size {
                    for row in column..size {
                        let expected = entry(row, column, size) - of_rows(row, column);
                        let subtracted = ldlt.entries_mut()[row + stride * column];
                        assert!((subtracted - expected).abs() < 1e-9, "{size} {width} {row} {column}");
                    }
                }
            }
        }
    }

    #[test]
    fn products_with_columns() {
        for (size, width) in [(1, 1), (7, 5), (8, 4), (20, 30)] {
            let mut columns = Columns::new(size, width);
            let stride = columns.stride();
            for (place, entry) in columns.entries_mut().iter_mut().enumerate() {
                if place % stride < size && place / stride < width {
                    *entry = (place as f64).sin();
                }
            }
            let (mut x, mut y) = (vec![0.0; columns.width()], vec![0.0; stride]);
            (0..width).for_each(|column| x[column] = 1.0 + column as f64);
            columns.subtract_product(&x, &mut y);
            let entry = |row: usize, column: usize| ((row + stride * column) as f64).sin();
            for (row, y) in y.iter().enumerate().take(size) {
                let expected = (0..width).map(|column| entry(row, column) * x[column]).sum::<f64>();
                assert!((y + expected).abs() < 1e-12);
            }
            assert!(y[size..].iter().all(|y| *y == 0.0));
            let before = x.clone();
            columns.subtract_transposed(&y, &mut x);
            for column in 0..width {
                let expected = (0..size).map(|row| entry(row, column) * y[row]).sum::<f64>();
                assert!((before[column] - x[column] - expected).abs() < 1e-10);
            }
        }
    }

    #[test]
    fn pivots_of_the_wrong_sign_are_replaced() {
        for size in SIZES {
            let mut ldlt = Ldlt::new(vec![1; size]);
            let stride = ldlt.stride();
            for (row, diagonal) in ldlt.cleared().iter_mut().step_by(stride + 1).take(size).enumerate() {
                *diagonal = if row.is_multiple_of(3) { -1.0 } else { 1.0 };
            }
            assert_eq!(ldlt.factor(LIMITS), size.div_ceil(3));
            ldlt.cleared();
            assert_eq!(ldlt.factor(LIMITS), size);
        }
    }
}

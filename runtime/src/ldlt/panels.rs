//! Dense matrices in panels of rows that fit the registers, filled up with zeros: so that all is done with whole panels.
//!
//! The instructions are those of the machine it runs on, as far as `pulp` knows them.

use std::array::from_fn;

use pulp::{Arch, Simd, WithSimd};

use crate::vector::fused;

/// Rows of a panel.
pub(super) const PANEL: usize = 8;

/// Columns that are worked on at once.
pub(super) const GROUP: usize = 4;

pub(super) type Panel = [f64; PANEL];
pub(super) type Group = [f64; GROUP];

/// A panel of each column of a group.
pub(super) type Tile = [Panel; GROUP];

/// A matrix by columns, with whole panels of rows and whole groups of columns.
pub(crate) struct Columns {
    /// Those of each column.
    pub(super) panels: usize,
    pub(super) entries: Vec<Panel>,
    pub(super) arch: Arch,
}

impl Columns {
    pub(crate) fn new(rows: usize, columns: usize) -> Self {
        let panels = rows.div_ceil(PANEL).max(1);
        Self {
            panels,
            entries: vec![[0.0; PANEL]; panels * columns.next_multiple_of(GROUP)],
            arch: Arch::new(),
        }
    }

    /// Entries from one column to the next.
    pub(crate) fn stride(&self) -> usize {
        PANEL * self.panels
    }

    /// The number of columns.
    pub(crate) fn width(&self) -> usize {
        self.entries.len() / self.panels
    }

    pub(crate) fn entries_mut(&mut self) -> &mut [f64] {
        self.entries.as_flattened_mut()
    }

    #[inline(always)]
    pub(super) fn group(&self, column: usize) -> [&[Panel]; GROUP] {
        from_fn(|place| &self.entries[self.panels * (column + place)..][..self.panels])
    }

    /// `y −= C x`, for vectors with whole groups and whole panels.
    pub(crate) fn subtract_product(&self, x: &[f64], y: &mut [f64]) {
        struct Product<'a>(&'a Columns, &'a [f64], &'a mut [f64]);
        impl WithSimd for Product<'_> {
            type Output = ();
            #[inline(always)]
            fn with_simd<S: Simd>(self, _: S) {
                let Self(columns, x, y) = self;
                let y = y.as_chunks_mut().0;
                for (group, x) in x.as_chunks().0.iter().enumerate() {
                    subtract_columns::<S>(columns.group(GROUP * group), x, y);
                }
            }
        }
        self.arch.dispatch(Product(self, x, y));
    }

    /// `x −= Cᵀ y`, for vectors with whole groups and whole panels.
    pub(crate) fn subtract_transposed(&self, y: &[f64], x: &mut [f64]) {
        struct Product<'a>(&'a Columns, &'a [f64], &'a mut [f64]);
        impl WithSimd for Product<'_> {
            type Output = ();
            #[inline(always)]
            fn with_simd<S: Simd>(self, _: S) {
                let Self(columns, y, x) = self;
                let y = y.as_chunks().0;
                for (group, x) in x.as_chunks_mut::<GROUP>().0.iter_mut().enumerate() {
                    let products = products::<S>(columns.group(GROUP * group), y);
                    for (x, product) in x.iter_mut().zip(products) {
                        *x -= product;
                    }
                }
            }
        }
        self.arch.dispatch(Product(self, y, x));
    }
}

#[inline(always)]
pub(super) fn subtract_columns<S: Simd>(columns: [&[Panel]; GROUP], weights: &Group, from: &mut [Panel]) {
    let columns = columns.map(|column| &column[..from.len()]);
    for (panel, rows) in from.iter_mut().enumerate() {
        for (column, weight) in columns.iter().zip(weights) {
            for (row, entry) in rows.iter_mut().zip(&column[panel]) {
                *row = fused::<S>(-*weight, *entry, *row);
            }
        }
    }
}

/// Of each column with a vector.
#[inline(always)]
pub(super) fn products<S: Simd>(columns: [&[Panel]; GROUP], x: &[Panel]) -> Group {
    let columns = columns.map(|column| &column[..x.len()]);
    let mut sums = Tile::default();
    for (panel, x) in x.iter().enumerate() {
        for (sums, column) in sums.iter_mut().zip(&columns) {
            for ((sum, x), entry) in sums.iter_mut().zip(x).zip(&column[panel]) {
                *sum = fused::<S>(*x, *entry, *sum);
            }
        }
    }
    sums.map(|sums| {
        let halves: Group = from_fn(|place| sums[place] + sums[place + GROUP]);
        (halves[0] + halves[2]) + (halves[1] + halves[3])
    })
}

//! The semidefinite cone. `W Z = RᵀZR` with `RᵀZR = R⁻¹SR⁻ᵀ = Λ` diagonal, so that `WᵀW Z = GZG` with `G = RRᵀ`: in the
//! basis of the eigenvectors of `G` it is diagonal, and its eigenvalues are the products of two of those.

use std::f64::consts::SQRT_2;
use std::fmt;
use std::ops::Range;

use super::{Pair, Scaled};
use crate::cones::{diagonalize, eigenvalues, rotate, unpack};
use crate::kkt::Projection;
use crate::ldlt::{Ldlt, Limits};
use crate::vector::dot;

/// A slack so many times as large as its dual leaves of that what the matrix can tell.
const LOST: f64 = 1e8;

/// What a matrix with a factor has for pivots.
const POSITIVE: Limits = Limits {
    least: 0.0,
    replacement: 1.0,
};

pub(super) struct Semidefinite {
    order: usize,
    rows: Range<usize>,
    basis: Range<usize>,
    /// `R`, and the transpose of its inverse, by columns as all matrices.
    r: Vec<f64>,
    inverse: Vec<f64>,
    /// The diagonal of `Λ`.
    lambda: Vec<f64>,
    /// The eigenvalues of `G`.
    g: Vec<f64>,
    /// `R⁻¹dS R⁻ᵀ` and `RᵀdZ R` of the step kept, as triangles.
    ds: Vec<f64>,
    dz: Vec<f64>,
    /// A triangle, and four matrices.
    term: Vec<f64>,
    one: Vec<f64>,
    other: Vec<f64>,
    scratch: Vec<f64>,
    factor: Ldlt,
}

impl fmt::Debug for Semidefinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let order = self.order;
        f.debug_struct("Semidefinite")
            .field("order", &order)
            .finish_non_exhaustive()
    }
}

impl Semidefinite {
    /// Of the matrices of an order, with its basis from `basis` on.
    pub(super) fn new(order: usize, rows: Range<usize>, basis: usize) -> Self {
        let (matrix, triangle) = (|| vec![0.0; order * order], || vec![0.0; rows.len()]);
        Self {
            order,
            basis: basis..basis + order * order,
            r: matrix(),
            inverse: matrix(),
            lambda: vec![0.0; order],
            g: vec![0.0; order],
            ds: triangle(),
            dz: triangle(),
            term: triangle(),
            one: matrix(),
            other: matrix(),
            scratch: vec![0.0; 2 * order * order],
            factor: Ldlt::new(vec![1; order]),
            rows,
        }
    }

    /// The least and the largest eigenvalue of the matrix in `one`.
    fn range_of_one(&mut self) -> [f64; 2] {
        eigenvalues(self.order, &mut self.one);
        let values = self.one.iter().step_by(self.order + 1);
        values.fold([f64::INFINITY, f64::NEG_INFINITY], |[least, largest], value| {
            [least.min(*value), largest.max(*value)]
        })
    }

    /// How far `Λ` plus a step goes.
    fn longest(&mut self, of_s: bool) -> f64 {
        unpack(self.order, if of_s { &self.ds } else { &self.dz }, &mut self.one);
        for (column, lambda) in self.one.chunks_exact_mut(self.order).zip(&self.lambda) {
            for (entry, other) in column.iter_mut().zip(&self.lambda) {
                *entry /= (lambda * other).sqrt();
            }
        }
        let [least, _] = self.range_of_one();
        if least >= 0.0 { f64::INFINITY } else { -1.0 / least }
    }

    /// `L` of `LLᵀ`, with zeros above; `None` where there is none.
    fn factor(&mut self, in_s: bool) -> Option<()> {
        let order = self.order;
        let matrix = if in_s { &mut self.r } else { &mut self.inverse };
        let stride = self.factor.stride();
        let columns = matrix
            .chunks_exact(order)
            .zip(self.factor.cleared().chunks_exact_mut(stride));
        columns.for_each(|(column, entries)| entries[..order].copy_from_slice(column));
        if self.factor.factor(POSITIVE) > 0 {
            return None;
        }
        let (l, reciprocals) = self.factor.parts();
        let columns = matrix
            .chunks_exact_mut(order)
            .zip(l.chunks_exact(stride))
            .zip(reciprocals);
        for (place, ((column, l), reciprocal)) in columns.enumerate() {
            let root = reciprocal.recip().sqrt();
            column[..place].fill(0.0);
            for (entry, l) in column.iter_mut().zip(l).skip(place) {
                *entry = root * l;
            }
            column[place] = root;
        }
        Some(())
    }
}

/// `XY`, or `XᵀY`.
fn multiply(order: usize, x: &[f64], transposed: bool, y: &[f64], product: &mut [f64]) {
    for (column, y) in product.chunks_exact_mut(order).zip(y.chunks_exact(order)) {
        if transposed {
            for (entry, x) in column.iter_mut().zip(x.chunks_exact(order)) {
                *entry = dot(x, y);
            }
        } else {
            column.fill(0.0);
            for (x, y) in x.chunks_exact(order).zip(y) {
                for (entry, x) in column.iter_mut().zip(x) {
                    *entry += x * y;
                }
            }
        }
    }
}

impl Scaled for Semidefinite {
    fn degree(&self) -> usize {
        self.order
    }

    fn trace(&self, entries: &[f64]) -> f64 {
        let entries = &entries[self.rows.clone()];
        (0..self.order).map(|i| entries[diagonal(i)]).sum()
    }

    fn range(&mut self, entries: &[f64]) -> [f64; 2] {
        unpack(self.order, &entries[self.rows.clone()], &mut self.one);
        let [least, largest] = self.range_of_one();
        [least, largest.max(-least)]
    }

    fn shift(&self, by: f64, entries: &mut [f64]) {
        let entries = &mut entries[self.rows.clone()];
        for i in 0..self.order {
            entries[diagonal(i)] += by;
        }
    }

    fn relate(&mut self, h: &mut [f64], projection: &mut Projection) {
        let rows = self.rows.clone();
        let largest = h[rows.clone()].iter().copied().fold(0.0, f64::max);
        h[rows.clone()].fill(largest);
        projection.d[rows].fill(largest / (1.0 + largest));
        let basis = &mut projection.basis[self.basis.clone()];
        basis.fill(0.0);
        basis.iter_mut().step_by(self.order + 1).for_each(|entry| *entry = 1.0);
    }

    fn scale(&mut self, iterate: Pair<'_>, unit: f64, projection: &mut Projection) -> Option<()> {
        let order = self.order;
        unpack(order, &iterate.s[self.rows.clone()], &mut self.r);
        unpack(order, &iterate.z[self.rows.clone()], &mut self.inverse);
        self.factor(true)?;
        self.factor(false)?;
        // With `S = LLᵀ` and `Z = KKᵀ`: from `KᵀL = UΛVᵀ`, found by its square, to `R = LVΛ^(−1/2)` and
        // `R⁻ᵀ = KUΛ^(−1/2)`.
        let (gram, vectors) = self.scratch.split_at_mut(order * order);
        multiply(order, &self.inverse, true, &self.r, &mut self.one);
        multiply(order, &self.one, true, &self.one, gram);
        diagonalize(order, gram, vectors);
        multiply(order, &self.one, false, vectors, &mut self.other);
        for ((k, lambda), column) in self
            .lambda
            .iter_mut()
            .enumerate()
            .zip(self.other.chunks_exact_mut(order))
        {
            *lambda = gram[k * (order + 1)].sqrt();
            let weight = lambda.powf(-1.5);
            column.iter_mut().for_each(|entry| *entry *= weight);
        }
        multiply(order, &self.inverse, false, &self.other, &mut self.one);
        std::mem::swap(&mut self.inverse, &mut self.one);
        multiply(order, &self.r, false, vectors, &mut self.one);
        for (lambda, column) in self.lambda.iter().zip(self.one.chunks_exact_mut(order)) {
            let weight = 1.0 / lambda.sqrt();
            column.iter_mut().for_each(|entry| *entry *= weight);
        }
        std::mem::swap(&mut self.r, &mut self.one);
        gram.fill(0.0);
        for column in self.r.chunks_exact(order) {
            for (gram, weight) in gram.chunks_exact_mut(order).zip(column) {
                for (entry, r) in gram.iter_mut().zip(column) {
                    *entry += weight * r;
                }
            }
        }
        diagonalize(order, gram, &mut projection.basis[self.basis.clone()]);
        for (k, g) in self.g.iter_mut().enumerate() {
            *g = gram[k * (order + 1)];
        }
        let mut places = projection.d[self.rows.clone()].iter_mut();
        for (j, one) in self.g.iter().enumerate() {
            for (other, d) in self.g[..=j].iter().zip(&mut places) {
                let h = one * other;
                *d = h / (unit + h);
            }
        }
        self.g
            .iter()
            .chain(&self.lambda)
            .all(|value| *value > 0.0)
            .then_some(())
    }

    fn longest_step(&mut self, _: Pair<'_>, step: Pair<'_>) -> f64 {
        self.ds.copy_from_slice(&step.s[self.rows.clone()]);
        self.dz.copy_from_slice(&step.z[self.rows.clone()]);
        rotate(self.order, &self.inverse, false, &mut self.ds, &mut self.scratch);
        rotate(self.order, &self.r, false, &mut self.dz, &mut self.scratch);
        self.longest(true).min(self.longest(false))
    }

    fn aim(&mut self, iterate: Pair<'_>, _: Pair<'_>, target: f64, aim: &mut [f64]) {
        let order = self.order;
        unpack(order, &self.ds, &mut self.one);
        unpack(order, &self.dz, &mut self.other);
        let product = &mut self.scratch[..order * order];
        multiply(order, &self.one, false, &self.other, product);
        let aim = &mut aim[self.rows.clone()];
        let mut places = aim.iter_mut();
        for j in 0..order {
            for (i, aim) in (0..=j).zip(&mut places) {
                let sum = product[i + order * j] + product[j + order * i];
                // What is linear in the products is half of the sum of both orders.
                *aim = if i == j {
                    (0.5 * sum - target) / self.lambda[i]
                } else {
                    SQRT_2 * sum / (self.lambda[i] + self.lambda[j])
                };
            }
        }
        rotate(order, &self.r, true, aim, &mut self.scratch);
        for (aim, s) in aim.iter_mut().zip(&iterate.s[self.rows.clone()]) {
            *aim += s;
        }
    }

    fn settle(&mut self, _: Pair<'_>, aim: &[f64], ds: &[f64], dz: &mut [f64], projection: &Projection) {
        let d = &projection.d[self.rows.clone()];
        if d.iter().all(|d| *d < 1.0 - 1.0 / LOST) {
            return;
        }
        let dz = &mut dz[self.rows.clone()];
        let wanted = aim[self.rows.clone()].iter().zip(&ds[self.rows.clone()]);
        for (term, (aim, ds)) in self.term.iter_mut().zip(wanted) {
            *term = aim + ds;
        }
        let basis = &projection.basis[self.basis.clone()];
        rotate(self.order, basis, false, &mut self.term, &mut self.scratch);
        rotate(self.order, basis, false, dz, &mut self.scratch);
        let mut places = dz.iter_mut().zip(&self.term).zip(d);
        for (j, one) in self.g.iter().enumerate() {
            for (other, ((dz, wanted), d)) in self.g[..=j].iter().zip(&mut places) {
                if *d > 0.5 {
                    *dz = -wanted / (one * other);
                }
            }
        }
        rotate(self.order, basis, true, dz, &mut self.scratch);
    }
}

/// The place in a triangle of an entry of the diagonal.
fn diagonal(index: usize) -> usize {
    index * (index + 3) / 2
}

//! Random numbers.

use std::f64::consts::TAU;

use cvxlayers::nalgebra::{DMatrix, DVector};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// Where the numbers of a family are drawn from.
#[derive(Debug)]
pub struct Draw(StdRng);

impl Draw {
    pub fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// Uniform on `[0, 1)`.
    pub fn uniform(&mut self) -> f64 {
        self.0.random_range(0.0..1.0)
    }

    /// Standard normal, by Box and Muller.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (TAU * self.uniform()).cos()
    }

    pub fn matrix(&mut self, rows: usize, columns: usize) -> DMatrix<f64> {
        DMatrix::from_fn(rows, columns, |_, _| self.normal())
    }

    pub fn vector(&mut self, rows: usize) -> DVector<f64> {
        DVector::from_fn(rows, |_, _| self.normal())
    }

    /// Zero in three of ten entries, elsewhere uniform on `[0, 1)`: some constraints are active, some are not.
    pub fn slack(&mut self, rows: usize) -> DVector<f64> {
        DVector::from_fn(rows, |_, _| if self.uniform() < 0.7 { self.uniform() } else { 0.0 })
    }

    /// `count` of the first `n` numbers, ascending.
    pub fn choice(&mut self, n: usize, count: usize) -> Vec<usize> {
        let mut chosen: Vec<usize> = Vec::with_capacity(count);
        while chosen.len() < count {
            let next = self.0.random_range(0..n);
            if let Err(place) = chosen.binary_search(&next) {
                chosen.insert(place, next);
            }
        }
        chosen
    }
}

//! The nonnegative orthant, where everything is entry by entry.

use super::{Pair, Scaled};
use crate::kkt::Projection;
use crate::vector::larger;

#[derive(Debug)]
pub(super) struct Orthant {
    rows: Vec<usize>,
}

impl Orthant {
    pub(super) fn new(rows: Vec<usize>) -> Self {
        Self { rows }
    }
}

impl Scaled for Orthant {
    fn degree(&self) -> usize {
        self.rows.len()
    }

    fn trace(&self, entries: &[f64]) -> f64 {
        self.rows.iter().map(|row| entries[*row]).sum()
    }

    fn range(&mut self, entries: &[f64]) -> [f64; 2] {
        let (mut least, mut largest) = (f64::INFINITY, 0.0);
        for row in &self.rows {
            least = entries[*row].min(least);
            largest = larger(largest, entries[*row].abs());
        }
        [least, largest]
    }

    fn shift(&self, by: f64, entries: &mut [f64]) {
        for row in &self.rows {
            entries[*row] += by;
        }
    }

    fn relate(&mut self, h: &mut [f64], projection: &mut Projection) {
        for row in &self.rows {
            projection.d[*row] = h[*row] / (1.0 + h[*row]);
        }
    }

    fn scale(&mut self, iterate: Pair<'_>, unit: f64, projection: &mut Projection) -> Option<()> {
        for row in &self.rows {
            let (s, z) = (iterate.s[*row], unit * iterate.z[*row]);
            projection.d[*row] = s / (s + z);
        }
        Some(())
    }

    fn longest_step(&mut self, iterate: Pair<'_>, step: Pair<'_>) -> f64 {
        let mut longest = f64::INFINITY;
        for row in &self.rows {
            for (now, step) in [(iterate.s[*row], step.s[*row]), (iterate.z[*row], step.z[*row])] {
                if step < 0.0 {
                    longest = longest.min(-now / step);
                }
            }
        }
        longest
    }

    fn aim(&mut self, iterate: Pair<'_>, step: Pair<'_>, target: f64, aim: &mut [f64]) {
        for row in &self.rows {
            let row = *row;
            aim[row] = iterate.s[row] + (step.s[row] * step.z[row] - target) / iterate.z[row];
        }
    }

    fn settle(&mut self, iterate: Pair<'_>, aim: &[f64], ds: &[f64], dz: &mut [f64], projection: &Projection) {
        for row in &self.rows {
            let row = *row;
            if projection.d[row] > 0.5 {
                dz[row] = -iterate.z[row] / iterate.s[row] * (aim[row] + ds[row]);
            }
        }
    }
}

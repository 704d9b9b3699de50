//! Kinks that rounding hides: the slack of a row of nothing but zeros has the errors of all that they come from.

use super::Workspace;
use crate::kkt::{NOISE, numbers_of_any_digits};
use crate::program::columns;
use crate::vector::norm_inf;
use crate::{Cone, Program};

/// Where a slack and a dual are below this part of all others, errors are measured.
const NEAR: f64 = 1e-7;

/// The relative residual of the linear system of the errors, of which the sizes are enough.
const PRECISION: f64 = 1e-3;
const ROUNDS: u32 = 2;

/// What these are multiplied by, as they are a sample.
const MARGIN: f64 = 64.0;

impl Workspace {
    /// Counts as kinks also what is one up to the errors of the point as a whole.
    pub(super) fn find_more_kinks(&mut self, cones: &[Cone]) -> Result<(), &'static str> {
        let near = NEAR * self.largest_slack();
        let z_near = NEAR * norm_inf(&self.point.z).max(self.z_noise / NOISE);
        self.dz.fill(near);
        if self.kinks_within(cones, z_near) > self.kinks {
            let z_error = self.measure_errors()?.min(z_near);
            self.dz.iter_mut().for_each(|error| *error = error.min(near));
            self.kinks = self.kinks.max(self.kinks_within(cones, z_error));
        }
        self.held.copy_from(&self.system.projection);
        Ok(())
    }

    /// That of the point, or what it could be: where all of `x` is zero the data tell.
    fn largest_slack(&self) -> f64 {
        let Program { p, q, a, b, .. } = &self.program;
        let unconstrained = norm_inf(q) / norm_inf(p.data());
        let x = norm_inf(&self.point.x).max(if unconstrained.is_finite() { unconstrained } else { 0.0 });
        norm_inf(b).max(norm_inf(&self.point.s)).max(norm_inf(a.data()) * x)
    }

    /// The kinks where an entry of `dz` is the size below which a slack is nothing, and `z_error` that of a dual.
    fn kinks_within(&mut self, cones: &[Cone], z_error: f64) -> usize {
        let (point, z_error) = (&self.point, z_error.max(self.z_noise));
        for (error, noise) in self.dz.iter_mut().zip(&self.s_noise) {
            *error = error.max(*noise);
        }
        let (errors, scratch) = (&self.dz, &mut self.system.scratch);
        self.held
            .count_kinks(cones, &point.s, &point.z, point.unit, errors, z_error, scratch)
    }

    /// What rounding errors in each of the optimality conditions, and errors of the size of the residual of all, make of the
    /// slacks, in `dz`, and of the duals, of which it returns the largest.
    fn measure_errors(&mut self) -> Result<f64, &'static str> {
        let Program { p, q, a, .. } = &self.program;
        let point = &self.point;
        let residual = point.polished.unwrap_or(0.0);
        for (r1, q) in self.dx.iter_mut().zip(q) {
            *r1 = q.abs();
        }
        for (column, (rows, values)) in columns(p).enumerate() {
            for (row, p) in rows.iter().zip(values) {
                self.dx[*row as usize] += (p * point.x[column]).abs();
                self.dx[column] += (p * point.x[*row as usize]).abs();
            }
        }
        for (r1, (rows, values)) in self.dx.iter_mut().zip(columns(a)) {
            let terms = rows.iter().zip(values).map(|(row, a)| a * point.z[*row as usize]);
            *r1 += terms.map(f64::abs).sum::<f64>();
        }
        let (mut numbers, of_all) = (numbers_of_any_digits(), residual * norm_inf(&self.dx));
        for (r1, number) in self.dx.iter_mut().zip(&mut numbers) {
            *r1 = number * (NOISE * *r1 + of_all);
        }
        let of_all = residual / NOISE * norm_inf(&self.s_noise);
        for ((r2, noise), number) in self.dz.iter_mut().zip(&self.s_noise).zip(numbers) {
            *r2 = number * (noise + of_all);
        }
        self.residual.primal.copy_from_slice(&self.dz);
        self.solve(PRECISION, ROUNDS)?;
        let z_error = MARGIN * norm_inf(&self.dz);
        // ds = r2 − A dx
        let ds = &mut self.residual.primal;
        self.dx.iter_mut().for_each(|dx| *dx = -*dx);
        self.program.add_ax(&self.dx, ds);
        for (error, ds) in self.dz.iter_mut().zip(ds) {
            *error = MARGIN * ds.abs();
        }
        Ok(z_error)
    }
}

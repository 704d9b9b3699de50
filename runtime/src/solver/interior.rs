//! An interior-point method for linear and quadratic programs, with the linear system of the derivative: its matrix is
//! factored as a dense one where that is faster, and it is of the program itself, not of an embedding.
//!
//! It is Mehrotra's predictor and corrector, with one step length for all, as in Vandenberghe, "The CVXOPT linear and
//! quadratic cone program solvers" (2010), section 7. Whatever it does not solve is for the other solver, which also knows
//! of proofs of infeasibility.

use std::sync::Arc;
use std::time::Instant;

use super::units::Units;
use super::{Answer, Status, Verdict};
use crate::kkt::{Layout, OF_STEPS, System};
use crate::program::{Structure, columns};
use crate::vector::{dot, is_finite, larger, norm_inf};
use crate::{Cone, Program, Settings};

/// In so many iterations the error must fall to half of what it was: it is infeasible programs that do not.
const PATIENCE: u32 = 10;

/// A step that is shorter leads nowhere.
const SHORTEST_STEP: f64 = 1e-4;

/// The part of the way to the boundary.
const TO_THE_BOUNDARY: f64 = 0.99;

/// The part of the largest entry that is the least at the start.
const INSIDE: f64 = 0.1;

/// The relative residual of the linear system of a prediction.
const ROUGH: f64 = 1e-6;

/// The one of a step: the next step makes up for it, but where slacks are large and their residuals small.
const PRECISE: f64 = 1e-11;

/// Rounds of refinement of either.
const ROUNDS: u32 = 8;

/// By how much the unit may change until the matrix is scaled again.
const MOST_CHANGE: f64 = 16.0;

/// With more variables, and more constraints, the other solver's factorization by blocks may be faster.
const MOST_UNKNOWNS: usize = 1 << 12;

/// An iterate, and what leads to the next.
#[derive(Debug)]
pub(crate) struct Interior {
    system: System,
    /// The `unit` at which the matrix was scaled.
    scaled_at: f64,
    /// The rows of the inequalities: all others are of equalities.
    inequalities: Vec<usize>,
    /// The largest coefficient of each row, to the next power of two: the start is relative to it.
    norms: Vec<f64>,
    iterations: u32,
    x: Vec<f64>,
    s: Vec<f64>,
    z: Vec<f64>,
    dx: Vec<f64>,
    ds: Vec<f64>,
    dz: Vec<f64>,
    /// What is to become of `ds + s / z · dz`, with the sign changed.
    aim: Vec<f64>,
    /// `Px + q + Aᵀz`.
    dual: Vec<f64>,
    /// `Ax + s − b`.
    primal: Vec<f64>,
    term: Vec<f64>,
}

/// What is left of the residuals and of the gap, each relative to its terms, or to one in the units of the program.
struct Errors {
    primal: f64,
    dual: f64,
    gap: f64,
}

impl Interior {
    /// Whether the programs of a structure might be for it, at a glance.
    pub(crate) fn may_suit(structure: &Structure) -> bool {
        let linear = |cone: &Cone| matches!(cone, Cone::Zero(_) | Cone::Nonneg(_));
        structure.cones.iter().all(linear) && structure.columns().min(structure.rows()) <= MOST_UNKNOWNS
    }

    /// `None` where the matrix has no factorization.
    pub(crate) fn new(structure: &Structure, layout: Arc<Layout>) -> Option<Self> {
        let system = System::new(structure, layout, OF_STEPS).ok()?;
        let (variables, rows) = (structure.columns(), structure.rows());
        let (mut inequalities, mut row) = (Vec::new(), 0);
        for cone in &structure.cones {
            let rows = row..row + cone.dim();
            row = rows.end;
            if matches!(cone, Cone::Nonneg(_)) {
                inequalities.extend(rows);
            }
        }
        Some(Self {
            system,
            scaled_at: 1.0,
            inequalities,
            norms: vec![0.0; rows],
            iterations: 0,
            x: vec![0.0; variables],
            s: vec![0.0; rows],
            z: vec![0.0; rows],
            dx: vec![0.0; variables],
            ds: vec![0.0; rows],
            dz: vec![0.0; rows],
            aim: vec![0.0; rows],
            dual: vec![0.0; variables],
            primal: vec![0.0; rows],
            term: vec![0.0; variables],
        })
    }

    /// How the solve of a program ended; `None` where it led nowhere.
    pub(crate) fn solve(&mut self, program: &Program, settings: &Settings, start: Instant) -> Option<Verdict> {
        let units = Units::of(program);
        self.iterations = 0;
        self.start(program, units)?;
        let (mut milestone, mut since) = (f64::INFINITY, 0);
        loop {
            let Errors { primal, dual, gap } = self.evaluate(program, units);
            if primal.max(dual) <= settings.feasibility_tolerance && gap <= settings.gap_tolerance {
                return Some(Verdict::Optimal(Status::Solved));
            }
            if self.iterations >= settings.max_iterations {
                return Some(Verdict::IterationLimit);
            }
            if settings.time_limit.is_some_and(|limit| start.elapsed() >= limit) {
                return Some(Verdict::TimeLimit);
            }
            let error = primal.max(dual).max(gap);
            if error <= 0.5 * milestone {
                (milestone, since) = (error, self.iterations);
            }
            if self.iterations - since > PATIENCE || self.step(program)? < SHORTEST_STEP {
                return None;
            }
            self.iterations += 1;
        }
    }

    pub(crate) fn answer(&self, verdict: Verdict) -> Answer<'_> {
        Answer {
            verdict,
            iterations: self.iterations,
            x: &self.x,
            s: &self.s,
            z: &self.z,
        }
    }

    /// The minimizer of the objective plus the squares of the slacks, each relative to its row, and from there into the
    /// orthant.
    fn start(&mut self, program: &Program, units: Units) -> Option<()> {
        let unit = power_of_two(1.0 / norm_inf(program.p.data()));
        self.norms.fill(0.0);
        for (rows, values) in columns(&program.a) {
            for (row, value) in rows.iter().zip(values) {
                let norm = &mut self.norms[*row as usize];
                *norm = larger(*norm, value.abs());
            }
        }
        for row in &self.inequalities {
            let norm = &mut self.norms[*row];
            *norm = power_of_two(*norm);
            let weight = norm.powi(2);
            self.system.projection.d[*row] = weight / (1.0 + weight);
        }
        for (dx, q) in self.dx.iter_mut().zip(&program.q) {
            *dx = -q;
        }
        self.dz.copy_from_slice(&program.b);
        self.factor(program, unit)?;
        self.solve_system(unit, PRECISE)?;
        self.x.copy_from_slice(&self.dx);
        self.z.copy_from_slice(&self.dz);
        self.s.fill(0.0);
        for row in &self.inequalities {
            self.s[*row] = -unit * self.norms[*row].powi(2) * self.z[*row];
        }
        let Self {
            inequalities,
            norms,
            s,
            z,
            ..
        } = self;
        push_inside(inequalities, units.point, s, |row| norms[row]);
        push_inside(inequalities, 1.0 / (units.cost * units.point), z, |row| {
            1.0 / norms[row]
        });
        Some(())
    }

    /// Evaluates the residuals and the gap.
    fn evaluate(&mut self, program: &Program, Units { point, cost }: Units) -> Errors {
        self.dual.fill(0.0);
        program.add_px(&self.x, &mut self.dual);
        self.term.fill(0.0);
        program.add_atz(&self.z, &mut self.term);
        let curvature = dot(&self.x, &self.dual);
        let dual_terms = [&self.dual, &program.q, &self.term].map(|term| norm_inf(term));
        for ((dual, q), term) in self.dual.iter_mut().zip(&program.q).zip(&self.term) {
            *dual += q + term;
        }
        self.primal.fill(0.0);
        program.add_ax(&self.x, &mut self.primal);
        let primal_terms = [&self.primal, &program.b, &self.s].map(|term| norm_inf(term));
        for ((primal, b), s) in self.primal.iter_mut().zip(&program.b).zip(&self.s) {
            *primal += s - b;
        }
        let primal_value = 0.5 * curvature + dot(&program.q, &self.x);
        let dual_value = -0.5 * curvature - dot(&program.b, &self.z);
        let least_value = primal_value.abs().min(dual_value.abs());
        // Their difference, without the digits that they have in common.
        let gap = dot(&self.s, &self.z) + dot(&self.x, &self.dual) - dot(&self.z, &self.primal);
        Errors {
            primal: norm_inf(&self.primal) / norm_inf(&primal_terms).max(point),
            dual: norm_inf(&self.dual) / norm_inf(&dual_terms).max(1.0 / (cost * point)),
            gap: gap.abs() / least_value.max(1.0 / cost),
        }
    }

    /// Goes to the next iterate; returns the length of the step.
    fn step(&mut self, program: &Program) -> Option<f64> {
        let (mut product, mut slacks, mut duals) = (0.0, 0.0, 0.0);
        for row in &self.inequalities {
            let (s, z) = (self.s[*row], self.z[*row]);
            product += s * z;
            slacks += s;
            duals += z;
        }
        let unit = power_of_two(slacks / duals);
        for row in &self.inequalities {
            let (s, z) = (self.s[*row], unit * self.z[*row]);
            self.system.projection.d[*row] = s / (s + z);
        }
        let change = unit / self.scaled_at;
        if (1.0 / MOST_CHANGE..=MOST_CHANGE).contains(&change) {
            self.system.set_in_scale(program, unit).ok()?;
        } else {
            self.factor(program, unit)?;
        }
        // The step that would make all products zero.
        self.ds.fill(0.0);
        self.solve_step(program, unit, 1.0, 0.0, ROUGH)?;
        let centring = (1.0 - self.longest_step().min(1.0)).powi(3);
        // The one that makes them equal, and makes up for the square of the first.
        let target = centring * product / self.inequalities.len().max(1) as f64;
        self.solve_step(program, unit, 1.0 - centring, target, PRECISE)?;
        let length = (TO_THE_BOUNDARY * self.longest_step()).min(1.0);
        for (now, step) in [(&mut self.x, &self.dx), (&mut self.z, &self.dz)] {
            for (now, step) in now.iter_mut().zip(step) {
                *now += length * step;
            }
        }
        for row in &self.inequalities {
            self.s[*row] += length * self.ds[*row];
        }
        Some(length)
    }

    /// Solves for the step that leaves `1 − part` of the residuals, and products of `target`: but for the products of the
    /// entries of the last step, which are made up for.
    fn solve_step(&mut self, program: &Program, unit: f64, part: f64, target: f64, precision: f64) -> Option<()> {
        for row in &self.inequalities {
            let (ds, dz) = (self.ds[*row], self.dz[*row]);
            self.aim[*row] = self.s[*row] + (ds * dz - target) / self.z[*row];
        }
        for (dx, dual) in self.dx.iter_mut().zip(&self.dual) {
            *dx = -part * dual;
        }
        for (dz, primal) in self.dz.iter_mut().zip(&self.primal) {
            *dz = -part * primal;
        }
        for row in &self.inequalities {
            self.dz[*row] += self.aim[*row];
        }
        self.solve_system(unit, precision)?;
        self.ds.fill(0.0);
        program.add_ax(&self.dx, &mut self.ds);
        for (ds, primal) in self.ds.iter_mut().zip(&self.primal) {
            *ds = -part * primal - *ds;
        }
        // Where a slack is large, its dual is lost in the rounding errors of the matrix.
        for row in &self.inequalities {
            let row = *row;
            if self.system.projection.d[row] > 0.5 {
                self.dz[row] = -self.z[row] / self.s[row] * (self.aim[row] + self.ds[row]);
            }
        }
        Some(())
    }

    /// Scales the matrix, and factors.
    fn factor(&mut self, program: &Program, unit: f64) -> Option<()> {
        self.scaled_at = unit;
        self.system.set(program, unit, false).ok()
    }

    fn solve_system(&mut self, unit: f64, precision: f64) -> Option<()> {
        let steps = [self.dx.as_mut_slice(), self.dz.as_mut_slice()];
        self.system.solve_roughly(unit, steps, precision, ROUNDS);
        (is_finite(&self.dx) && is_finite(&self.dz)).then_some(())
    }

    fn longest_step(&self) -> f64 {
        let mut longest = f64::INFINITY;
        for row in &self.inequalities {
            for (now, step) in [(self.s[*row], self.ds[*row]), (self.z[*row], self.dz[*row])] {
                if step < 0.0 {
                    longest = longest.min(-now / step);
                }
            }
        }
        longest
    }
}

/// Adds to the entries, each relative to its scale, until the least of them is no small part of the largest.
fn push_inside(inequalities: &[usize], one: f64, entries: &mut [f64], scale: impl Fn(usize) -> f64) {
    let (mut least, mut largest) = (f64::INFINITY, 0.0);
    for row in inequalities {
        let entry = entries[*row] / scale(*row);
        least = entry.min(least);
        largest = larger(largest, entry.abs());
    }
    let floor = INSIDE * if largest > 0.0 { largest } else { one };
    if least < floor {
        for row in inequalities {
            entries[*row] += (floor - least) * scale(*row);
        }
    }
}

/// The nearest one, or one.
fn power_of_two(value: f64) -> f64 {
    if value > 0.0 && value.is_finite() {
        value.log2().round().clamp(-100.0, 100.0).exp2()
    } else {
        1.0
    }
}

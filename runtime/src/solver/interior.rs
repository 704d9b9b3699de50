//! An interior-point method for programs over symmetric cones, with the linear system of the derivative: its matrix is
//! factored as a dense one where that is faster, and it is of the program itself, not of an embedding.
//!
//! It is Mehrotra's predictor and corrector, with one step length for all, as in Vandenberghe, "The CVXOPT linear and
//! quadratic cone program solvers" (2010), section 7. From a few digits on it is Newton's steps on the optimality
//! conditions that lead on, as in a polish. Whatever is not solved so is for the other solver, which also knows
//! of proofs of infeasibility.

use std::time::Instant;

use super::scaling::{Pair, Scaling};
use super::units::Units;
use super::{Answer, Status, Verdict, spread};
use crate::derivative::Workspace;
use crate::kkt::System;
use crate::polish::Finish;
use crate::program::{Structure, columns};
use crate::vector::{dot, is_finite, larger, norm_inf};
use crate::{Cone, Polish, Program, Settings};

/// In so many iterations the error must fall to half of what it was: it is infeasible programs that do not.
const PATIENCE: u32 = 10;

/// A step that is shorter leads nowhere.
const SHORTEST_STEP: f64 = 1e-4;

/// The part of the largest eigenvalue that is the least at the start.
const INSIDE: f64 = 0.1;

/// The relative residual of the linear system of a step is this part of the error, for the next step makes up for it, but
/// within bounds: where slacks are large and their residuals small it does not.
const FORCING: f64 = 1e-3;
const PRECISE: f64 = 1e-11;
const ROUGH: f64 = 1e-6;

/// An error from which Newton's steps on the optimality conditions often lead to a solution.
const CLOSE: f64 = 3e-2;

/// Where they do not, they are tried again at this part of it.
const CLOSER: f64 = 1e-2;

/// Where the sizes of rows are further apart, they seldom do.
const EVEN: f64 = 1e4;

/// Rounds of refinement.
const ROUNDS: u32 = 8;

/// By how much the unit may change until the matrix is scaled again.
const MOST_CHANGE: f64 = 16.0;

/// With more variables, and more constraints, the other solver's factorization by blocks may be faster.
const MOST_UNKNOWNS: usize = 1 << 12;

/// An iterate, and what leads to the next.
#[derive(Debug)]
pub(crate) struct Interior {
    /// The `unit` at which the matrix was scaled; not a number where it is to be scaled again.
    scaled_at: f64,
    scaling: Scaling,
    /// The largest coefficient of each row, to the next power of two, and of a cone that is not one of rows the largest of
    /// all: the start is relative to it.
    norms: Vec<f64>,
    iterations: u32,
    x: Vec<f64>,
    s: Vec<f64>,
    z: Vec<f64>,
    dx: Vec<f64>,
    ds: Vec<f64>,
    dz: Vec<f64>,
    /// What is to become of `ds + WᵀW dz`, with the sign changed.
    aim: Vec<f64>,
    /// `Px + q + Aᵀz`.
    dual: Vec<f64>,
    /// `Ax + s − b`.
    primal: Vec<f64>,
    term: Vec<f64>,
}

/// What is left of the residuals and of the gap, each relative to its terms, or to one in the units of the program. The
/// primal one is that of the worst row, by its own terms: a bound may be far away.
struct Errors {
    primal: f64,
    dual: f64,
    gap: f64,
}

impl Errors {
    fn within(&self, settings: &Settings) -> bool {
        let feasibility = settings.feasibility_tolerance;
        self.primal <= feasibility && self.dual <= feasibility && self.gap <= settings.gap_tolerance
    }

    fn largest(&self) -> f64 {
        self.primal.max(self.dual).max(self.gap)
    }
}

impl Interior {
    /// Whether the programs of a structure might be for it, at a glance.
    pub(crate) fn may_suit(structure: &Structure) -> bool {
        Scaling::exists(&structure.cones) && Self::has_few_unknowns(structure)
    }

    /// Whether the linear system may be solved as that of a derivative, once an iteration.
    pub(crate) fn has_few_unknowns(structure: &Structure) -> bool {
        structure.columns().min(structure.rows()) <= MOST_UNKNOWNS
    }

    pub(crate) fn new(structure: &Structure) -> Self {
        let (variables, rows) = (structure.columns(), structure.rows());
        Self {
            scaled_at: 1.0,
            scaling: Scaling::new(structure),
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
        }
    }

    /// How the solve of a program ended; `None` where it led nowhere. The workspace is left with the point, where that is
    /// polished.
    pub(crate) fn solve(
        &mut self,
        program: &Program,
        cones: &[Cone],
        settings: &Settings,
        start: Instant,
        workspace: &mut Workspace,
    ) -> Option<Verdict> {
        let units = Units::of(program);
        self.iterations = 0;
        workspace.lend();
        self.start(program, units, &mut workspace.system)?;
        let (mut milestone, mut since) = (f64::INFINITY, 0);
        let finishes = settings.polish != Polish::Off && spread(&self.norms) <= EVEN;
        let mut close = if finishes { CLOSE } else { 0.0 };
        loop {
            let errors = self.evaluate(program, units);
            if errors.within(settings) {
                return self.is_finite().then_some(Verdict::Optimal(Status::Solved));
            }
            if self.iterations >= settings.max_iterations {
                return Some(Verdict::IterationLimit);
            }
            if settings.time_limit.is_some_and(|limit| start.elapsed() >= limit) {
                return Some(Verdict::TimeLimit);
            }
            let error = errors.largest();
            if error <= close {
                match self.finish(program, cones, settings, workspace) {
                    Finish::Arrived(residual) => return Some(Verdict::Polished(residual)),
                    Finish::Nowhere | Finish::NotTried => close = CLOSER * error,
                }
            }
            if error <= 0.5 * milestone {
                (milestone, since) = (error, self.iterations);
            }
            if self.iterations - since > PATIENCE
                || self.step(program, &mut workspace.system, (FORCING * error).clamp(PRECISE, ROUGH))? < SHORTEST_STEP
            {
                return None;
            }
            self.iterations += 1;
        }
    }

    /// Goes to where Newton's steps on the optimality conditions lead, where that is a solution; otherwise stays.
    ///
    /// Close to a solution they take the place of the last iterations, and their last matrix is that of the derivative.
    fn finish(&mut self, program: &Program, cones: &[Cone], settings: &Settings, workspace: &mut Workspace) -> Finish {
        let answer = self.answer(Verdict::Optimal(Status::Solved));
        let mut finish = workspace.finish(program, cones, settings, &answer);
        if let Finish::Arrived(_) = finish {
            let point = &workspace.point;
            self.swap();
            self.x.copy_from_slice(&point.x);
            self.s.copy_from_slice(&point.s);
            self.z.copy_from_slice(&point.z);
            let units = Units::of(program);
            if self.evaluate(program, units).within(settings) && self.is_finite() {
                return finish;
            }
            self.swap();
            self.evaluate(program, units);
            finish = Finish::Nowhere;
        }
        workspace.lend();
        if !matches!(finish, Finish::NotTried) {
            self.scaled_at = f64::NAN;
        }
        finish
    }

    /// Exchanges the iterate and the step, which are both kept.
    fn swap(&mut self) {
        std::mem::swap(&mut self.x, &mut self.dx);
        std::mem::swap(&mut self.s, &mut self.ds);
        std::mem::swap(&mut self.z, &mut self.dz);
    }

    /// Norms pass over what is not a number.
    fn is_finite(&self) -> bool {
        let vectors = [&self.x, &self.s, &self.z, &self.primal, &self.dual];
        vectors.into_iter().all(|vector| is_finite(vector))
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
    /// cones.
    fn start(&mut self, program: &Program, units: Units, system: &mut System) -> Option<()> {
        let unit = power_of_two(1.0 / norm_inf(program.p.data()));
        self.norms.fill(0.0);
        for (rows, values) in columns(&program.a) {
            for (row, value) in rows.iter().zip(values) {
                let norm = &mut self.norms[*row as usize];
                *norm = larger(*norm, value.abs());
            }
        }
        let Self {
            scaling, norms, aim, ..
        } = self;
        for (h, norm) in aim.iter_mut().zip(norms) {
            *norm = power_of_two(*norm);
            *h = norm.powi(2);
        }
        scaling.relate(aim, &mut system.projection);
        for (dx, q) in self.dx.iter_mut().zip(&program.q) {
            *dx = -q;
        }
        self.dz.copy_from_slice(&program.b);
        self.factor(program, unit, system)?;
        self.solve_system(program, unit, system, PRECISE, ROUNDS)?;
        self.x.copy_from_slice(&self.dx);
        self.z.copy_from_slice(&self.dz);
        self.s.fill(0.0);
        let Self {
            scaling,
            norms,
            aim,
            s,
            z,
            ..
        } = self;
        for rows in &scaling.rows {
            let rows = rows.clone();
            let norms = norms[rows.clone()].iter_mut().zip(&aim[rows.clone()]);
            for ((s, z), (norm, h)) in s[rows.clone()].iter_mut().zip(&mut z[rows]).zip(norms) {
                *norm = h.sqrt();
                *s = -unit * *norm * *z;
                *z *= *norm;
            }
        }
        scaling.push_inside(INSIDE, units.point, s);
        scaling.push_inside(INSIDE, 1.0 / (units.cost * units.point), z);
        for rows in &scaling.rows {
            let pairs = s[rows.clone()].iter_mut().zip(&mut z[rows.clone()]);
            for ((s, z), norm) in pairs.zip(&norms[rows.clone()]) {
                *s *= norm;
                *z /= norm;
            }
        }
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
        let (x, mut worst) = (norm_inf(&self.x), 0.0);
        let rows = self.primal.iter_mut().zip(&self.norms);
        for ((primal, norm), (b, s)) in rows.zip(program.b.iter().zip(&self.s)) {
            *primal += s - b;
            let terms = larger(larger(b.abs(), s.abs()), larger(norm * x, point));
            worst = larger(worst, primal.abs() / terms);
        }
        let primal_value = 0.5 * curvature + dot(&program.q, &self.x);
        let dual_value = -0.5 * curvature - dot(&program.b, &self.z);
        let least_value = primal_value.abs().min(dual_value.abs());
        // Their difference, without the digits that they have in common.
        let gap = dot(&self.s, &self.z) + dot(&self.x, &self.dual) - dot(&self.z, &self.primal);
        Errors {
            primal: worst,
            dual: norm_inf(&self.dual) / norm_inf(&dual_terms).max(1.0 / (cost * point)),
            gap: gap.abs() / least_value.max(1.0 / cost),
        }
    }

    /// Goes to the next iterate; returns the length of the step.
    fn step(&mut self, program: &Program, system: &mut System, precision: f64) -> Option<f64> {
        let product = dot(&self.s, &self.z);
        let unit = power_of_two(self.scaling.trace(&self.s) / self.scaling.trace(&self.z));
        let iterate = Pair { s: &self.s, z: &self.z };
        self.scaling.scale(iterate, unit, &mut system.projection)?;
        let change = unit / self.scaled_at;
        if (1.0 / MOST_CHANGE..=MOST_CHANGE).contains(&change) {
            system.set_in_scale(program, unit).ok()?;
        } else {
            self.factor(program, unit, system)?;
        }
        // The step that would make all products zero.
        self.aim.copy_from_slice(&self.s);
        self.solve_step(program, unit, system, 1.0, precision, 0)?;
        let centring = (1.0 - self.longest_step().min(1.0)).powi(3);
        // The one that makes them equal, and makes up for the product of the first with itself.
        let target = centring * product / self.scaling.degree.max(1) as f64;
        let (iterate, step) = (
            Pair { s: &self.s, z: &self.z },
            Pair {
                s: &self.ds,
                z: &self.dz,
            },
        );
        self.scaling.aim(iterate, step, target, &mut self.aim);
        self.solve_step(program, unit, system, 1.0 - centring, precision, ROUNDS)?;
        let length = (self.scaling.part * self.longest_step()).min(1.0);
        for (now, step) in [(&mut self.x, &self.dx), (&mut self.z, &self.dz)] {
            for (now, step) in now.iter_mut().zip(step) {
                *now += length * step;
            }
        }
        for rows in &self.scaling.rows {
            for (s, ds) in self.s[rows.clone()].iter_mut().zip(&self.ds[rows.clone()]) {
                *s += length * ds;
            }
        }
        Some(length)
    }

    /// Solves for the step that leaves `1 − part` of the residuals, and goes for the aim.
    fn solve_step(
        &mut self,
        program: &Program,
        unit: f64,
        system: &mut System,
        part: f64,
        precision: f64,
        rounds: u32,
    ) -> Option<()> {
        for (dx, dual) in self.dx.iter_mut().zip(&self.dual) {
            *dx = -part * dual;
        }
        for ((dz, primal), aim) in self.dz.iter_mut().zip(&self.primal).zip(&self.aim) {
            *dz = aim - part * primal;
        }
        self.solve_system(program, unit, system, precision, rounds)?;
        self.ds.fill(0.0);
        program.add_ax(&self.dx, &mut self.ds);
        for (ds, primal) in self.ds.iter_mut().zip(&self.primal) {
            *ds = -part * primal - *ds;
        }
        let iterate = Pair { s: &self.s, z: &self.z };
        self.scaling
            .settle(iterate, &self.aim, &self.ds, &mut self.dz, &system.projection);
        Some(())
    }

    fn longest_step(&mut self) -> f64 {
        let (iterate, step) = (
            Pair { s: &self.s, z: &self.z },
            Pair {
                s: &self.ds,
                z: &self.dz,
            },
        );
        self.scaling.longest_step(iterate, step)
    }

    /// Scales the matrix, and factors.
    fn factor(&mut self, program: &Program, unit: f64, system: &mut System) -> Option<()> {
        self.scaled_at = unit;
        system.set(program, unit, false).ok()
    }

    fn solve_system(
        &mut self,
        program: &Program,
        unit: f64,
        system: &mut System,
        precision: f64,
        rounds: u32,
    ) -> Option<()> {
        let steps = [self.dx.as_mut_slice(), self.dz.as_mut_slice()];
        system.solve_roughly(program, unit, steps, precision, rounds);
        (is_finite(&self.dx) && is_finite(&self.dz)).then_some(())
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

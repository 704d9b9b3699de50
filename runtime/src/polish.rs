//! Semismooth Newton steps on the optimality conditions, with the matrix of the derivative.

use crate::derivative::Workspace;
use crate::kkt::OF_DERIVATIVES;
use crate::program::Structure;
use crate::solver::Answer;
use crate::{Cone, Program, Settings};

/// What a polish did.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Polished {
    /// The residual before: the larger of primal and dual, each relative to the largest entry of
    /// its terms.
    pub before: f64,
    /// The residual after, never larger.
    pub after: f64,
    /// Newton steps accepted.
    pub steps: u32,
}

/// A residual below which only rounding is left to remove.
const FLOOR: f64 = 1e-13;

/// The relative residual of the linear system of a step, where that leaves more than rounding of the residual.
const STEP_PRECISION: f64 = 1e-9;

/// The one where it does not.
const ROUGH_STEP: f64 = 1e-6;

/// A step that does not reduce the residual to this part of it is the last.
const PROGRESS: f64 = 0.5;

/// A residual from which Newton's steps seldom lead to a solution.
const FAR: f64 = 0.1;

/// Where Newton's steps have led from an answer.
pub(crate) enum Finish {
    /// To a solution, with this residual.
    Arrived(f64),
    Nowhere,
    /// The answer is too far from a solution.
    NotTried,
}

/// A residual above which a polish has not found the active constraints.
pub(crate) const STUCK: f64 = 1e-9;

/// A residual at which a point is a solution, whatever the solver says.
pub(crate) const ARRIVED: f64 = 1e-10;

/// The way to the central path is longer than that to the solution: the equations bend, and do not only break.
const MOST_CENTRING_STEPS: usize = 60;

/// Another guess must reduce the residual to this part of it: the first one scales the linear system best.
const BETTER: f64 = 0.1;

/// What `unit` is then multiplied by.
const OTHER_UNITS: [f64; 8] = [
    64.0,
    1.0 / 64.0,
    4096.0,
    1.0 / 4096.0,
    262_144.0,
    1.0 / 262_144.0,
    67_108_864.0,
    1.0 / 67_108_864.0,
];

/// The step being tried.
#[derive(Debug)]
pub(crate) struct Newton {
    x: Vec<f64>,
    w: Vec<f64>,
    dw: Vec<f64>,
}

impl Newton {
    pub(crate) fn new(structure: &Structure) -> Self {
        let rows = structure.rows();
        Self {
            x: vec![0.0; structure.columns()],
            w: vec![0.0; rows],
            dw: vec![0.0; rows],
        }
    }
}

impl Workspace {
    /// Moves `point` along Newton steps, each accepted only where the residual falls.
    ///
    /// Which constraints are active is guessed from `s` and `unit · z`. Where the guess leads
    /// nowhere, others are tried.
    pub(crate) fn polish(&mut self, cones: &[Cone], settings: &Settings) -> Result<Polished, &'static str> {
        self.measure_noise();
        self.start.copy_from(&self.point);
        let mut polished = self.take_steps(cones, settings)?;
        for factor in OTHER_UNITS {
            if polished.after <= STUCK {
                break;
            }
            self.best.copy_from(&self.point);
            self.point.copy_from(&self.start);
            self.point.unit *= factor;
            let other = self.take_steps(cones, settings)?;
            if other.after < BETTER * polished.after {
                polished = Polished {
                    before: polished.before,
                    ..other
                };
            } else {
                self.point.copy_from(&self.best);
            }
        }
        self.point.polished = Some(polished.after);
        Ok(polished)
    }

    /// Moves `point` to the central path, where the products of the entries of `s` and `z` are `smoothing`.
    pub(crate) fn centre(&mut self, cones: &[Cone], smoothing: f64, settings: &Settings) -> Result<(), &'static str> {
        self.measure_noise();
        self.residual.set_w(&self.point, smoothing);
        let mut now = self.residual.evaluate(&self.program, cones, &self.point.x);
        for _ in 0..MOST_CENTRING_STEPS {
            if now <= FLOOR {
                break;
            }
            self.factor_at_residual(cones)?;
            self.find_step(now, settings.max_refinement_steps)?;
            let Some(residual) = self.try_step(cones, now) else {
                break;
            };
            now = residual;
        }
        Ok(())
    }

    /// Goes from a solver's answer, which may be far from a solution, to one, by full steps.
    ///
    /// One of them need not reduce the residual: where a few constraints were guessed wrongly, it is the next step that has
    /// them right.
    pub(crate) fn finish(
        &mut self,
        program: &Program,
        cones: &[Cone],
        settings: &Settings,
        answer: &Answer<'_>,
    ) -> Finish {
        self.program.copy_from(program);
        self.point.set(program, cones, answer);
        self.forget(OF_DERIVATIVES);
        self.measure_noise();
        self.residual.set_w(&self.point, 0.0);
        let mut now = self.residual.evaluate(&self.program, cones, &self.point.x);
        let is_close = now <= FAR;
        if !is_close {
            return Finish::NotTried;
        }
        let mut is_bold = true;
        for _ in 0..settings.max_polish_steps {
            if now <= FLOOR {
                break;
            }
            let before = now;
            match self.take_full_step(cones, now, settings) {
                Ok(residual) => now = residual,
                Err(_) => return Finish::Nowhere,
            }
            let progresses = now <= PROGRESS * before;
            if !progresses && !std::mem::take(&mut is_bold) {
                break;
            }
        }
        if now <= ARRIVED {
            self.point.polished = Some(now);
            Finish::Arrived(now)
        } else {
            Finish::Nowhere
        }
    }

    fn take_full_step(&mut self, cones: &[Cone], now: f64, settings: &Settings) -> Result<f64, &'static str> {
        self.factor_at_residual(cones)?;
        self.find_step(now, settings.max_refinement_steps)?;
        for (x, dx) in self.point.x.iter_mut().zip(&self.dx) {
            *x += dx;
        }
        for (w, dw) in self.residual.w.iter_mut().zip(&self.newton.dw) {
            *w += dw;
        }
        let residual = self.residual.evaluate(&self.program, cones, &self.point.x);
        self.point.s.copy_from_slice(&self.residual.s);
        self.point.z.copy_from_slice(&self.residual.z);
        Ok(residual)
    }

    fn take_steps(&mut self, cones: &[Cone], settings: &Settings) -> Result<Polished, &'static str> {
        self.residual.set_w(&self.point, 0.0);
        let before = self.residual.evaluate(&self.program, cones, &self.point.x);
        let mut polished = Polished {
            before,
            after: before,
            steps: 0,
        };
        while polished.steps < settings.max_polish_steps && polished.after > FLOOR {
            self.factor_at_residual(cones)?;
            self.find_step(polished.after, settings.max_refinement_steps)?;
            let Some(residual) = self.try_step(cones, polished.after) else {
                break;
            };
            let progress = residual / polished.after;
            polished.after = residual;
            polished.steps += 1;
            if progress > PROGRESS {
                break;
            }
        }
        Ok(polished)
    }

    /// The Newton step in `x` and `w = s − unit · z`, at a residual.
    fn find_step(&mut self, residual: f64, rounds: u32) -> Result<(), &'static str> {
        for (r1, dual) in self.dx.iter_mut().zip(&self.residual.dual) {
            *r1 = -dual;
        }
        for (r2, primal) in self.dz.iter_mut().zip(&self.residual.primal) {
            *r2 = -primal;
        }
        self.newton.dw.fill(0.0);
        self.solve((FLOOR / residual).clamp(STEP_PRECISION, ROUGH_STEP), rounds)?;
        self.program.add_ax(&self.dx, &mut self.newton.dw);
        let steps = self.newton.dw.iter_mut().zip(&self.residual.primal).zip(&self.dz);
        for ((dw, primal), dz) in steps {
            *dw = -primal - *dw - self.point.unit * dz;
        }
        Ok(())
    }

    /// Takes the longest of four steps that reduces the residual, and returns what it is then.
    fn try_step(&mut self, cones: &[Cone], best: f64) -> Option<f64> {
        let Self {
            program,
            point,
            residual,
            newton,
            dx,
            ..
        } = self;
        newton.w.copy_from_slice(&residual.w);
        for length in [1.0, 0.5, 0.25, 0.125] {
            for ((trial, x), dx) in newton.x.iter_mut().zip(&point.x).zip(&*dx) {
                *trial = x + length * dx;
            }
            for ((trial, w), dw) in residual.w.iter_mut().zip(&newton.w).zip(&newton.dw) {
                *trial = w + length * dw;
            }
            let now = residual.evaluate(program, cones, &newton.x);
            if now < best {
                point.x.copy_from_slice(&newton.x);
                point.s.copy_from_slice(&residual.s);
                point.z.copy_from_slice(&residual.z);
                return Some(now);
            }
        }
        None
    }
}

//! The scaling of Nesterov and Todd: a matrix `W` for each cone with `Wz = W⁻ᵀs = λ`, so that a step in `s` and one in
//! `z` are steps from one point.
//!
//! The products `s ∘ z` and what is linear in them are as in Vandenberghe, "The CVXOPT linear and quadratic cone program
//! solvers" (2010), sections 2 and 4. `WᵀW` has the same eigenvectors as a derivative of the projection, `h / (1 + h)` in
//! the place of each eigenvalue `h`, so that the steps solve the linear system of the derivative.

mod orthant;
mod second_order;
mod semidefinite;

use std::fmt;
use std::ops::Range;

use self::orthant::Orthant;
use self::second_order::SecondOrder;
use self::semidefinite::Semidefinite;
use crate::Cone;
use crate::kkt::Projection;
use crate::program::Structure;

/// A cone, or the orthants of all.
trait Scaled: fmt::Debug + Send + Sync {
    /// How many eigenvalues it has.
    fn degree(&self) -> usize;

    /// Their sum.
    fn trace(&self, entries: &[f64]) -> f64;

    /// The least of them, and the size of the largest.
    fn range(&mut self, entries: &[f64]) -> [f64; 2];

    /// Adds to all of them.
    fn shift(&self, by: f64, entries: &mut [f64]);

    /// Takes `h` for the scaling, of the rows or of all as one; leaves it in its place.
    fn relate(&mut self, h: &mut [f64], projection: &mut Projection);

    /// Takes the scaling of a pair; `None` where one is outside.
    fn scale(&mut self, iterate: Pair<'_>, unit: f64, projection: &mut Projection) -> Option<()>;

    /// How far the pair may go; keeps the steps, scaled.
    fn longest_step(&mut self, iterate: Pair<'_>, step: Pair<'_>) -> f64;

    /// What `ds + WᵀW dz` is to become, with the sign changed, so that `s ∘ z` becomes `target` but for `ds ∘ dz`, which is
    /// that of the steps kept.
    fn aim(&mut self, iterate: Pair<'_>, step: Pair<'_>, target: f64, aim: &mut [f64]);

    /// Takes `dz` from `ds` where it is lost in the rounding errors of the matrix: there where slacks are large.
    fn settle(&mut self, iterate: Pair<'_>, aim: &[f64], ds: &[f64], dz: &mut [f64], projection: &Projection);
}

/// Slacks and duals, or a step in both, of all rows.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) s: &'a [f64],
    pub(super) z: &'a [f64],
}

/// The scaling of all cones.
#[derive(Debug)]
pub(super) struct Scaling {
    cones: Vec<Box<dyn Scaled>>,
    /// The rows of them: all others are of equalities.
    pub(super) rows: Vec<Range<usize>>,
    /// The number of all eigenvalues.
    pub(super) degree: usize,
    /// The part of the way to the boundary that a step goes: as measured, in orthants nearly all of it, while close to the
    /// boundary of another cone the steps become short.
    pub(super) part: f64,
}

impl Scaling {
    /// Whether all cones have one.
    pub(super) fn exists(cones: &[Cone]) -> bool {
        cones
            .iter()
            .all(|cone| !matches!(cone, Cone::Exponential | Cone::Power(_)))
    }

    pub(super) fn new(structure: &Structure) -> Self {
        let mut cones: Vec<Box<dyn Scaled>> = Vec::new();
        let (mut orthant, mut all): (Vec<usize>, Vec<Range<usize>>) = Default::default();
        let (mut row, mut basis) = (0, 0);
        for cone in &structure.cones {
            let rows = row..row + cone.dim();
            row = rows.end;
            match *cone {
                Cone::Zero(_) => continue,
                Cone::SecondOrder(dim) if dim > 1 => cones.push(Box::new(SecondOrder::new(rows.clone()))),
                Cone::Semidefinite(order) if order > 1 => {
                    cones.push(Box::new(Semidefinite::new(order, rows.clone(), basis)));
                    basis += cone.basis();
                }
                _ => orthant.extend(rows.clone()),
            }
            match all.last_mut() {
                Some(last) if last.end == rows.start => last.end = rows.end,
                _ => all.push(rows),
            }
        }
        let part = if cones.is_empty() { 0.999 } else { 0.98 };
        if !orthant.is_empty() {
            cones.push(Box::new(Orthant::new(orthant)));
        }
        Self {
            degree: cones.iter().map(|cone| cone.degree()).sum(),
            cones,
            rows: all,
            part,
        }
    }

    pub(super) fn trace(&self, entries: &[f64]) -> f64 {
        self.cones.iter().map(|cone| cone.trace(entries)).sum()
    }

    /// Adds to all eigenvalues until the least of them is `part` of the largest, or of `one` where all are zero.
    pub(super) fn push_inside(&mut self, part: f64, one: f64, entries: &mut [f64]) {
        let (mut least, mut largest) = (f64::INFINITY, 0.0_f64);
        for cone in &mut self.cones {
            let [of_cone, size] = cone.range(entries);
            (least, largest) = (least.min(of_cone), largest.max(size));
        }
        let floor = part * if largest > 0.0 { largest } else { one };
        if least < floor {
            for cone in &self.cones {
                cone.shift(floor - least, entries);
            }
        }
    }

    pub(super) fn relate(&mut self, h: &mut [f64], projection: &mut Projection) {
        for cone in &mut self.cones {
            cone.relate(h, projection);
        }
    }

    pub(super) fn scale(&mut self, iterate: Pair<'_>, unit: f64, projection: &mut Projection) -> Option<()> {
        let mut cones = self.cones.iter_mut();
        cones.try_for_each(|cone| cone.scale(iterate, unit, projection))
    }

    pub(super) fn longest_step(&mut self, iterate: Pair<'_>, step: Pair<'_>) -> f64 {
        let steps = self.cones.iter_mut().map(|cone| cone.longest_step(iterate, step));
        steps.fold(f64::INFINITY, f64::min)
    }

    pub(super) fn aim(&mut self, iterate: Pair<'_>, step: Pair<'_>, target: f64, aim: &mut [f64]) {
        for cone in &mut self.cones {
            cone.aim(iterate, step, target, aim);
        }
    }

    pub(super) fn settle(
        &mut self,
        iterate: Pair<'_>,
        aim: &[f64],
        ds: &[f64],
        dz: &mut [f64],
        projection: &Projection,
    ) {
        for cone in &mut self.cones {
            cone.settle(iterate, aim, ds, dz, projection);
        }
    }
}

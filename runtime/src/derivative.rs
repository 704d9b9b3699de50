//! The derivative of a cone program's solution: one factorization, then vector–Jacobian and
//! Jacobian–vector products.

mod kinks;

use std::sync::Arc;

use crate::kkt::{
    CONSISTENT, Layout, MOST_PRECISE, NOISE, OF_DERIVATIVES, OF_STEPS, Projection, Regularizations, System,
};
use crate::point::{Point, Residual};
use crate::polish::{Newton, STUCK};
use crate::program::{Structure, columns};
use crate::vector::{dot, is_finite, norm_inf};
use crate::{Cone, Entries, EntriesMut, Matrix, Polish, Program, Settings};

/// How well a derivative satisfies its linear system, and what else is known of it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Accuracy {
    /// The residual of the linear system, relative to its right-hand side.
    pub residual: f64,
    /// Whether the system has a solution, at a point that is one of the problem.
    pub kind: Exactness,
    /// The residual of the optimality conditions at the point that is differentiated, as
    /// [`Solution::residual`](crate::Solution::residual): after a polish, and with
    /// [`Settings::smoothing`](crate::Settings::smoothing) that of the smoothed conditions.
    pub optimality: f64,
    /// Whether the system has one solution for every right-hand side; `None` for a derivative of the objective alone,
    /// which needs no system.
    ///
    /// Where it is `false`, the variables of the cone program or its dual variables are not unique, or not determined to
    /// first order: at a face of optima, at a vertex with more active constraints than variables, with redundant
    /// equalities. An [`Exact`](Exactness::Exact) gradient then holds along the directions whose tangent is exact, and
    /// along no others, and an exact tangent is one of many, that of least norm.
    ///
    /// It is told from one more linear system at each point, with a right-hand side of random numbers: one that no
    /// structure of the problem is orthogonal to. A singular value below about `1e-8` of the largest counts as zero.
    pub unique: Option<bool>,
    /// Rows of the orthant, eigenvalues of semidefinite cones, and other cones, whose slack and dual
    /// both vanish or where one vanishes and the other is on the boundary, up to what rounding errors make of them: there the
    /// solution has one-sided derivatives only, and an element of the generalized derivative is taken.
    pub kinks: usize,
}

impl Accuracy {
    /// Whether all says that this is the derivative, along every direction: it is exact, the system has one solution, and
    /// there are no kinks.
    ///
    /// `false` does not mean that the solution is not differentiable: constraints and auxiliary variables may be redundant
    /// where the variables are not. A derivative of the objective alone is never called one, as nothing looked.
    pub fn is_derivative(&self) -> bool {
        self.kind == Exactness::Exact && self.unique == Some(true) && self.kinks == 0
    }
}

/// Whether the linear system of a derivative has a solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exactness {
    /// It has one, found to a relative residual of at most `1e-9`; of many, the one of least norm:
    /// [`Accuracy::unique`] tells.
    Exact,
    /// It has one, but the point at which it is taken satisfies the optimality conditions to no more than
    /// [`Accuracy::optimality`], which is above `1e-9` (above `1e-6` for the objective alone): the constraints that are
    /// active may be other ones. It is so without a polish, and where a polish has failed.
    Approximate,
    /// It has none to that residual: the solution is not differentiable in this direction, and the
    /// answer is the least-squares one of least norm.
    LeastSquares,
}

/// A residual of the optimality conditions below which the gradient of the optimal value, which is continuous in it, is
/// good.
const GOOD_FOR_VALUE: f64 = 1e-6;

/// A matrix that differs by less may be solved with the factorization of its predecessor.
const SIMILAR: f64 = 1e-4;

/// The numbers of a tangent or a cotangent of a cone program.
#[derive(Debug)]
pub(crate) struct Numbers {
    p: Vec<f64>,
    q: Vec<f64>,
    a: Vec<f64>,
    b: Vec<f64>,
    r: f64,
}

impl Numbers {
    fn new(structure: &Structure) -> Self {
        let zero = |count| vec![0.0; count];
        Self {
            p: zero(structure.p.nnz()),
            q: zero(structure.columns()),
            a: zero(structure.a.nnz()),
            b: zero(structure.rows()),
            r: 0.0,
        }
    }

    pub(crate) fn entries(&self) -> Entries<'_> {
        Entries {
            p: &self.p,
            q: &self.q,
            a: &self.a,
            b: &self.b,
            r: self.r,
        }
    }

    /// All zero, to be added to.
    pub(crate) fn cleared(&mut self) -> EntriesMut<'_> {
        let Self { p, q, a, b, r } = self;
        p.fill(0.0);
        q.fill(0.0);
        a.fill(0.0);
        b.fill(0.0);
        *r = 0.0;
        EntriesMut { p, q, a, b, r }
    }
}

/// Everything that a derivative at one point needs, allocated once and used for one point after
/// another.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) program: Program,
    /// The point that is differentiated: the given one, or polished.
    pub(crate) point: Point,
    pub(crate) numbers: Numbers,
    /// The two right-hand sides, and then the two solutions, of the linear system.
    pub(crate) dx: Vec<f64>,
    pub(crate) dz: Vec<f64>,
    pub(crate) residual: Residual,
    pub(crate) newton: Newton,
    /// Where a polish began, and its best point so far.
    pub(crate) start: Point,
    pub(crate) best: Point,
    pub(crate) system: System,
    /// What `system` is factored at, while `factored`.
    held: Projection,
    held_unit: f64,
    factored: bool,
    /// The factorization is at `held`, and not at a similar one.
    is_exact: bool,
    s_noise: Vec<f64>,
    z_noise: f64,
    kinks: usize,
    ready: bool,
    /// The residual of the optimality conditions at `point`, once evaluated.
    optimality: Option<f64>,
    /// What a probe of the system at `point` has told.
    probed: Option<Option<f64>>,
}

impl Workspace {
    pub(crate) fn new(structure: &Arc<Structure>, layout: Arc<Layout>) -> Self {
        let rows = structure.rows();
        Self {
            program: structure.zero(),
            point: Point::zero(structure),
            numbers: Numbers::new(structure),
            dx: vec![0.0; structure.columns()],
            dz: vec![0.0; rows],
            residual: Residual::new(structure),
            newton: Newton::new(structure),
            start: Point::zero(structure),
            best: Point::zero(structure),
            system: System::new(structure, layout),
            held: Projection::new(structure),
            held_unit: 1.0,
            factored: false,
            is_exact: false,
            s_noise: vec![0.0; rows],
            z_noise: 0.0,
            kinks: 0,
            ready: false,
            optimality: None,
            probed: None,
        }
    }

    /// The point whose program and factorization this holds.
    pub(crate) fn id(&self) -> u64 {
        self.point.id
    }

    /// Takes a point of the program that has just been filled in.
    pub(crate) fn load(&mut self, point: &Point) {
        self.point.copy_from(point);
        self.forget(OF_DERIVATIVES);
    }

    /// Leaves the linear system to a solve; this is then of no point.
    pub(crate) fn lend(&mut self) {
        self.point.id = Point::NONE;
        self.system.projection.clear();
        self.forget(OF_STEPS);
    }

    pub(crate) fn forget(&mut self, next: Regularizations) {
        self.system.renew(next);
        self.ready = false;
        self.factored = false;
        self.optimality = None;
        self.probed = None;
    }

    /// Polishes where the settings and the residual ask for it, and factors.
    pub(crate) fn prepare(&mut self, cones: &[Cone], settings: &Settings) -> Result<(), &'static str> {
        if self.ready {
            return Ok(());
        }
        self.optimality = None;
        self.probed = None;
        if settings.smoothing > 0.0 {
            self.centre(cones, settings.smoothing, settings)?;
        } else if settings.polish == Polish::Derivative && self.point.polished.is_none() {
            self.polish(cones, settings)?;
        } else {
            self.measure_noise();
        }
        self.factor_at_point(cones, settings.smoothing)?;
        if settings.smoothing <= 0.0 {
            self.find_more_kinks(cones)?;
        }
        self.ready = true;
        Ok(())
    }

    /// Moves to the point that is differentiated, where only the optimal value is: a failed polish is no matter then.
    pub(crate) fn settle(&mut self, cones: &[Cone], settings: &Settings) -> Result<(), &'static str> {
        if settings.smoothing > 0.0 {
            return self.prepare(cones, settings);
        }
        if settings.polish == Polish::Derivative && self.point.polished.is_none() {
            let _ = self.prepare(cones, settings);
        }
        Ok(())
    }

    /// The residual of the optimality conditions at `point`.
    pub(crate) fn optimality(&mut self, cones: &[Cone], settings: &Settings) -> f64 {
        let polished = self.point.polished.filter(|_| settings.smoothing.max(0.0) == 0.0);
        if let Some(optimality) = self.optimality.or(polished) {
            return optimality;
        }
        self.residual.set_w(&self.point, settings.smoothing.max(0.0));
        let optimality = self.residual.evaluate(&self.program, cones, &self.point.x);
        self.optimality = Some(optimality);
        optimality
    }

    /// The size below which an entry of `s` is rounding error: that of the terms of its row. That of `z` is of the terms
    /// that it makes up for, where all of it may be rounding error.
    pub(crate) fn measure_noise(&mut self) {
        for (noise, b) in self.s_noise.iter_mut().zip(&self.program.b) {
            *noise = NOISE * b.abs();
        }
        for ((rows, values), x) in columns(&self.program.a).zip(&self.point.x) {
            for (row, value) in rows.iter().zip(values) {
                self.s_noise[*row as usize] += NOISE * (value * x).abs();
            }
        }
        let mut gradient = norm_inf(&self.program.q);
        for ((_, values), x) in columns(&self.program.p).zip(&self.point.x) {
            gradient = gradient.max(norm_inf(values) * x.abs());
        }
        let noise = NOISE * gradient / norm_inf(self.program.a.data());
        self.z_noise = if noise.is_finite() { noise } else { 0.0 };
    }

    /// Factors at `point`, unless the factorization at hand is that already.
    fn factor_at_point(&mut self, cones: &[Cone], smoothing: f64) -> Result<(), &'static str> {
        let Self {
            point,
            s_noise,
            z_noise,
            system,
            ..
        } = self;
        let smoothing = point.unit * smoothing.max(0.0);
        let (projection, scratch) = (&mut system.projection, &mut system.scratch);
        self.kinks = projection.set(
            cones, &point.s, &point.z, point.unit, smoothing, s_noise, *z_noise, scratch,
        );
        self.refactor(false)
    }

    /// Factors at the complementary pair of `residual`.
    pub(crate) fn factor_at_residual(&mut self, cones: &[Cone]) -> Result<(), &'static str> {
        let Self {
            point,
            residual,
            s_noise,
            z_noise,
            system,
            ..
        } = self;
        let (s, z, smoothing) = (&residual.s, &residual.z, residual.smoothing);
        let (projection, scratch) = (&mut system.projection, &mut system.scratch);
        self.kinks = projection.set(cones, s, z, point.unit, smoothing, s_noise, *z_noise, scratch);
        self.refactor(true)
    }

    /// Factors at the projection, or keeps a factorization at a similar one where `similar_may_do`: derivatives must not depend
    /// on what this held before, to the last digit.
    fn refactor(&mut self, similar_may_do: bool) -> Result<(), &'static str> {
        let (projection, unit) = (&self.system.projection, self.point.unit);
        let same_unit = self.factored && self.held_unit == unit;
        if same_unit && self.held == *projection && (similar_may_do || self.is_exact) {
            return Ok(());
        }
        let similar = similar_may_do && same_unit && self.held.distance(projection) < SIMILAR;
        self.factored = false;
        self.system.set(&self.program, unit, similar)?;
        self.held.copy_from(&self.system.projection);
        self.held_unit = unit;
        self.factored = true;
        self.is_exact = !similar;
        Ok(())
    }

    /// Solves the system for the right-hand sides in `dx` and `dz`, as [`System::solve`].
    pub(crate) fn solve(&mut self, precision: f64, rounds: u32) -> Result<f64, &'static str> {
        self.system.solve(
            &self.program,
            self.point.unit,
            [&mut self.dx, &mut self.dz],
            precision,
            rounds,
        )
    }

    /// From the cotangents in `dx` of `x` and in `dz` of `z`, and `weight` of the optimal value, to the cotangent of
    /// the program in `numbers`. The optimal value needs no linear system: its gradient is that of
    /// the Lagrangian.
    ///
    /// The map from `(r1, r2)` to `(dx, dz)` is symmetric, so that the adjoint solves the system of the tangent.
    pub(crate) fn vjp(&mut self, cones: &[Cone], settings: &Settings, weight: f64) -> Result<Accuracy, &'static str> {
        let residual = self.solve_precisely(settings)?;
        self.gather(weight);
        self.accuracy(residual, cones, settings)
    }

    /// The gradient of `weight` times the optimal value alone, at `point`: no linear system.
    pub(crate) fn envelope(&mut self, cones: &[Cone], settings: &Settings, weight: f64) -> Accuracy {
        self.dx.fill(0.0);
        self.dz.fill(0.0);
        self.gather(weight);
        let optimality = self.optimality(cones, settings);
        Accuracy {
            residual: 0.0,
            kind: if optimality <= GOOD_FOR_VALUE {
                Exactness::Exact
            } else {
                Exactness::Approximate
            },
            optimality,
            unique: None,
            kinks: 0,
        }
    }

    fn gather(&mut self, weight: f64) {
        let Self {
            program,
            point,
            numbers,
            dx,
            dz,
            ..
        } = self;
        let (x, z, lambda, nu) = (&point.x, &point.z, &*dx, &*dz);
        for ((q, lambda), x) in numbers.q.iter_mut().zip(lambda).zip(x) {
            *q = weight * x - lambda;
        }
        for ((b, nu), z) in numbers.b.iter_mut().zip(nu).zip(z) {
            *b = nu - weight * z;
        }
        each_place(&program.a, &mut numbers.a, |row, column, a| {
            *a = z[row] * (weight * x[column] - lambda[column]) - nu[row] * x[column];
        });
        each_place(&program.p, &mut numbers.p, |row, column, p| {
            let both = weight * x[row] * x[column] - lambda[row] * x[column] - x[row] * lambda[column];
            *p = if row == column { 0.5 * both } else { both };
        });
        numbers.r = weight;
    }

    /// From the tangent of the program in `numbers` to the tangents of `x` in `dx` and of `z` in `dz`.
    pub(crate) fn jvp(&mut self, cones: &[Cone], settings: &Settings) -> Result<Accuracy, &'static str> {
        let Self {
            program,
            point,
            numbers,
            dx,
            dz,
            ..
        } = self;
        for (r1, q) in dx.iter_mut().zip(&numbers.q) {
            *r1 = -q;
        }
        dz.copy_from_slice(&numbers.b);
        each_place(&program.p, &mut numbers.p, |row, column, p| {
            dx[row] -= *p * point.x[column];
            if row != column {
                dx[column] -= *p * point.x[row];
            }
        });
        each_place(&program.a, &mut numbers.a, |row, column, a| {
            dx[column] -= *a * point.z[row];
            dz[row] -= *a * point.x[column];
        });
        let residual = self.solve_precisely(settings)?;
        self.accuracy(residual, cones, settings)
    }

    /// Solves for a derivative.
    fn solve_precisely(&mut self, settings: &Settings) -> Result<f64, &'static str> {
        let precision = self.probe()?.unwrap_or(MOST_PRECISE);
        self.solve(precision, settings.max_refinement_steps)
    }

    /// How precisely the system at `point` is to be solved; `None` where it has more than one solution, or none.
    fn probe(&mut self) -> Result<Option<f64>, &'static str> {
        let probed = match self.probed {
            Some(probed) => probed,
            None => self.system.probe()?,
        };
        self.probed = Some(probed);
        Ok(probed)
    }

    /// The derivative of the optimal value along the tangent of the program in `numbers`.
    pub(crate) fn objective_jvp(&mut self) -> f64 {
        let Self {
            program,
            point,
            numbers,
            ..
        } = self;
        let (x, z) = (&point.x, &point.z);
        let mut value = numbers.r + dot(&numbers.q, x) - dot(&numbers.b, z);
        each_place(&program.p, &mut numbers.p, |row, column, p| {
            let weight = if row == column { 0.5 } else { 1.0 };
            value += weight * *p * x[row] * x[column];
        });
        each_place(&program.a, &mut numbers.a, |row, column, a| {
            value += z[row] * *a * x[column]
        });
        value
    }

    fn accuracy(&mut self, residual: f64, cones: &[Cone], settings: &Settings) -> Result<Accuracy, &'static str> {
        if !is_finite(&self.dx) || !is_finite(&self.dz) || !residual.is_finite() {
            return Err("the derivative overflows");
        }
        let optimality = self.optimality(cones, settings);
        let kind = if residual > CONSISTENT {
            Exactness::LeastSquares
        } else if optimality <= STUCK {
            Exactness::Exact
        } else {
            Exactness::Approximate
        };
        Ok(Accuracy {
            residual,
            kind,
            optimality,
            unique: Some(self.probe()?.is_some()),
            kinks: self.kinks,
        })
    }
}

/// Visits the places of a pattern together with the numbers stored for them elsewhere.
fn each_place(pattern: &Matrix, numbers: &mut [f64], mut visit: impl FnMut(usize, usize, &mut f64)) {
    let mut index = 0;
    for (column, (rows, _)) in columns(pattern).enumerate() {
        for row in rows {
            visit(*row as usize, column, &mut numbers[index]);
            index += 1;
        }
    }
}

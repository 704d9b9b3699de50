//! The derivative of a cone program's solution: one factorization, then vector–Jacobian and
//! Jacobian–vector products.

use std::sync::Arc;

use crate::cones::scratch;
use crate::kkt::{CONSISTENT, Factor, Layout, NOISE, PRECISE, Projection};
use crate::point::{Point, Residual};
use crate::polish::Newton;
use crate::program::{Structure, dot};
use crate::{Cone, Entries, EntriesMut, Matrix, Polish, Program, Settings};

/// How well a derivative satisfies its linear system.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Accuracy {
    /// The residual of the linear system, relative to its right-hand side.
    pub residual: f64,
    /// Whether the system has a solution.
    pub kind: Exactness,
    /// Rows of the orthant, eigenvalues of semidefinite cones, and other cones, whose slack and dual
    /// both vanish or where one vanishes and the other is on the boundary: there the solution has
    /// one-sided derivatives only, and an element of the generalized derivative is taken.
    pub kinks: usize,
}

/// Whether the linear system of a derivative has a solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exactness {
    /// It has one, found to a relative residual of at most `1e-9`; of many, the one of least norm.
    ///
    /// There are many where the dual variables are not unique, as at a vertex with more active constraints than
    /// variables. A gradient then holds along the directions whose tangent is exact, and along no others.
    Exact,
    /// It has none to that residual: the solution is not differentiable in this direction, and the
    /// answer is the least-squares one of least norm.
    LeastSquares,
}

/// A matrix that differs by less may be solved with the factorization of its predecessor.
const SIMILAR: f64 = 0.05;

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
    unknowns: Vec<f64>,
    pub(crate) residual: Residual,
    pub(crate) newton: Newton,
    /// Where a polish began, and its best point so far.
    pub(crate) start: Point,
    pub(crate) best: Point,
    layout: Arc<Layout>,
    factor: Factor,
    projection: Projection,
    /// What `factor` is a factorization at, while `factored`.
    held: Projection,
    held_unit: f64,
    factored: bool,
    s_noise: Vec<f64>,
    scratch: Vec<f64>,
    kinks: usize,
    ready: bool,
}

impl Workspace {
    pub(crate) fn new(structure: &Structure, layout: Arc<Layout>) -> Result<Self, &'static str> {
        let rows = structure.rows();
        Ok(Self {
            program: structure.zero(),
            point: Point::zero(structure),
            numbers: Numbers::new(structure),
            dx: vec![0.0; structure.columns()],
            dz: vec![0.0; rows],
            unknowns: vec![0.0; layout.size()],
            residual: Residual::new(structure),
            newton: Newton::new(structure),
            start: Point::zero(structure),
            best: Point::zero(structure),
            factor: Factor::new(Arc::clone(&layout))?,
            layout,
            projection: Projection::new(structure),
            held: Projection::new(structure),
            held_unit: 1.0,
            factored: false,
            s_noise: vec![0.0; rows],
            scratch: scratch(&structure.cones),
            kinks: 0,
            ready: false,
        })
    }

    /// The point whose program and factorization this holds.
    pub(crate) fn id(&self) -> u64 {
        self.point.id
    }

    /// Takes a point of the program that has just been filled in.
    pub(crate) fn load(&mut self, point: &Point) {
        self.point.copy_from(point);
        self.ready = false;
        self.factored = false;
    }

    /// Polishes where the settings and the residual ask for it, and factors.
    pub(crate) fn prepare(&mut self, cones: &[Cone], settings: &Settings) -> Result<(), &'static str> {
        if self.ready {
            return Ok(());
        }
        if settings.polish == Polish::Derivative && !self.point.polished {
            self.polish(cones, settings)?;
        }
        self.measure_noise();
        self.factor_at_point(cones)?;
        self.ready = true;
        Ok(())
    }

    /// The size below which an entry of `s` is rounding error: that of the terms of its row.
    pub(crate) fn measure_noise(&mut self) {
        for (noise, b) in self.s_noise.iter_mut().zip(&self.program.b) {
            *noise = NOISE * b.abs();
        }
        for (entries, x) in self.program.a.outer_iterator().zip(&self.point.x) {
            for (row, value) in entries.iter() {
                self.s_noise[row] += NOISE * (value * x).abs();
            }
        }
    }

    /// Factors at `point`, unless the factorization at hand is that already.
    fn factor_at_point(&mut self, cones: &[Cone]) -> Result<(), &'static str> {
        let Self {
            point,
            s_noise,
            projection,
            scratch,
            ..
        } = self;
        self.kinks = projection.set(cones, &point.s, &point.z, point.unit, s_noise, scratch);
        self.refactor()
    }

    /// Factors at the complementary pair of `residual`.
    pub(crate) fn factor_at_residual(&mut self, cones: &[Cone]) -> Result<(), &'static str> {
        let Self {
            point,
            residual,
            s_noise,
            projection,
            scratch,
            ..
        } = self;
        self.kinks = projection.set(cones, &residual.s, &residual.z, point.unit, s_noise, scratch);
        self.refactor()
    }

    fn refactor(&mut self) -> Result<(), &'static str> {
        if self.factored && self.held == self.projection && self.held_unit == self.point.unit {
            return Ok(());
        }
        let similar =
            self.factored && self.held_unit == self.point.unit && self.held.distance(&self.projection) < SIMILAR;
        self.factored = false;
        self.factor
            .set(&self.program, &self.projection, self.point.unit, similar)?;
        self.held.copy_from(&self.projection);
        self.held_unit = self.point.unit;
        self.factored = true;
        Ok(())
    }

    /// Solves `P dx + Aᵀdz = r1`, `A dx + ds = r2`, `ds` and `dz` tangent to complementarity. On
    /// entry `dx` and `dz` hold `r1` and `r2`. The transposed system is the same. Returns the
    /// relative residual.
    pub(crate) fn solve(&mut self, precision: f64, rounds: u32) -> Result<f64, &'static str> {
        let columns = self.dx.len();
        let constraints = columns..columns + self.dz.len();
        self.layout
            .apply_root(&self.projection, &mut self.dz, &mut self.scratch);
        for (unknown, r1) in self.unknowns.iter_mut().zip(&self.dx) {
            *unknown = self.point.unit * r1;
        }
        self.unknowns[constraints.clone()].copy_from_slice(&self.dz);
        self.unknowns[constraints.end..].fill(0.0);
        let residual = self.factor.solve(&mut self.unknowns, precision, rounds)?;
        self.dx.copy_from_slice(&self.unknowns[..columns]);
        self.dz.copy_from_slice(&self.unknowns[constraints]);
        self.layout
            .apply_root_back(&self.projection, &mut self.dz, &mut self.scratch);
        self.dz.iter_mut().for_each(|dz| *dz /= self.point.unit);
        Ok(residual)
    }

    /// From the cotangent in `dx` of `x`, and `weight` of the optimal value, to the cotangent of
    /// the program in `numbers`. The optimal value needs no linear system: its gradient is that of
    /// the Lagrangian.
    pub(crate) fn vjp(&mut self, rounds: u32, weight: f64) -> Result<Accuracy, &'static str> {
        self.dz.fill(0.0);
        let residual = self.solve(PRECISE, rounds)?;
        let accuracy = self.accuracy(residual)?;
        self.gather(weight);
        Ok(accuracy)
    }

    /// The gradient of `weight` times the optimal value alone: no factorization.
    pub(crate) fn envelope(&mut self, weight: f64) -> Accuracy {
        self.dx.fill(0.0);
        self.dz.fill(0.0);
        self.gather(weight);
        Accuracy {
            residual: 0.0,
            kind: Exactness::Exact,
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

    /// From the tangent of the program in `numbers` to the tangent of `x` in `dx`.
    pub(crate) fn jvp(&mut self, rounds: u32) -> Result<Accuracy, &'static str> {
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
        let residual = self.solve(PRECISE, rounds)?;
        self.accuracy(residual)
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

    fn accuracy(&self, residual: f64) -> Result<Accuracy, &'static str> {
        let finite = self.dx.iter().chain(&self.dz).all(|value| value.is_finite());
        if !finite || !residual.is_finite() {
            return Err("the derivative overflows");
        }
        let kind = if residual <= CONSISTENT {
            Exactness::Exact
        } else {
            Exactness::LeastSquares
        };
        Ok(Accuracy {
            residual,
            kind,
            kinks: self.kinks,
        })
    }
}

/// Visits the places of a pattern together with the numbers stored for them elsewhere.
fn each_place(pattern: &Matrix, numbers: &mut [f64], mut visit: impl FnMut(usize, usize, &mut f64)) {
    let mut index = 0;
    for (column, entries) in pattern.outer_iterator().enumerate() {
        for row in entries.indices() {
            visit(*row as usize, column, &mut numbers[index]);
            index += 1;
        }
    }
}

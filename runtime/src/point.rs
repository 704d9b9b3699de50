//! A primal-dual point of a cone program, and how far it is from optimal.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::cones::scratch;
use crate::program::{Structure, columns};
use crate::solver::Answer;
use crate::vector::norm_inf;
use crate::{Cone, Program};

/// `x`, the slacks `s` and the duals `z`.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    /// Tells points apart, of whatever problem.
    pub(crate) id: u64,
    pub(crate) x: Vec<f64>,
    pub(crate) s: Vec<f64>,
    pub(crate) z: Vec<f64>,
    /// The residual after a polish: further Newton steps would not help.
    pub(crate) polished: Option<f64>,
    /// The largest `|aᵢⱼ xⱼ|`.
    terms: f64,
    /// The sizes that slacks and slopes of the objective might have, where those at `x` are all nothing: of the curvature,
    /// and, without right-hand sides, of the size that `x` would have without constraints. A program without curvature is
    /// then in no units: its `x` is compared with one.
    sizes: [f64; 2],
    /// A power of two that makes `s` and `unit · z` of one size: in which units the objective is does
    /// not matter then to what is compared with what.
    pub(crate) unit: f64,
}

impl Point {
    pub(crate) fn zero(structure: &Structure) -> Self {
        let (columns, rows) = (structure.columns(), structure.rows());
        Self {
            id: Self::NONE,
            x: vec![0.0; columns],
            s: vec![0.0; rows],
            z: vec![0.0; rows],
            polished: None,
            terms: 0.0,
            sizes: [0.0; 2],
            unit: 1.0,
        }
    }

    /// The `id` of no point.
    pub(crate) const NONE: u64 = 0;

    pub(crate) fn fresh_id() -> u64 {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        NEXT.fetch_add(1, Ordering::Relaxed)
    }

    /// Takes the answer of a solver.
    pub(crate) fn set(&mut self, program: &Program, cones: &[Cone], answer: &Answer<'_>) {
        self.id = Self::fresh_id();
        self.polished = None;
        self.x.copy_from_slice(answer.x);
        self.s.copy_from_slice(answer.s);
        self.z.copy_from_slice(answer.z);
        self.terms = 0.0;
        for ((_, values), x) in columns(&program.a).zip(&self.x) {
            self.terms = self.terms.max(norm_inf(values) * x.abs());
        }
        self.set_sizes(program, cones);
    }

    /// Sets `sizes`, and `unit` to about `S / Z`, the sizes of slacks and of duals.
    ///
    /// Where all constraints are active `s` is no measure of `S`, and where none is `z` is none of `Z` (an interior point with a slack of `1e-4` has a dual of `1e-8`), so the
    /// terms of the data have a say in both: those of the rows, and those of the gradient of the objective.
    fn set_sizes(&mut self, program: &Program, cones: &[Cone]) {
        let [a, p] = [&program.a, &program.p].map(|matrix| norm_inf(matrix.data()));
        let (q, x) = (norm_inf(&program.q), norm_inf(&self.x));
        self.sizes = [0.0, p * x];
        if norm_inf(&program.b) == 0.0 {
            let x = x.max(if q == 0.0 || p == 0.0 { 1.0 } else { q / p });
            self.sizes = [a * x, p * x];
        }
        if q == 0.0 && p == 0.0 {
            self.unit = 1.0;
            return;
        }
        let (mut row, mut slacks, mut duals) = (0, self.terms.max(self.sizes[0]), 0.0_f64);
        for cone in cones {
            let rows = row..row + cone.dim();
            row = rows.end;
            if !matches!(cone, Cone::Zero(_)) {
                slacks = slacks
                    .max(norm_inf(&self.s[rows.clone()]))
                    .max(norm_inf(&program.b[rows.clone()]));
                duals = duals.max(norm_inf(&self.z[rows]));
            }
        }
        duals = duals.max(q / a).max(p * x / a);
        let ratio = slacks / duals;
        self.unit = if ratio > 0.0 && ratio.is_finite() {
            ratio.log2().round().clamp(-100.0, 100.0).exp2()
        } else {
            1.0
        };
    }

    pub(crate) fn copy_from(&mut self, other: &Point) {
        self.id = other.id;
        self.polished = other.polished;
        self.terms = other.terms;
        self.sizes = other.sizes;
        self.unit = other.unit;
        self.x.copy_from_slice(&other.x);
        self.s.copy_from_slice(&other.s);
        self.z.copy_from_slice(&other.z);
    }
}

/// Splits `w = s − z` cone by cone.
fn split(cones: &[Cone], w: &[f64], smoothing: f64, s: &mut [f64], z: &mut [f64], scratch: &mut [f64]) {
    let mut row = 0;
    for cone in cones {
        let rows = row..row + cone.dim();
        let (s, z) = (&mut s[rows.clone()], &mut z[rows.clone()]);
        cone.split_smoothly(&w[rows.clone()], smoothing, s, z, scratch);
        row = rows.end;
    }
}

/// The part of the size of a solver's point, and of the terms of its rows, to which that of the solution may shrink and
/// still count.
const FLOOR: f64 = 1e-3;

/// The residual of the optimality conditions in the variables `x` and `w = s − unit · z`:
/// `Px + q + Aᵀz = 0` and `Ax + s = b` with `s` the projection of `w`, or a smoothed one.
#[derive(Debug)]
pub(crate) struct Residual {
    pub(crate) w: Vec<f64>,
    pub(crate) s: Vec<f64>,
    pub(crate) z: Vec<f64>,
    pub(crate) dual: Vec<f64>,
    pub(crate) primal: Vec<f64>,
    unit: f64,
    /// The product of an entry of `s` and `unit · z`, as in [`crate::cones::Pair`].
    pub(crate) smoothing: f64,
    /// The least scales of the primal and of the dual residual: where everything is zero, rounding errors would else be
    /// measured by themselves. They are set at the first evaluation.
    floors: Option<[f64; 2]>,
    /// Those that the point tells of.
    sizes: [f64; 2],
    term: Vec<f64>,
    scratch: Vec<f64>,
}

impl Residual {
    pub(crate) fn new(structure: &Structure) -> Self {
        let (columns, rows) = (structure.columns(), structure.rows());
        Self {
            w: vec![0.0; rows],
            s: vec![0.0; rows],
            z: vec![0.0; rows],
            dual: vec![0.0; columns],
            primal: vec![0.0; rows],
            unit: 1.0,
            smoothing: 0.0,
            floors: None,
            sizes: [0.0; 2],
            term: vec![0.0; columns],
            scratch: scratch(&structure.cones),
        }
    }

    /// Sets `w` from a point whose `s` and `z` need not be complementary. With a `smoothing`, the products of their
    /// entries are to be that, and not zero.
    pub(crate) fn set_w(&mut self, point: &Point, smoothing: f64) {
        for ((w, s), z) in self.w.iter_mut().zip(&point.s).zip(&point.z) {
            *w = s - point.unit * z;
        }
        self.unit = point.unit;
        self.smoothing = point.unit * smoothing;
        self.floors = None;
        self.sizes = [point.terms.max(point.sizes[0]), point.sizes[1]];
    }

    /// Computes everything from `x` and `w`; returns the larger of the two residuals, each relative
    /// to the largest entry of its terms, and to a part of what these are at the point given to
    /// [`set_w`](Self::set_w), or might be.
    pub(crate) fn evaluate(&mut self, program: &Program, cones: &[Cone], x: &[f64]) -> f64 {
        split(
            cones,
            &self.w,
            self.smoothing,
            &mut self.s,
            &mut self.z,
            &mut self.scratch,
        );
        self.z.iter_mut().for_each(|z| *z /= self.unit);
        self.dual.fill(0.0);
        program.add_px(x, &mut self.dual);
        self.term.fill(0.0);
        program.add_atz(&self.z, &mut self.term);
        let mut dual_scale = norm_inf(&self.dual).max(norm_inf(&program.q)).max(norm_inf(&self.term));
        if !has_objective(program) {
            // All duals are zero but for rounding, which is no measure of itself.
            dual_scale = dual_scale.max(1.0);
        }
        for ((dual, q), term) in self.dual.iter_mut().zip(&program.q).zip(&self.term) {
            *dual += q + term;
        }
        self.primal.fill(0.0);
        program.add_ax(x, &mut self.primal);
        let primal_scale = norm_inf(&self.primal).max(norm_inf(&program.b)).max(norm_inf(&self.s));
        let [slack, slope] = self.sizes;
        let floors = [primal_scale.max(slack), dual_scale.max(slope)];
        let [floor, dual_floor] = *self.floors.get_or_insert(floors.map(|scale| FLOOR * scale));
        let (primal_scale, dual_scale) = (primal_scale.max(floor), dual_scale.max(dual_floor));
        for ((primal, b), s) in self.primal.iter_mut().zip(&program.b).zip(&self.s) {
            *primal += s - b;
        }
        relative(norm_inf(&self.dual), dual_scale).max(relative(norm_inf(&self.primal), primal_scale))
    }

    /// Whether a row is violated by its own terms at a point that has been evaluated: beside a bound that is far away its
    /// residual may be nothing.
    pub(crate) fn violates(&self, program: &Program, point: &Point, tolerance: f64) -> bool {
        let most = VIOLATION.max(VIOLATION_TOLERANCES * tolerance);
        let rows = self.primal.iter().zip(&self.s).zip(program.b.iter().zip(&point.s));
        let mut violated = rows.filter(|((primal, projected), (_, s))| (*primal - *projected + *s).abs() > most);
        violated.any(|((primal, projected), (b, s))| {
            let others = OTHER_TERMS * norm_inf(program.a.data()) * norm_inf(&point.x);
            (primal - projected + s).abs() > most * b.abs().max(s.abs()).max(others)
        })
    }
}

/// The part of the terms of a row by which it may be violated, whatever the solver says.
const VIOLATION: f64 = 1e-4;

/// The same in tolerances, where these are loose: a row that is small beside the others may miss them by as much.
const VIOLATION_TOLERANCES: f64 = 1e4;

/// The part of the terms that any row might have which counts as one of its own.
const OTHER_TERMS: f64 = 1e-2;

fn has_objective(program: &Program) -> bool {
    program.q.iter().chain(program.p.data()).any(|entry| *entry != 0.0)
}

fn relative(norm: f64, scale: f64) -> f64 {
    if norm == 0.0 { 0.0 } else { norm / scale }
}

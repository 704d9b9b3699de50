//! The solver Clarabel: one instance a problem, updated in place.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clarabel::algebra::{CscMatrix, SparseFormatError};
use clarabel::solver::{
    DefaultSettings, DefaultSolver, IPSolver, MatrixProblemDataUpdate, SolverStatus, SupportedConeT,
    VectorProblemDataUpdate,
};

use super::{Answer, Solver, Status, Verdict};
use crate::family::Reach;
use crate::program::norm_inf;
use crate::{Cone, Program, Settings};

/// The equilibration of the first program is kept for all later ones, so the last digits of an
/// answer depend on it. Where it fits a later program badly the solver may fail: then a fresh
/// instance answers that one program and is thrown away, and after a panic the instance is built
/// again from the first program. So an answer depends on the first program and on its own, and on
/// nothing in between.
#[derive(Default)]
pub(crate) struct Clarabel {
    instance: Option<Instance>,
    /// The program being solved, in its own units.
    program: Option<Program>,
    first: Option<Program>,
    /// Those of the program being solved.
    units: Option<Units>,
    /// The last fresh instance, kept only for as long as its answer is borrowed.
    fresh: Option<Instance>,
}

struct Instance {
    solver: DefaultSolver<f64>,
    settings: Settings,
    deadline: Arc<Deadline>,
}

impl std::fmt::Debug for Clarabel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clarabel")
            .field("built", &self.instance.is_some())
            .finish_non_exhaustive()
    }
}

impl Solver for Clarabel {
    fn solve(&mut self, program: &Program, changed: Reach, cones: &[Cone], settings: &Settings) -> Answer<'_> {
        let start = Instant::now();
        self.fresh = None;
        let units = Units::of(program);
        let scaled = self.program.get_or_insert_with(|| program.clone());
        let changed = if self.units == Some(units) && self.instance.is_some() {
            changed
        } else {
            Reach::ALL
        };
        self.units = Some(units);
        units.scale(program, changed, scaled);
        let first = self.first.get_or_insert_with(|| scaled.clone());
        let mut verdict = Verdict::Trouble("the solver refused the program");
        if self.instance.is_none() {
            self.instance = Instance::new(first, cones, settings);
        }
        if let Some(instance) = &mut self.instance {
            match instance.update_and_solve(scaled, changed, settings, start) {
                Some(ended) => verdict = ended,
                None => {
                    self.instance = None;
                    verdict = Verdict::Trouble("the solver panicked");
                }
            }
        }
        let doubtful = matches!(verdict, Verdict::Trouble(_) | Verdict::Optimal(Status::Inaccurate));
        if doubtful && first != scaled {
            self.fresh = Instance::new(scaled, cones, settings);
            let ended = self.fresh.as_mut().and_then(|fresh| fresh.solve(settings, start));
            match (verdict, ended) {
                (Verdict::Trouble(_), Some(Verdict::Trouble(_)) | None) => self.fresh = None,
                (Verdict::Trouble(_), Some(better)) => verdict = better,
                (_, Some(better @ Verdict::Optimal(Status::Solved))) => verdict = better,
                _ => self.fresh = None,
            }
        }
        match self.fresh.as_mut().or(self.instance.as_mut()) {
            Some(instance) => instance.answer(verdict, units),
            None => Answer {
                verdict,
                iterations: 0,
                x: &[],
                s: &[],
                z: &[],
            },
        }
    }
}

/// The units in which the solver sees a program. Its tolerances are absolute for everything below
/// one, so that a program of small numbers would be solved to no digits at all; a program of large
/// numbers is left as it is, because some of its terms may be small.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Units {
    /// What `x` and `s` are divided by.
    point: f64,
    /// What the objective is multiplied by.
    cost: f64,
}

impl Units {
    fn of(program: &Program) -> Self {
        let point = 1.0 / magnification(norm_inf(&program.b));
        let (p, q) = (norm_inf(program.p.data()), norm_inf(&program.q));
        Self {
            point,
            cost: magnification((point * p).max(q) * point),
        }
    }

    fn scale(self, from: &Program, changed: Reach, to: &mut Program) {
        let Self { point, cost } = self;
        if changed.p {
            copy_scaled(from.p.data(), to.p.data_mut(), cost * point * point);
        }
        if changed.q {
            copy_scaled(&from.q, &mut to.q, cost * point);
        }
        if changed.a {
            copy_scaled(from.a.data(), to.a.data_mut(), 1.0);
        }
        if changed.b {
            copy_scaled(&from.b, &mut to.b, 1.0 / point);
        }
    }
}

/// The power of two that takes a size below one to about one.
fn magnification(size: f64) -> f64 {
    if size > 0.0 && size < 1.0 {
        (-size.log2()).floor().min(500.0).exp2()
    } else {
        1.0
    }
}

fn copy_scaled(from: &[f64], to: &mut [f64], factor: f64) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = factor * from;
    }
}

impl Instance {
    fn new(program: &Program, cones: &[Cone], settings: &Settings) -> Option<Self> {
        let build = || {
            let cones: Vec<_> = cones.iter().map(|cone| native(*cone)).collect();
            let (p, a) = (csc(&program.p), csc(&program.a));
            DefaultSolver::new(&p, &program.q, &a, &program.b, &cones, native_settings(settings)).ok()
        };
        let mut solver = catch_unwind(AssertUnwindSafe(build)).ok()??;
        let deadline = Arc::new(Deadline::new());
        let watched = Arc::clone(&deadline);
        solver.set_termination_callback(move |_| watched.passed());
        Some(Self {
            solver,
            settings: *settings,
            deadline,
        })
    }

    /// `None` after a panic: the instance is then of no further use.
    fn update_and_solve(
        &mut self,
        program: &Program,
        changed: Reach,
        settings: &Settings,
        start: Instant,
    ) -> Option<Verdict> {
        if self.settings != *settings {
            self.solver.update_settings(native_settings(settings)).ok()?;
            self.settings = *settings;
        }
        let update = || {
            if changed.p {
                self.solver.update_P(&Values(program.p.data())).ok()?;
            }
            if changed.q {
                self.solver.update_q(&Values(&program.q)).ok()?;
            }
            if changed.a {
                self.solver.update_A(&Values(program.a.data())).ok()?;
            }
            if changed.b {
                self.solver.update_b(&Values(&program.b)).ok()?;
            }
            Some(())
        };
        catch_unwind(AssertUnwindSafe(update)).ok()??;
        self.solve(settings, start)
    }

    fn solve(&mut self, settings: &Settings, start: Instant) -> Option<Verdict> {
        self.deadline.set(start, settings.time_limit);
        catch_unwind(AssertUnwindSafe(|| self.solver.solve())).ok()?;
        Some(self.verdict())
    }

    fn verdict(&self) -> Verdict {
        let solution = &self.solver.solution;
        let finite = [&solution.x, &solution.s, &solution.z]
            .into_iter()
            .all(|vector| vector.iter().all(|value| value.is_finite()));
        match solution.status {
            _ if !finite => Verdict::Trouble("the solver's point is not finite"),
            SolverStatus::Solved => Verdict::Optimal(Status::Solved),
            SolverStatus::AlmostSolved => Verdict::Optimal(Status::Inaccurate),
            SolverStatus::PrimalInfeasible | SolverStatus::AlmostPrimalInfeasible => Verdict::Infeasible,
            SolverStatus::DualInfeasible | SolverStatus::AlmostDualInfeasible => Verdict::Unbounded,
            SolverStatus::MaxIterations => Verdict::IterationLimit,
            SolverStatus::MaxTime | SolverStatus::CallbackTerminated => Verdict::TimeLimit,
            SolverStatus::InsufficientProgress => Verdict::Trouble("the solver makes no progress"),
            SolverStatus::NumericalError | SolverStatus::Unsolved => {
                Verdict::Trouble("the solver's linear system is too ill-conditioned")
            }
        }
    }

    fn answer(&mut self, verdict: Verdict, units: Units) -> Answer<'_> {
        let solution = &mut self.solver.solution;
        solution.x.iter_mut().for_each(|x| *x *= units.point);
        solution.s.iter_mut().for_each(|s| *s *= units.point);
        let dual = 1.0 / (units.cost * units.point);
        solution.z.iter_mut().for_each(|z| *z *= dual);
        let iterations = solution.iterations;
        Answer {
            verdict,
            iterations,
            x: &solution.x,
            s: &solution.s,
            z: &solution.z,
        }
    }
}

fn native(cone: Cone) -> SupportedConeT<f64> {
    match cone {
        Cone::Zero(dim) => SupportedConeT::ZeroConeT(dim),
        Cone::Nonneg(dim) => SupportedConeT::NonnegativeConeT(dim),
        Cone::SecondOrder(dim) => SupportedConeT::SecondOrderConeT(dim),
        Cone::Exponential => SupportedConeT::ExponentialConeT(),
        Cone::Power(alpha) => SupportedConeT::PowerConeT(alpha),
        #[cfg(any(feature = "sdp", feature = "sdp-system"))]
        Cone::Semidefinite(order) => SupportedConeT::PSDTriangleConeT(order),
        // A problem with such a cone is not built. The rows have to be in some cone, though.
        #[cfg(not(any(feature = "sdp", feature = "sdp-system")))]
        Cone::Semidefinite(_) => SupportedConeT::ZeroConeT(cone.dim()),
    }
}

fn csc(matrix: &sprs::CsMat<f64>) -> CscMatrix<f64> {
    CscMatrix::new(
        matrix.rows(),
        matrix.cols(),
        matrix.indptr().raw_storage().to_vec(),
        matrix.indices().to_vec(),
        matrix.data().to_vec(),
    )
}

/// The in-place update is refused once presolve, the dropping of zeros or the decomposition of
/// semidefinite cones has changed the structure;
/// one thread, because parallelism is over problems; the solver's own clock counts the set-up too,
/// so it is not used.
fn native_settings(settings: &Settings) -> DefaultSettings<f64> {
    DefaultSettings {
        verbose: false,
        max_iter: settings.max_iterations,
        tol_gap_abs: settings.gap_tolerance,
        tol_gap_rel: settings.gap_tolerance,
        tol_feas: settings.feasibility_tolerance,
        presolve_enable: false,
        input_sparse_dropzeros: false,
        #[cfg(any(feature = "sdp", feature = "sdp-system"))]
        chordal_decomposition_enable: false,
        direct_solve_method: "qdldl".to_owned(),
        max_threads: 1,
        ..DefaultSettings::default()
    }
}

/// A point in time that the solver's callback can look at.
struct Deadline {
    origin: Instant,
    /// Nanoseconds after `origin`; `u64::MAX` is never.
    nanos: AtomicU64,
}

impl Deadline {
    fn new() -> Self {
        Self {
            origin: Instant::now(),
            nanos: AtomicU64::new(u64::MAX),
        }
    }

    fn set(&self, start: Instant, limit: Option<Duration>) {
        let deadline = limit.and_then(|limit| (start.saturating_duration_since(self.origin)).checked_add(limit));
        let nanos = deadline.and_then(|deadline| u64::try_from(deadline.as_nanos()).ok());
        self.nanos.store(nanos.unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn passed(&self) -> bool {
        let nanos = self.nanos.load(Ordering::Relaxed);
        nanos != u64::MAX && self.origin.elapsed().as_nanos() >= u128::from(nanos)
    }
}

/// New numbers for a matrix or a vector of the solver: a borrowed slice, which it does not take by
/// itself.
struct Values<'a>(&'a [f64]);

impl MatrixProblemDataUpdate<f64> for Values<'_> {
    fn update_matrix(
        &self,
        matrix: &mut CscMatrix<f64>,
        left: &[f64],
        right: &[f64],
        factor: Option<f64>,
    ) -> Result<(), SparseFormatError> {
        self.0.update_matrix(matrix, left, right, factor)
    }
}

impl VectorProblemDataUpdate<f64> for Values<'_> {
    fn update_vector(&self, vector: &mut [f64], scale: &[f64], factor: Option<f64>) -> Result<(), SparseFormatError> {
        self.0.update_vector(vector, scale, factor)
    }
}

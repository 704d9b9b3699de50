//! The solver Clarabel: one instance a problem, updated in place.

mod deadline;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use clarabel::algebra::{CscMatrix, MatrixMathMut, SparseFormatError, VectorMath};
use clarabel::solver::{
    DefaultEquilibrationData, DefaultSettings, DefaultSolver, IPSolver, MatrixProblemDataUpdate, SolverStatus,
    SupportedConeT, VectorProblemDataUpdate,
};

use self::deadline::Deadline;
use super::units::Units;
use super::{Answer, Solver, Status, Verdict, spread};
use crate::family::Reach;
use crate::program::Structure;
use crate::vector::is_finite;
use crate::{Cone, Matrix, Program, Settings};

/// The equilibration of the first program is kept for all later ones, so the last digits of an
/// answer depend on it. Where it fits a later program badly the solver may fail: then a fresh
/// instance answers that one program and is thrown away, and after a panic the instance is built
/// again with the equilibration of the first program, which is all that is kept of it. So an answer
/// depends on the first program and on its own, and on nothing in between.
#[derive(Default)]
pub(crate) struct Clarabel {
    instance: Option<Instance>,
    first: Option<Arc<Equilibration>>,
    /// The program being solved is the first one still.
    is_first: bool,
    /// Those of the program being solved.
    units: Option<Units>,
    /// The last fresh instance, kept only for as long as its answer is borrowed.
    fresh: Option<Instance>,
}

type Equilibration = DefaultEquilibrationData<f64>;

struct Instance {
    solver: DefaultSolver<f64>,
    settings: Settings,
    deadline: Arc<Deadline>,
    elimination: &'static str,
}

impl std::fmt::Debug for Clarabel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clarabel")
            .field("built", &self.instance.is_some())
            .finish_non_exhaustive()
    }
}

impl Solver for Clarabel {
    fn refer(&mut self, program: &Program, cones: &[Cone], settings: &Settings) {
        self.first.get_or_insert_with(|| {
            let instance = Instance::new(Units::of(program).scale(program), cones, settings);
            Arc::new(equilibration(instance.as_ref(), program))
        });
    }

    fn has_reference(&self) -> bool {
        self.first.is_some()
    }

    fn twin(&self) -> Self {
        Self {
            first: self.first.clone(),
            ..Self::default()
        }
    }

    fn solve(&mut self, program: &Program, changed: Reach, cones: &[Cone], settings: &Settings) -> Answer<'_> {
        let start = Instant::now();
        let changed = self.set_up(program, changed, cones, settings);
        self.run(program, changed, cones, settings, start)
    }
}

impl Clarabel {
    /// Has an instance and a first program; returns what the instance does not know of this one.
    fn set_up(&mut self, program: &Program, changed: Reach, cones: &[Cone], settings: &Settings) -> Reach {
        let units = Units::of(program);
        self.is_first = self.first.is_none() || (self.is_first && changed == Reach::default());
        let changed = if self.units == Some(units) && self.instance.is_some() {
            changed
        } else {
            Reach::ALL
        };
        self.units = Some(units);
        if self.instance.is_none() {
            self.instance = match &self.first {
                Some(first) => Instance::equilibrated(first, program, cones, settings),
                None => Instance::new(units.scale(program), cones, settings),
            };
        }
        self.first
            .get_or_insert_with(|| Arc::new(equilibration(self.instance.as_ref(), program)));
        changed
    }

    fn run(
        &mut self,
        program: &Program,
        changed: Reach,
        cones: &[Cone],
        settings: &Settings,
        start: Instant,
    ) -> Answer<'_> {
        self.fresh = None;
        let units = Units::of(program);
        let scaled = units.scale(program);
        let mut verdict = Verdict::Trouble("the solver refused the program");
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
        if doubtful && !self.is_first {
            self.fresh = Instance::new(scaled, cones, settings);
            let ended = self.fresh.as_mut().and_then(|fresh| fresh.solve(settings, start));
            match (verdict, ended) {
                (Verdict::Trouble(_), Some(Verdict::Trouble(_)) | None) => self.fresh = None,
                (Verdict::Trouble(_), Some(better)) => verdict = better,
                (_, Some(better @ Verdict::Optimal(Status::Solved))) => verdict = better,
                _ => self.fresh = None,
            }
        }
        if let Some(instance) = self.fresh.as_mut().or(self.instance.as_mut()) {
            instance.unscale(units);
        }
        self.answer(verdict)
    }

    /// Whether, near a solution of a program, its iterations are many: they are at the boundary of exponential and power
    /// cones.
    pub(crate) fn ends_slowly(structure: &Structure) -> bool {
        let mut cones = structure.cones.iter();
        cones.any(|cone| matches!(cone, Cone::Exponential | Cone::Power(_)))
    }

    /// Solves to a few digits, and begins again where that does not `finish`: to a solution of the residual returned.
    pub(crate) fn solve_early(
        &mut self,
        program: &Program,
        changed: Reach,
        cones: &[Cone],
        settings: &Settings,
        finish: impl FnOnce(&Answer<'_>) -> Option<f64>,
    ) -> Answer<'_> {
        let start = Instant::now();
        let changed = self.set_up(program, changed, cones, settings);
        if !self.is_even() {
            return self.run(program, changed, cones, settings, start);
        }
        let early = Settings {
            gap_tolerance: settings.gap_tolerance.max(EARLY),
            feasibility_tolerance: settings.feasibility_tolerance.max(EARLY),
            ..*settings
        };
        let answer = self.run(program, changed, cones, &early, start);
        let iterations = answer.iterations;
        let verdict = match answer.verdict {
            Verdict::Optimal(_) => finish(&answer).map(Verdict::Polished),
            ended => Some(ended),
        };
        if let Some(verdict) = verdict {
            return self.answer(verdict);
        }
        let answer = self.run(program, Reach::default(), cones, settings, start);
        Answer {
            iterations: iterations + answer.iterations,
            ..answer
        }
    }

    /// Whether the rows of the first program are about as large as each other.
    fn is_even(&self) -> bool {
        self.first.as_ref().is_some_and(|first| spread(&first.e) <= EVEN)
    }

    fn answer(&self, verdict: Verdict) -> Answer<'_> {
        match self.fresh.as_ref().or(self.instance.as_ref()) {
            Some(Instance { solver, .. }) => Answer {
                verdict,
                iterations: solver.solution.iterations,
                x: &solver.solution.x,
                s: &solver.solution.s,
                z: &solver.solution.z,
            },
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

impl Units {
    fn scale(self, program: &Program) -> Scaled<'_> {
        let Self { point, cost } = self;
        Scaled {
            program,
            p: cost * point * point,
            q: cost * point,
            a: 1.0,
            b: 1.0 / point,
        }
    }
}

/// A program, and the factors of its parts: the solver has its own copy, so there is no need of another.
#[derive(Clone, Copy)]
struct Scaled<'a> {
    program: &'a Program,
    p: f64,
    q: f64,
    a: f64,
    b: f64,
}

impl<'a> Scaled<'a> {
    fn zero(program: &'a Program) -> Self {
        Self {
            program,
            p: 0.0,
            q: 0.0,
            a: 0.0,
            b: 0.0,
        }
    }

    fn p(self) -> Values<'a> {
        Values(self.program.p.data(), self.p)
    }

    fn q(self) -> Values<'a> {
        Values(&self.program.q, self.q)
    }

    fn a(self) -> Values<'a> {
        Values(self.program.a.data(), self.a)
    }

    fn b(self) -> Values<'a> {
        Values(&self.program.b, self.b)
    }
}

/// The equilibration of an instance; none where it could not be built.
fn equilibration(instance: Option<&Instance>, program: &Program) -> Equilibration {
    match instance {
        Some(Instance { solver, .. }) => copy(&solver.data.equilibration),
        None => Equilibration::new(program.q.len(), program.b.len()),
    }
}

fn copy(of: &Equilibration) -> Equilibration {
    Equilibration {
        d: of.d.clone(),
        dinv: of.dinv.clone(),
        e: of.e.clone(),
        einv: of.einv.clone(),
        c: of.c,
    }
}

impl Instance {
    fn new(scaled: Scaled<'_>, cones: &[Cone], settings: &Settings) -> Option<Self> {
        let elimination = elimination(scaled.program);
        let build = || {
            let cones: Vec<_> = cones.iter().map(|cone| native(*cone)).collect();
            let p = csc(&scaled.program.p, scaled.p());
            let a = csc(&scaled.program.a, scaled.a());
            let (q, b) = (scaled.q().to_vec(), scaled.b().to_vec());
            DefaultSolver::new(&p, &q, &a, &b, &cones, native_settings(settings, elimination)).ok()
        };
        let mut solver = catch_unwind(AssertUnwindSafe(build)).ok()??;
        let deadline = Arc::new(Deadline::new());
        let watched = Arc::clone(&deadline);
        solver.set_termination_callback(move |_| watched.passed());
        Some(Self {
            solver,
            settings: *settings,
            deadline,
            elimination,
        })
    }

    /// An instance for programs of the pattern of this one, to be updated with all of a program: until then it is of
    /// zeros, so that nothing but the equilibration matters to later answers.
    fn equilibrated(like: &Equilibration, program: &Program, cones: &[Cone], settings: &Settings) -> Option<Self> {
        let mut instance = Self::new(Scaled::zero(program), cones, settings)?;
        instance.solver.data.equilibration = copy(like);
        Some(instance)
    }

    /// `None` after a panic: the instance is then of no further use.
    fn update_and_solve(
        &mut self,
        scaled: Scaled<'_>,
        changed: Reach,
        settings: &Settings,
        start: Instant,
    ) -> Option<Verdict> {
        if self.settings != *settings {
            let native = native_settings(settings, self.elimination);
            self.solver.update_settings(native).ok()?;
            self.settings = *settings;
        }
        let update = || {
            if changed.p {
                self.solver.update_P(&scaled.p()).ok()?;
            }
            if changed.q {
                self.solver.update_q(&scaled.q()).ok()?;
            }
            if changed.a {
                self.solver.update_A(&scaled.a()).ok()?;
            }
            if changed.b {
                self.solver.update_b(&scaled.b()).ok()?;
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
            .all(|vector| is_finite(vector));
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

    fn unscale(&mut self, units: Units) {
        let solution = &mut self.solver.solution;
        solution.x.iter_mut().for_each(|x| *x *= units.point);
        solution.s.iter_mut().for_each(|s| *s *= units.point);
        let dual = 1.0 / (units.cost * units.point);
        solution.z.iter_mut().for_each(|z| *z *= dual);
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

fn csc(pattern: &Matrix, values: Values<'_>) -> CscMatrix<f64> {
    let native = |indices: &[u32]| indices.iter().map(|index| *index as usize).collect();
    CscMatrix::new(
        pattern.rows(),
        pattern.cols(),
        native(pattern.indptr().raw_storage()),
        native(pattern.indices()),
        values.to_vec(),
    )
}

/// How the solver factors its matrix: by columns, or, where these fill in and have much in common, by blocks of them. The
/// solver's own choice counts operations; but where half of the matrix is there from the start, its columns are blocks of
/// one until the last of them, so that columns are faster (by a sixth, for 128 variables and as many inequalities).
fn elimination(program: &Program) -> &'static str {
    let size = program.q.len() + program.b.len();
    if 4 * (program.p.nnz() + program.a.nnz()) > size * size {
        "qdldl"
    } else {
        "auto"
    }
}

/// What a proof of infeasibility or unboundedness may miss. With the solver's own tolerance of `1e-8` an optimum at `1e6` is
/// called unbounded where the objective there is large; a proof that is there is found to all digits a few iterations
/// later.
const PROVED: f64 = 1e-13;

/// The tolerances from which Newton's steps lead to most solutions, but not where the rows are less even than that.
const EARLY: f64 = 1e-4;
const EVEN: f64 = 1e3;

/// The in-place update is refused once presolve, the dropping of zeros or the decomposition of
/// semidefinite cones has changed the structure;
/// one thread, because parallelism is over problems; the solver's own clock counts the set-up too,
/// so it is not used.
fn native_settings(settings: &Settings, elimination: &str) -> DefaultSettings<f64> {
    DefaultSettings {
        verbose: false,
        max_iter: settings.max_iterations,
        tol_gap_abs: settings.gap_tolerance,
        tol_gap_rel: settings.gap_tolerance,
        tol_feas: settings.feasibility_tolerance,
        tol_infeas_rel: PROVED,
        presolve_enable: false,
        input_sparse_dropzeros: false,
        #[cfg(any(feature = "sdp", feature = "sdp-system"))]
        chordal_decomposition_enable: false,
        direct_solve_method: elimination.to_owned(),
        max_threads: 1,
        ..DefaultSettings::default()
    }
}

/// New numbers for a matrix or a vector of the solver: a slice, and what to multiply it by.
#[derive(Clone, Copy)]
struct Values<'a>(&'a [f64], f64);

impl Values<'_> {
    fn to_vec(self) -> Vec<f64> {
        self.0.iter().map(|value| self.1 * value).collect()
    }

    fn copy_to(self, to: &mut [f64]) {
        for (to, value) in to.iter_mut().zip(self.0) {
            *to = self.1 * value;
        }
    }
}

impl MatrixProblemDataUpdate<f64> for Values<'_> {
    fn update_matrix(
        &self,
        matrix: &mut CscMatrix<f64>,
        left: &[f64],
        right: &[f64],
        factor: Option<f64>,
    ) -> Result<(), SparseFormatError> {
        self.copy_to(&mut matrix.nzval);
        matrix.lrscale(left, right);
        if let Some(factor) = factor {
            matrix.scale(factor);
        }
        Ok(())
    }
}

impl VectorProblemDataUpdate<f64> for Values<'_> {
    fn update_vector(&self, vector: &mut [f64], scale: &[f64], factor: Option<f64>) -> Result<(), SparseFormatError> {
        self.copy_to(vector);
        vector.hadamard(scale);
        if let Some(factor) = factor {
            vector.scale(factor);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;

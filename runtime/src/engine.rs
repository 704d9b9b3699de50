//! Everything of a problem that is the same for all families: not generic, so that users' crates do
//! not compile it.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::derivative::Workspace;
use crate::family::Reach;
use crate::kkt::Layout;
use crate::point::{Point, Residual};
use crate::polish::{ARRIVED, Finish};
use crate::program::Structure;
use crate::solver::{Answer, Clarabel, Interior, Solver, Verdict};
use crate::vector::{dot, is_finite, norm_inf};
use crate::{Certificate, Cone, Error, Method, Polish, Polished, Program, Ray, Settings, Status};

/// The structure of a problem and the workspaces of its derivatives, shared with its solutions.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) structure: Arc<Structure>,
    layout: OnceLock<Result<Arc<Layout>, &'static str>>,
    pool: Mutex<Vec<Workspace>>,
}

impl Core {
    pub(crate) fn new(structure: Structure) -> Self {
        Self {
            structure: Arc::new(structure),
            layout: OnceLock::new(),
            pool: Mutex::default(),
        }
    }

    /// Takes the workspace of a point from the pool, or one to be overwritten.
    pub(crate) fn acquire(&self, id: u64) -> Result<Workspace, &'static str> {
        let pooled = {
            let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
            let index = pool.iter().position(|workspace| workspace.id() == id).unwrap_or(0);
            (index < pool.len()).then(|| pool.remove(index))
        };
        if let Some(workspace) = pooled {
            return Ok(workspace);
        }
        Ok(Workspace::new(&self.structure, self.layout()?))
    }

    fn layout(&self) -> Result<Arc<Layout>, &'static str> {
        let layout = || Layout::new(&self.structure).map(Arc::new);
        self.layout.get_or_init(layout).clone()
    }

    /// Solves a filled program; a point to which a polish leads keeps its factorization for its derivatives.
    fn solve(
        &self,
        interior: &mut Interior,
        program: &Program,
        settings: &Settings,
        start: Instant,
        point: &mut Point,
    ) -> Option<Verdict> {
        let mut workspace = self.acquire(Point::NONE).ok()?;
        let verdict = interior.solve(program, &self.structure.cones, settings, start, &mut workspace);
        if let Some(Verdict::Polished(_)) = verdict {
            point.copy_from(&workspace.point);
        }
        self.release(workspace);
        verdict
    }

    /// Goes from an answer to a solution, and keeps the factorization for its derivatives.
    fn finish(&self, program: &Program, settings: &Settings, answer: &Answer<'_>, point: &mut Point) -> Option<()> {
        let mut workspace = self.acquire(Point::NONE).ok()?;
        let finish = workspace.finish(program, &self.structure.cones, settings, answer);
        let arrived = matches!(finish, Finish::Arrived(_));
        if arrived {
            point.copy_from(&workspace.point);
        }
        self.release(workspace);
        arrived.then_some(())
    }

    /// Polishes a point of a filled program, and keeps the factorization for its derivatives.
    pub(crate) fn polish(
        &self,
        program: &Program,
        settings: &Settings,
        point: &mut Point,
    ) -> Result<Polished, &'static str> {
        let mut workspace = self.acquire(point.id)?;
        workspace.program.copy_from(program);
        workspace.load(point);
        let polished = workspace.polish(&self.structure.cones, settings);
        if polished.is_ok() {
            point.copy_from(&workspace.point);
        }
        self.release(workspace);
        polished
    }

    pub(crate) fn release(&self, workspace: Workspace) {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner).push(workspace);
    }
}

/// How a program was solved.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Report {
    pub(crate) status: Status,
    pub(crate) iterations: u32,
    pub(crate) residual: f64,
    /// That of the program, which is minimized.
    pub(crate) objective: f64,
}

/// A program to be filled, and the solver of it.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) program: Program,
    solver: Clarabel,
    /// What solves programs over symmetric cones, once it is known whether these are some.
    interior: OnceLock<Option<Box<Interior>>>,
    /// What is new since `solver` has last seen the program.
    missed: Reach,
    /// What `interior` did not solve is for a solver of its own, so that the answer depends on nothing else.
    fallback: Option<Box<Clarabel>>,
    residual: Residual,
}

impl Engine {
    pub(crate) fn new(structure: &Structure) -> Self {
        Self {
            program: structure.zero(),
            solver: Clarabel::default(),
            interior: OnceLock::new(),
            missed: Reach::default(),
            fallback: None,
            residual: Residual::new(structure),
        }
    }

    /// Makes the filled program the one on which the last digits of all answers depend, unless there is one already.
    pub(crate) fn refer(&mut self, core: &Core, settings: &Settings) {
        if interior(&mut self.interior, core, settings).is_none() {
            self.solver.refer(&self.program, &core.structure.cones, settings);
        }
    }

    /// Whether there is a program on which the last digits of all answers depend, or none is needed.
    pub(crate) fn has_reference(&self, settings: &Settings) -> bool {
        let is_interior = || matches!(self.interior.get(), Some(Some(_)));
        self.solver.has_reference() || (settings.method == Method::Auto && is_interior())
    }

    /// Another engine, and with the same answers where there is such a program.
    pub(crate) fn twin(&self, structure: &Structure) -> Self {
        Self {
            solver: self.solver.twin(),
            ..Self::new(structure)
        }
    }

    /// Solves the filled program, of which `changed` is new since the last solve; the point is of use only on success.
    pub(crate) fn solve(
        &mut self,
        core: &Core,
        settings: &Settings,
        problem: &'static str,
        changed: Reach,
        point: &mut Point,
    ) -> Result<Report, Error> {
        let Self {
            program,
            solver,
            interior: cell,
            missed,
            fallback,
            residual,
        } = self;
        *missed = missed.or(changed);
        let start = Instant::now();
        let cones = &core.structure.cones;
        let answer = match interior(cell, core, settings) {
            None if ends_early(core, settings) => {
                solver.solve_early(program, std::mem::take(missed), cones, settings, |answer| {
                    core.finish(program, settings, answer, point)?;
                    let [residual, _] = verify(program, cones, point, residual, settings).ok()?;
                    Some(residual)
                })
            }
            None => solver.solve(program, std::mem::take(missed), cones, settings),
            Some(interior) => {
                *fallback = None;
                match core.solve(interior, program, settings, start, point) {
                    Some(verdict) => interior.answer(verdict),
                    None => fallback
                        .insert(Box::default())
                        .solve(program, Reach::ALL, cones, settings),
                }
            }
        };
        let iterations = answer.iterations;
        match answer.verdict {
            Verdict::Optimal(status) => {
                let mut attempt = |polishes| {
                    point.set(program, cones, &answer);
                    if polishes {
                        // Where it fails, the point is as it was.
                        let _ = core.polish(program, settings, point);
                    }
                    verify(program, cones, point, residual, settings)
                };
                let first = settings.polish == Polish::Solve;
                let mut checked = attempt(first);
                // A polish may help, or harm, a row that is small beside others.
                if checked.is_err() && settings.polish != Polish::Off {
                    checked = attempt(!first);
                }
                checked
                    .map(|[residual, objective]| Report {
                        status: if residual <= ARRIVED { Status::Solved } else { status },
                        iterations,
                        residual,
                        objective,
                    })
                    .map_err(|trouble| Error::Numerical { problem, trouble })
            }
            Verdict::Polished(residual) => {
                let objective = program.objective(&point.x);
                if objective.is_finite() {
                    Ok(Report {
                        status: Status::Solved,
                        iterations,
                        residual,
                        objective,
                    })
                } else {
                    Err(Error::Numerical {
                        problem,
                        trouble: OVERFLOW,
                    })
                }
            }
            Verdict::Trouble(trouble) if settings.polish == Polish::Off || !answer.is_finite() => {
                Err(Error::Numerical { problem, trouble })
            }
            Verdict::Trouble(trouble) => {
                // Where the solver stops short, Newton's method often takes the last steps.
                point.set(program, cones, &answer);
                let polished = core.polish(program, settings, point);
                let rescued = polished.and_then(|_| verify(program, cones, point, residual, settings));
                match rescued {
                    Ok([residual, objective]) if residual <= ARRIVED => Ok(Report {
                        status: Status::Solved,
                        iterations,
                        residual,
                        objective,
                    }),
                    _ => {
                        let proof = prove_infeasibility(program, cones, settings, start);
                        Err(infeasible(problem, proof, trouble))
                    }
                }
            }
            Verdict::Infeasible => {
                let proof =
                    certificate(program, answer.z).or_else(|| prove_infeasibility(program, cones, settings, start));
                Err(infeasible(
                    problem,
                    proof,
                    "the solver's proof of infeasibility is wrong",
                ))
            }
            Verdict::Unbounded => Err(match ray(program, cones, &answer) {
                Some(ray) => Error::Unbounded {
                    problem,
                    ray: Box::new(ray),
                },
                None => Error::Numerical {
                    problem,
                    trouble: "the solver's proof of unboundedness is wrong",
                },
            }),
            Verdict::IterationLimit => Err(Error::IterationLimit { problem, iterations }),
            Verdict::TimeLimit => Err(Error::TimeLimit { problem, iterations }),
        }
    }
}

/// The first method, where the programs are for it and the settings let it.
fn interior<'a>(
    cell: &'a mut OnceLock<Option<Box<Interior>>>,
    core: &Core,
    settings: &Settings,
) -> Option<&'a mut Interior> {
    if settings.method == Method::Clarabel {
        return None;
    }
    cell.get_or_init(|| {
        let suits = Interior::may_suit(&core.structure) && core.layout().is_ok();
        suits.then(|| Box::new(Interior::new(&core.structure)))
    });
    cell.get_mut()?.as_deref_mut()
}

const OVERFLOW: &str = "the objective overflows";

/// Whether Clarabel is to leave its last iterations to Newton's steps.
fn ends_early(core: &Core, settings: &Settings) -> bool {
    settings.method == Method::Auto
        && settings.polish != Polish::Off
        && Clarabel::ends_slowly(&core.structure)
        && Interior::has_few_unknowns(&core.structure)
}

/// The residual of a point in which no row is violated beside others that are far larger, and the objective there.
fn verify(
    program: &Program,
    cones: &[Cone],
    point: &Point,
    residual: &mut Residual,
    settings: &Settings,
) -> Result<[f64; 2], &'static str> {
    residual.set_w(point, 0.0);
    let norm = residual.evaluate(program, cones, &point.x);
    let objective = program.objective(&point.x);
    if !objective.is_finite() {
        return Err(OVERFLOW);
    }
    if residual.violates(program, point, settings.feasibility_tolerance) {
        return Err("a constraint is violated whose numbers are small beside others");
    }
    Ok([norm, objective])
}

/// What a proof may miss relative to the largest terms in it. The solver's own test is relative to
/// the size of its iterate, so that a distant optimum (`x ≤ 1e10`) can pass it.
const PROOF_TOLERANCE: f64 = 1e-5;

/// What is proved, or else the trouble.
fn infeasible(problem: &'static str, proof: Option<Certificate>, trouble: &'static str) -> Error {
    match proof {
        Some(certificate) => Error::Infeasible {
            problem,
            certificate: Box::new(certificate),
        },
        None => Error::Numerical { problem, trouble },
    }
}

/// A proof from the constraints alone: beside an objective the solver's may be too inexact.
fn prove_infeasibility(program: &Program, cones: &[Cone], settings: &Settings, start: Instant) -> Option<Certificate> {
    let left = |limit: Duration| limit.saturating_sub(start.elapsed());
    let settings = Settings {
        time_limit: settings.time_limit.map(left),
        ..*settings
    };
    let mut constraints = program.clone();
    constraints.p.data_mut().fill(0.0);
    constraints.q.fill(0.0);
    // With right-hand sides of one the solver's proofs are the most exact.
    let size = norm_inf(&program.b);
    constraints.b.iter_mut().for_each(|b| *b /= size);
    let mut solver = Clarabel::default();
    let answer = solver.solve(&constraints, Reach::ALL, cones, &settings);
    (answer.verdict == Verdict::Infeasible).then(|| certificate(program, answer.z))?
}

fn certificate(program: &Program, z: &[f64]) -> Option<Certificate> {
    let value = -dot(&program.b, z);
    let z: Vec<f64> = normalized(z, value)?;
    let mut residual = vec![0.0; program.q.len()];
    program.add_atz(&z, &mut residual);
    let residual = norm_inf(&residual);
    let scale = norm_inf(program.a.data()) * norm_inf(&z);
    (residual <= PROOF_TOLERANCE * scale).then_some(Certificate { z, residual })
}

fn ray(program: &Program, cones: &[Cone], answer: &Answer<'_>) -> Option<Ray> {
    let value = -dot(&program.q, answer.x);
    let x = normalized(answer.x, value)?;
    let mut s = normalized(answer.s, value)?;
    let mut curvature = vec![0.0; x.len()];
    program.add_px(&x, &mut curvature);
    let mut slack = vec![0.0; s.len()];
    program.add_ax(&x, &mut slack);
    let mut row = 0;
    for cone in cones {
        let rows = row..row + cone.dim();
        row = rows.end;
        if let Cone::Nonneg(_) = cone {
            // The best ones are known, and exact.
            for (s, ax) in s[rows.clone()].iter_mut().zip(&slack[rows]) {
                *s = (-ax).max(0.0);
            }
        }
    }
    slack.iter_mut().zip(&s).for_each(|(slack, s)| *slack += s);
    let (curvature, slack) = (norm_inf(&curvature), norm_inf(&slack));
    let size = norm_inf(&x);
    let proves = curvature <= PROOF_TOLERANCE * norm_inf(program.p.data()) * size
        && slack <= PROOF_TOLERANCE * norm_inf(program.a.data()) * size;
    proves.then(|| Ray {
        x,
        s,
        residual: curvature.max(slack),
    })
}

fn normalized(vector: &[f64], value: f64) -> Option<Vec<f64>> {
    let scaled: Vec<f64> = vector.iter().map(|entry| entry / value).collect();
    (value > 0.0 && is_finite(&scaled)).then_some(scaled)
}

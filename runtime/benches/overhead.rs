//! What a solve takes beside Clarabel: new parameters and `solve_into`, with Clarabel and with the method for quadratic
//! programs, against an instance of Clarabel that is given the same numbers.
#![allow(missing_docs, reason = "criterion's macros make public functions")]

mod families;
mod measure;

use std::time::Duration;

use clarabel::algebra::CscMatrix;
use clarabel::solver::{DefaultSettings, DefaultSolver, IPSolver, SupportedConeT};
use criterion::{Criterion, criterion_group, criterion_main};
use cvxlayers::{Cone, Family, Matrix, Method, Polish, Problem, Program, Settings, Solution};

use families::{Case, MPC_SIZES, dense_qp, mpc};
use measure::{Turns, laps, print, seconds, three};

/// The settings that a problem has for Clarabel.
fn native_settings() -> DefaultSettings<f64> {
    let ours = Settings::default();
    DefaultSettings {
        verbose: false,
        max_iter: ours.max_iterations,
        tol_gap_abs: ours.gap_tolerance,
        tol_gap_rel: ours.gap_tolerance,
        tol_feas: ours.feasibility_tolerance,
        presolve_enable: false,
        input_sparse_dropzeros: false,
        direct_solve_method: "qdldl".to_owned(),
        max_threads: 1,
        ..DefaultSettings::default()
    }
}

fn native(cone: &Cone) -> SupportedConeT<f64> {
    match *cone {
        Cone::Zero(dim) => SupportedConeT::ZeroConeT(dim),
        Cone::Nonneg(dim) => SupportedConeT::NonnegativeConeT(dim),
        _ => unreachable!("quadratic programs only"),
    }
}

fn csc(matrix: &Matrix) -> CscMatrix<f64> {
    let native = |indices: &[u32]| indices.iter().map(|index| *index as usize).collect();
    let (starts, rows) = (native(matrix.indptr().raw_storage()), native(matrix.indices()));
    CscMatrix::new(matrix.rows(), matrix.cols(), starts, rows, matrix.data().to_vec())
}

/// The numbers of a program, as Clarabel takes them.
struct Numbers {
    p: Vec<f64>,
    q: Vec<f64>,
    a: Vec<f64>,
    b: Vec<f64>,
}

impl Numbers {
    fn of(program: Program) -> Self {
        Self {
            p: program.p.data().to_vec(),
            q: program.q,
            a: program.a.data().to_vec(),
            b: program.b,
        }
    }
}

const SOLVE_INTO: usize = 0;
const CLARABEL: usize = 1;
const AUTO: usize = 2;
const STAGES: usize = 3;

/// Two points that take turns, so that each solve is of new numbers.
struct Race<F: Family, C> {
    problem: Problem<F, C>,
    params: Vec<F::Params>,
    solution: Solution<F>,
    auto: (Problem<F, C>, Solution<F>),
    clarabel: DefaultSolver<f64>,
    programs: Vec<Numbers>,
    lap: usize,
    turns: Turns<STAGES>,
}

impl<F: Family, C> Race<F, C> {
    fn new(case: &Case<F, C>) -> Self {
        let settings = Settings::default().with_polish(Polish::Off);
        let mut problem = case.problem(settings.with_method(Method::Clarabel));
        let mut auto = case.problem(Settings::default());
        let params = case.points(2);
        let program = |params| problem.program(params).expect("the parameters are in shape");
        let programs: Vec<Program> = params.iter().map(program).collect();
        let first = &programs[0];
        let cones: Vec<_> = problem.cones().iter().map(native).collect();
        let (p, a) = (csc(&first.p), csc(&first.a));
        let clarabel = DefaultSolver::new(&p, &first.q, &a, &first.b, &cones, native_settings());
        Self {
            solution: problem.solve(&params[0]).expect("each point is feasible"),
            auto: {
                let solution = auto.solve(&params[0]).expect("each point is feasible");
                (auto, solution)
            },
            problem,
            params,
            clarabel: clarabel.expect("the program is in shape"),
            programs: programs.into_iter().map(Numbers::of).collect(),
            lap: 0,
            turns: Turns::default(),
        }
    }

    fn lap(&mut self) -> Duration {
        self.lap += 1;
        let point = self.lap % self.params.len();
        let (params, program) = (&self.params[point], &self.programs[point]);
        let (problem, solution, clarabel) = (&mut self.problem, &mut self.solution, &mut self.clarabel);
        let ours = || problem.solve_into(params, solution).expect("each point is feasible");
        let theirs = || {
            clarabel.update_P(&program.p).expect("the pattern is kept");
            clarabel.update_q(&program.q).expect("the length is kept");
            clarabel.update_A(&program.a).expect("the pattern is kept");
            clarabel.update_b(&program.b).expect("the length is kept");
            clarabel.solve();
        };
        let (auto, auto_solution) = &mut self.auto;
        let by_auto = || auto.solve_into(params, auto_solution).expect("each point is feasible");
        // Who is second finds a warmer machine.
        let elapsed = if self.lap % 4 < 2 {
            self.turns.time(CLARABEL, 1, theirs);
            self.turns.time(SOLVE_INTO, 1, ours)
        } else {
            let elapsed = self.turns.time(SOLVE_INTO, 1, ours);
            self.turns.time(CLARABEL, 1, theirs);
            elapsed
        };
        self.turns.time(AUTO, 1, by_auto);
        elapsed
    }

    fn row(&self, name: String) -> Vec<String> {
        let [ours, theirs, auto] = self.turns.medians();
        let iterations = [self.solution.iterations, self.clarabel.solution.iterations];
        let difference = self.solution.cone_x().iter().zip(&self.clarabel.solution.x);
        let difference = difference.fold(0.0, |most: f64, (x, y)| most.max((x - y).abs()));
        vec![
            name,
            seconds(ours),
            seconds(theirs),
            three(ours / theirs),
            format!("{} / {}", iterations[0], iterations[1]),
            format!("{difference:.0e}"),
            seconds(auto),
            three(theirs / auto),
            self.auto.1.iterations.to_string(),
        ]
    }
}

fn time(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("overhead");
    group.warm_up_time(Duration::from_millis(500));
    let mut rows = Vec::new();
    let tiny = dense_qp(2, 2);
    let race = laps(&mut group, &tiny.to_string(), || Race::new(&tiny), Race::lap);
    rows.extend(race.map(|race| race.row(tiny.to_string())));
    for case in MPC_SIZES.map(mpc) {
        let race = laps(&mut group, &case.to_string(), || Race::new(&case), Race::lap);
        rows.extend(race.map(|race| race.row(case.to_string())));
    }
    group.finish();
    let head = [
        "family",
        "set + `solve_into`",
        "Clarabel",
        "ratio",
        "iterations",
        "difference of x",
        "as it comes",
        "times as fast",
        "iterations",
    ];
    print("What a solve takes beside the solver, medians:", &head, &rows);
}

criterion_group!(benches, time);
criterion_main!(benches);

//! What a derivative takes beside the solve before it: the first cotangent, with the polish and without, and a second.
#![allow(missing_docs, reason = "criterion's macros make public functions")]

mod families;
mod measure;

use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use cvxlayers::{Cotangent, Family, Polish, Problem, Settings, Solution};

use families::Case;
use measure::{Turns, laps, print, seconds, three};

const SOLVE: usize = 0;
const POLISHED: usize = 1;
const SECOND: usize = 2;
const PLAIN: usize = 3;
const SECOND_PLAIN: usize = 4;
const SOLVE_PLAIN: usize = 5;

/// The same problem with a polish before its derivative and without one; each lap is of new numbers.
struct Pair<F: Family, C> {
    problems: [Problem<F, C>; 2],
    solutions: [Solution<F>; 2],
    params: Vec<F::Params>,
    cotangents: Vec<F::Vars>,
    gradient: F::Params,
    lap: usize,
    turns: Turns<6>,
}

impl<F: Family, C> Pair<F, C> {
    fn new(case: &Case<F, C>) -> Self {
        let polish = [Polish::Derivative, Polish::Off];
        let mut problems = polish.map(|polish| case.problem(Settings::default().with_polish(polish)));
        let params = case.points(2);
        let solutions = problems
            .each_mut()
            .map(|problem| problem.solve(&params[0]).expect("each point is feasible"));
        Self {
            gradient: problems[0].zero_params(),
            problems,
            solutions,
            params,
            cotangents: case.cotangents(2),
            lap: 0,
            turns: Turns::default(),
        }
    }

    fn lap(&mut self) -> Duration {
        self.lap += 1;
        let params = &self.params[self.lap % self.params.len()];
        let mut first = Duration::ZERO;
        let stages = [[SOLVE, POLISHED, SECOND], [SOLVE_PLAIN, PLAIN, SECOND_PLAIN]];
        for (at, [solve, stages @ ..]) in stages.into_iter().enumerate() {
            let (problem, solution) = (&mut self.problems[at], &mut self.solutions[at]);
            self.turns.time(solve, 1, || {
                problem.solve_into(params, solution).expect("each point is feasible");
            });
            for (cotangent, stage) in self.cotangents.iter().zip(stages) {
                let gradient = &mut self.gradient;
                let vjp = || {
                    solution
                        .vjp_into(Cotangent::vars(cotangent), gradient)
                        .expect("the cotangent is in shape")
                };
                let elapsed = self.turns.time(stage, 1, vjp);
                if stage == POLISHED {
                    first = elapsed;
                }
            }
        }
        first
    }

    fn row(&self, name: String) -> Vec<String> {
        let times = self.turns.medians();
        let share = |[stage, solve]: [usize; 2]| three(times[stage] / times[solve]);
        let mut row = vec![name];
        row.extend([SOLVE, POLISHED, SECOND, SOLVE_PLAIN, PLAIN, SECOND_PLAIN].map(|stage| seconds(times[stage])));
        row.extend([[POLISHED, SOLVE], [SECOND, SOLVE], [PLAIN, SOLVE_PLAIN]].map(share));
        row
    }
}

/// The group, and the rows of the table.
struct Bench<'a> {
    group: BenchmarkGroup<'a, WallTime>,
    rows: Vec<Vec<String>>,
}

impl Bench<'_> {
    fn run<F: Family, C>(&mut self, case: &Case<F, C>) {
        let pair = laps(&mut self.group, &case.to_string(), || Pair::new(case), Pair::lap);
        self.rows.extend(pair.map(|pair| pair.row(case.to_string())));
    }
}

fn time(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("derivative");
    group.sample_size(20).warm_up_time(Duration::from_millis(500));
    let mut bench = Bench {
        group,
        rows: Vec::new(),
    };
    bench.run(&families::portfolio(100, 10));
    bench.run(&families::lasso(100, 50));
    for sizes in families::MPC_SIZES {
        bench.run(&families::mpc(sizes));
    }
    bench.run(&families::dense_qp(16, 16));
    bench.run(&families::dense_qp(128, 128));
    bench.run(&families::sparse_qp(1000, 500, 10));
    bench.run(&families::robust_ls(60, 30));
    bench.run(&families::robust_lp(20, 10));
    bench.run(&families::logistic(100, 20));
    bench.run(&families::entropy(50, 10));
    bench.run(&families::nearest_correlation(10));
    bench.run(&families::nearest_correlation(20));
    let Bench { group, rows } = bench;
    group.finish();
    let head = [
        "family",
        "solve",
        "first vjp",
        "second",
        "solve, not polished",
        "first vjp",
        "second",
        "first / solve",
        "second / solve",
        "first / solve, not polished",
    ];
    print("What a derivative takes, medians:", &head, &rows);
}

criterion_group!(benches, time);
criterion_main!(benches);

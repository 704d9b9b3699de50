//! How batches grow with threads: a loop over `solve` and `vjp`, and `solve_batch` and `vjp_batch` on pools of threads.
#![allow(missing_docs, reason = "criterion's macros make public functions")]

mod families;
mod measure;

use std::sync::Arc;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use cvxlayers::{Cotangent, Family, Problem, Settings, Solution};
use rayon::{ThreadPool, ThreadPoolBuilder};

use families::Case;
use measure::{Turns, laps, print, seconds, three};

const THREADS: [usize; 2] = [1, 2];

/// A loop, and each pool; of each the solves and the derivatives.
const STAGES: usize = 2 * (1 + THREADS.len());

struct Race<F: Family, C> {
    problem: Problem<F, C>,
    params: Vec<Arc<F::Params>>,
    cotangents: Vec<F::Vars>,
    pools: [ThreadPool; THREADS.len()],
    turns: Turns<STAGES>,
}

impl<F: Family, C> Race<F, C> {
    fn new(case: &Case<F, C>, batch: usize) -> Self {
        let pool = |threads| ThreadPoolBuilder::new().num_threads(threads).build();
        Self {
            problem: case.problem(Settings::default()),
            params: case.points(batch).into_iter().map(Arc::new).collect(),
            cotangents: case.cotangents(batch),
            pools: THREADS.map(|threads| pool(threads).expect("there are threads")),
            turns: Turns::default(),
        }
    }

    fn lap(&mut self) -> Duration {
        let Self {
            problem,
            params,
            cotangents,
            pools,
            turns,
        } = self;
        let mut solutions = Vec::new();
        let mut elapsed = turns.time(0, 1, || {
            let solve = |params: &Arc<F::Params>| problem.solve(params).expect("each point is feasible");
            solutions = params.iter().map(solve).collect();
        });
        turns.time(1, 1, || {
            let pairs = solutions.iter().zip(&*cotangents);
            let vjp = |(solution, cotangent): (&Solution<F>, _)| solution.vjp(Cotangent::vars(cotangent));
            let gradients: Result<Vec<_>, _> = pairs.map(vjp).collect();
            gradients.expect("the cotangents are in shape")
        });
        for (at, pool) in pools.iter().enumerate() {
            elapsed = turns.time(2 * at + 2, 1, || {
                let solved: Result<Vec<_>, _> = pool.install(|| problem.solve_batch(params)).into_iter().collect();
                solutions = solved.expect("each point is feasible");
            });
            turns.time(2 * at + 3, 1, || {
                let vjp = || Solution::vjp_batch(&solutions, cotangents.iter().map(Cotangent::vars));
                let gradients: Result<Vec<_>, _> = pool.install(vjp).into_iter().collect();
                gradients.expect("the cotangents are in shape")
            });
        }
        elapsed
    }

    /// Of the solves, or of the derivatives.
    fn row(&self, name: String, what: &str, first: usize) -> Vec<String> {
        let times = self.turns.medians();
        let [one, one_thread, threads] = [0, 2, 4].map(|stage| times[first + stage]);
        let mut row = vec![name, self.params.len().to_string(), what.to_owned()];
        row.extend([one, one_thread, threads].map(seconds));
        row.extend([one_thread / one, one_thread / threads].map(three));
        row
    }
}

struct Bench<'a> {
    group: BenchmarkGroup<'a, WallTime>,
    rows: Vec<Vec<String>>,
}

impl Bench<'_> {
    fn run<F: Family, C>(&mut self, case: &Case<F, C>, batch: usize) {
        let name = case.to_string();
        if let Some(race) = laps(&mut self.group, &name, || Race::new(case, batch), Race::lap) {
            self.rows.push(race.row(name.clone(), "solves", 0));
            self.rows.push(race.row(name, "vjps", 1));
        }
    }
}

fn time(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("batch");
    group.sample_size(10).warm_up_time(Duration::from_millis(500));
    let mut bench = Bench {
        group,
        rows: Vec::new(),
    };
    bench.run(&families::dense_qp(16, 16), 128);
    bench.run(&families::dense_qp(128, 128), 8);
    bench.run(&families::portfolio(100, 10), 64);
    bench.run(&families::mpc([4, 2, 20]), 64);
    bench.run(&families::mpc([12, 4, 20]), 16);
    let Bench { group, rows } = bench;
    group.finish();
    let head = [
        "family",
        "batch",
        "",
        "loop",
        "1 thread",
        "2 threads",
        "1 thread / loop",
        "1 thread / 2 threads",
    ];
    print("How batches grow with threads, medians:", &head, &rows);
}

criterion_group!(benches, time);
criterion_main!(benches);

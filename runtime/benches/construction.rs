//! What it takes to construct a problem with a dense parameter, to set its solver up, and to take the first derivative.
#![allow(missing_docs, reason = "criterion's macros make public functions")]

use std::time::Duration;

use allocation_counter::measure;
use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use cvxlayers::nalgebra::{DMatrix, DVector};
use cvxlayers::{Cotangent, Error, cvx};

cvx! {
    problem Dense(m, n) {
        param a: [m, n];
        param b: [m];
        var x: [n];
        minimize sum_squares(x);
        subject_to { a * x <= b; }
    }
}

const SIZES: [usize; 3] = [100, 300, 1000];

fn params(n: usize) -> DenseParams {
    let entry = |i: usize, j: usize| (0.7 * ((i + 1) * (j + 3)) as f64).sin();
    DenseParams {
        a: DMatrix::from_fn(n, n, |i, j| entry(i, j) + if i == j { 2.0 } else { 0.0 }),
        b: DVector::from_fn(n, |i, _| entry(i, n)),
    }
}

fn new(n: usize) -> Dense {
    Dense::new(DenseDims { m: n, n }).expect("the dimensions are positive")
}

fn solve(problem: &mut Dense, params: &DenseParams) -> DenseSolution {
    problem
        .solve(params)
        .expect("a has an inverse, so ax = b - 1 is feasible")
}

/// Fills a program and updates the solver, which makes its first factorization and stops: at the first call it is built
/// before that.
fn stop_at_once(problem: &mut Dense, params: &DenseParams) {
    problem.settings_mut().max_iterations = 0;
    let outcome = problem.solve(params);
    assert!(matches!(outcome, Err(Error::IterationLimit { .. })));
}

fn vjp(solution: &DenseSolution, cotangent: &DenseVars) -> DenseParams {
    solution
        .vjp(Cotangent::vars(cotangent))
        .expect("the cotangent has the right shape")
}

fn time(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("construction");
    group.sample_size(10).warm_up_time(Duration::from_millis(500));
    for n in SIZES {
        let params = params(n);
        let cotangent = DenseVars {
            x: DVector::from_element(n, 1.0),
        };
        let once = BatchSize::PerIteration;
        group.bench_function(BenchmarkId::new("new", n), |bencher| bencher.iter(|| new(n)));
        group.bench_function(BenchmarkId::new("setup", n), |bencher| {
            bencher.iter_batched_ref(|| new(n), |problem| stop_at_once(problem, &params), once);
        });
        let mut problem = new(n);
        group.bench_function(BenchmarkId::new("refill", n), |bencher| {
            bencher.iter(|| stop_at_once(&mut problem, &params));
        });
        let solved = || solve(&mut new(n), &params);
        group.bench_function(BenchmarkId::new("first-vjp", n), |bencher| {
            bencher.iter_batched_ref(solved, |solution| vjp(solution, &cotangent), once);
        });
        let solution = solved();
        group.bench_function(BenchmarkId::new("later-vjp", n), |bencher| {
            bencher.iter(|| vjp(&solution, &cotangent));
        });
    }
    group.finish();
}

/// Bytes, relative to those of the parameters: held afterwards, and at the peak.
fn memory(_: &mut Criterion) {
    for n in SIZES {
        let params = params(n);
        let cotangent = DenseVars {
            x: DVector::from_element(n, 1.0),
        };
        let data = (size_of::<f64>() * (n * n + n)) as f64;
        let print = |what: &str, held: i64, peak: u64| {
            let (held, peak) = (held as f64 / data, peak as f64 / data);
            eprintln!("memory/{what}/{n}: holds {held:.2} times the data, {peak:.2} at its peak");
        };
        let (mut problem, mut solution) = (None, None);
        let counted = measure(|| problem = Some(new(n)));
        print("new", counted.bytes_current, counted.bytes_max);
        let mut problem = problem.expect("it has run");
        let counted = measure(|| solution = Some(solve(&mut problem, &params)));
        print("first solve", counted.bytes_current, counted.bytes_max);
        let solution = solution.expect("it has run");
        let counted = measure(|| drop(vjp(&solution, &cotangent)));
        print("first vjp", counted.bytes_current, counted.bytes_max);
    }
}

criterion_group!(benches, memory, time);
criterion_main!(benches);

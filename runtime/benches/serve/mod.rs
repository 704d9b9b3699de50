//! A family on standard input and output.

use std::fs::{self, File};
use std::io::{BufWriter, Write, stdin, stdout};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cvxlayers::{Cotangent, Family, Method, Polish, Record, Settings, Solution};
use rayon::ThreadPoolBuilder;
use serde_json::{Map, Value, json};

use crate::families::Case;

pub struct Request {
    pub batch: usize,
    pub threads: usize,
    pub file: PathBuf,
}

pub fn serve<F: Family, C>(case: &Case<F, C>, request: &Request) {
    let mut params = case.points(request.batch + 1);
    let other = params.split_off(request.batch);
    let cotangents = case.cotangents(request.batch);
    write(case, &params, &other, &cotangents, request);
    let mut problem = case.problem(Settings::default());
    if let ([params], [cotangent]) = (&params[..], &cotangents[..]) {
        let mut solution = problem.solve(params).expect(FEASIBLE);
        let mut gradient = problem.zero_params();
        answer(|| {
            // So that the next one is of new numbers.
            problem.solve(&other[0]).expect(FEASIBLE);
            let start = Instant::now();
            problem.solve_into(params, &mut solution).expect(FEASIBLE);
            let middle = Instant::now();
            let cotangent = Cotangent::vars(cotangent);
            solution.vjp_into(cotangent, &mut gradient).expect(SHAPE);
            [middle - start, middle.elapsed()]
        });
        return;
    }
    let pool = ThreadPoolBuilder::new().num_threads(request.threads).build();
    let pool = pool.expect("there are threads");
    let params: Vec<_> = params.into_iter().map(Arc::new).collect();
    answer(|| {
        let start = Instant::now();
        let results = pool.install(|| problem.solve_batch(&params));
        let solutions: Result<Vec<_>, _> = results.into_iter().collect();
        let solutions = solutions.expect(FEASIBLE);
        let middle = Instant::now();
        let cotangents = cotangents.iter().map(Cotangent::vars);
        let gradients = pool.install(|| Solution::vjp_batch(&solutions, cotangents));
        let elapsed = middle.elapsed();
        assert!(gradients.iter().all(Result::is_ok), "{SHAPE}");
        [middle - start, elapsed]
    });
}

const FEASIBLE: &str = "each point is feasible";
const SHAPE: &str = "the cotangent is in shape";

/// Answers each count with as many forward and backward passes.
fn answer(mut run: impl FnMut() -> [Duration; 2]) {
    let mut out = stdout();
    for line in stdin().lines() {
        let line = line.expect("standard input is text");
        let repetitions: u32 = line.trim().parse().expect("each line is a number");
        let times: Vec<_> = (0..repetitions).map(|_| run().map(|time| time.as_secs_f64())).collect();
        let pass = |at: usize| times.iter().map(|pass| pass[at]).collect::<Vec<_>>();
        writeln!(out, "{}", json!({ "forward": pass(0), "backward": pass(1) })).expect("someone reads");
        out.flush().expect("someone reads");
    }
}

/// What the peers are given, and what they are held against. A batch of one has what the first of any batch has.
fn write<F: Family, C>(
    case: &Case<F, C>,
    params: &[F::Params],
    other: &[F::Params],
    cotangents: &[F::Vars],
    request: &Request,
) {
    // By another way than ours.
    let clarabel = Settings::default().with_method(Method::Clarabel);
    let tight = clarabel.with_gap_tolerance(1e-11).with_polish(Polish::Solve);
    let mut reference = case.problem(tight);
    let mut ours = case.problem(Settings::default());
    let (mut exact, mut plain) = (Vec::new(), Vec::new());
    for (params, cotangent) in params.iter().zip(cotangents) {
        for (problem, results) in [(&mut reference, &mut exact), (&mut ours, &mut plain)] {
            let solution = problem.solve(params).expect(FEASIBLE);
            let gradient = solution.vjp(Cotangent::vars(cotangent)).expect(SHAPE);
            results.push((solution.vars, gradient));
        }
    }
    let sizes: Map<String, Value> = case
        .sizes
        .iter()
        .map(|(name, n)| ((*name).to_owned(), json!(n)))
        .collect();
    let results = |results: &[(F::Vars, F::Params)]| {
        json!({
            "vars": record(results.iter().map(|(vars, _)| vars)),
            "gradient": record(results.iter().map(|(_, gradient)| gradient)),
        })
    };
    let value = json!({
        "name": case.to_string(),
        "family": case.name,
        "sizes": sizes,
        "batch": request.batch,
        "params": record(params.iter()),
        "other": record(other.iter()),
        "data": record([reference.data()].into_iter()),
        "cotangent": record(cotangents.iter()),
        "reference": results(&exact),
        "ours": results(&plain),
    });
    if let Some(folder) = request.file.parent() {
        fs::create_dir_all(folder).expect("the folder can be made");
    }
    let mut file = BufWriter::new(File::create(&request.file).expect("the file can be made"));
    serde_json::to_writer(&mut file, &value).expect("the file can be written");
    file.flush().expect("the file can be written");
}

/// The fields of several records of one shape, each by columns; of a sparse one the entries of its pattern.
fn record<'a, R: Record>(records: impl Iterator<Item = &'a R> + Clone) -> Value {
    let field = |(field, name): (usize, &&str)| {
        let first = records.clone().next()?;
        let mut value = json!({
            "shape": first.shape(field),
            "entries": records.clone().map(|record| record.entries(field)).collect::<Vec<_>>(),
        });
        if let Some(pattern) = first.pattern(field) {
            value["places"] = pattern.iter().map(|(_, (row, column))| json!([row, column])).collect();
        }
        Some(((*name).to_owned(), value))
    };
    R::NAMES
        .iter()
        .enumerate()
        .filter_map(field)
        .collect::<Map<_, _>>()
        .into()
}

//! A family on standard input and output.

use std::fs::{self, File};
use std::io::{BufWriter, Write, stdin, stdout};
use std::path::PathBuf;
use std::time::Instant;

use cvxlayers::{Cotangent, Family, Polish, Problem, Record, Settings, Solution};
use serde_json::{Map, Value, json};

use crate::families::Case;

pub struct Request {
    pub batch: usize,
    pub threads: usize,
    pub file: PathBuf,
}

pub fn serve<F: Family, C: Send>(case: &Case<F, C>, request: &Request) {
    let mut params = case.points(request.batch + 1);
    let other = params.split_off(request.batch);
    let cotangents = case.cotangents(request.batch);
    write(case, &params, &other, &cotangents, request);
    // A problem and a share of the batch for each thread.
    let share = request.batch.div_ceil(request.threads);
    let mut workers: Vec<Worker<'_, F, C>> = params
        .chunks(share)
        .zip(cotangents.chunks(share))
        .map(|(params, cotangents)| Worker::new(case, params, &other[0], cotangents))
        .collect();
    let mut line = String::new();
    loop {
        line.clear();
        if stdin().read_line(&mut line).expect("standard input is text") == 0 {
            break;
        }
        let repetitions: u32 = line.trim().parse().expect("each line is a number");
        let (mut forward, mut backward) = (Vec::new(), Vec::new());
        for _ in 0..repetitions {
            workers.iter_mut().for_each(Worker::forget);
            forward.push(timed(&mut workers, Worker::forward));
            backward.push(timed(&mut workers, Worker::backward));
        }
        let mut out = stdout();
        writeln!(out, "{}", json!({ "forward": forward, "backward": backward })).expect("someone reads");
        out.flush().expect("someone reads");
    }
}

struct Worker<'a, F: Family, C> {
    problem: Problem<F, C>,
    params: &'a [F::Params],
    other: &'a F::Params,
    cotangents: &'a [F::Vars],
    solutions: Vec<Solution<F>>,
    gradients: Vec<F::Params>,
}

impl<'a, F: Family, C> Worker<'a, F, C> {
    fn new(case: &Case<F, C>, params: &'a [F::Params], other: &'a F::Params, cotangents: &'a [F::Vars]) -> Self {
        let mut problem = case.problem(Settings::default());
        let solve = |params| problem.solve(params).expect("each point is feasible");
        let solutions = params.iter().map(solve).collect();
        Self {
            gradients: vec![problem.zero_params(); params.len()],
            problem,
            params,
            other,
            cotangents,
            solutions,
        }
    }

    /// Solves another point, so that the next one is of new numbers.
    fn forget(&mut self) {
        self.problem.solve(self.other).expect("each point is feasible");
    }

    fn forward(&mut self) {
        for (params, solution) in self.params.iter().zip(&mut self.solutions) {
            self.problem
                .solve_into(params, solution)
                .expect("each point is feasible");
        }
    }

    fn backward(&mut self) {
        let cotangents = self.cotangents.iter().zip(&mut self.gradients);
        for (solution, (cotangent, gradient)) in self.solutions.iter().zip(cotangents) {
            solution
                .vjp_into(Cotangent::vars(cotangent), gradient)
                .expect("the cotangent is in shape");
        }
    }
}

fn timed<'a, F: Family, C: Send>(workers: &mut [Worker<'a, F, C>], pass: fn(&mut Worker<'a, F, C>)) -> f64 {
    let start = Instant::now();
    match workers {
        [one] => pass(one),
        many => std::thread::scope(|scope| {
            for worker in many {
                scope.spawn(|| pass(worker));
            }
        }),
    }
    start.elapsed().as_secs_f64()
}

/// What the peers are given, and what they are held against. A batch of one has what the first of any batch has.
fn write<F: Family, C>(
    case: &Case<F, C>,
    params: &[F::Params],
    other: &[F::Params],
    cotangents: &[F::Vars],
    request: &Request,
) {
    let tight = Settings::default().with_gap_tolerance(1e-11).with_polish(Polish::Solve);
    let mut reference = case.problem(tight);
    let mut ours = case.problem(Settings::default());
    let (mut exact, mut plain) = (Vec::new(), Vec::new());
    for (params, cotangent) in params.iter().zip(cotangents) {
        for (problem, results) in [(&mut reference, &mut exact), (&mut ours, &mut plain)] {
            let solution = problem.solve(params).expect("each point is feasible");
            let gradient = solution
                .vjp(Cotangent::vars(cotangent))
                .expect("the cotangent is in shape");
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

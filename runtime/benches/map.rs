//! What the map from parameters to cone programs takes, and its adjoint, against the product of the same map, as one
//! sparse matrix, with the parameters as one vector.
#![allow(missing_docs, reason = "criterion's macros make public functions")]

mod families;
mod measure;

use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use cvxlayers::sprs::{CsMatI, TriMatI, prod};
use cvxlayers::{Entries, EntriesMut, Family, Problem, Program, Record, Settings, Solution};

use families::{Case, Draw};
use measure::{Turns, calls, laps, percent, print, seconds, three};

/// The numbers of a cone program.
#[derive(Clone)]
struct Numbers {
    p: Vec<f64>,
    q: Vec<f64>,
    a: Vec<f64>,
    b: Vec<f64>,
    r: f64,
}

impl Numbers {
    fn zero(program: &Program) -> Self {
        Self {
            p: vec![0.0; program.p.nnz()],
            q: vec![0.0; program.q.len()],
            a: vec![0.0; program.a.nnz()],
            b: vec![0.0; program.b.len()],
            r: 0.0,
        }
    }

    fn of(program: &Program) -> Self {
        Self {
            p: program.p.data().to_vec(),
            q: program.q.clone(),
            a: program.a.data().to_vec(),
            b: program.b.clone(),
            r: program.r,
        }
    }

    fn entries(&self) -> Entries<'_> {
        let Self { p, q, a, b, r } = self;
        Entries { p, q, a, b, r: *r }
    }

    fn entries_mut(&mut self) -> EntriesMut<'_> {
        let Self { p, q, a, b, r } = self;
        EntriesMut { p, q, a, b, r }
    }

    fn flat(&self) -> Vec<f64> {
        [&self.p[..], &self.q, &self.a, &self.b, &[self.r]].concat()
    }
}

/// The map as a matrix: a row for each number of the program, a column for each entry of the parameters, and one for
/// what does not depend on them.
type Map = CsMatI<f64, u32>;

/// Each number of these families depends on one entry of the parameters at most, so that two tangents find it: one is
/// its coefficient, the other is its coefficient times its place.
fn matrix<F: Family, C>(problem: &Problem<F, C>, params: &F::Params, program: &Program) -> Map {
    let (family, slots) = problem.map();
    let tangent = |direction: &F::Params| {
        let mut numbers = Numbers::zero(program);
        family.fill_tangent(params, direction, slots, numbers.entries_mut());
        numbers.flat()
    };
    let fields = 0..F::Params::NAMES.len();
    let count: usize = fields.clone().map(|field| params.entries(field).len()).sum();
    let filled = Numbers::of(program).flat();
    let mut map = TriMatI::new((filled.len(), count + 1));
    let mut first = 0;
    for field in fields {
        let mut direction = problem.zero_params();
        direction.entries_mut(field).fill(1.0);
        let coefficients = tangent(&direction);
        let mut place = 0.0;
        direction.entries_mut(field).fill_with(|| {
            place += 1.0;
            place
        });
        for (row, (place, coefficient)) in tangent(&direction).iter().zip(coefficients).enumerate() {
            if coefficient != 0.0 {
                let place = (place / coefficient).round() as usize - 1;
                map.add_triplet(row, first + place, coefficient);
            }
        }
        first += params.entries(field).len();
    }
    let linear: Map = map.to_csr();
    let products = product(&linear, &extended(params));
    for (row, (all, product)) in filled.iter().zip(products).enumerate() {
        if (all - product).abs() > 1e-12 * all.abs() {
            map.add_triplet(row, count, all - product);
        }
    }
    map.to_csr()
}

/// The parameters in one vector, and a one.
fn extended<R: Record>(params: &R) -> Vec<f64> {
    let fields = (0..R::NAMES.len()).flat_map(|field| params.entries(field));
    fields.copied().chain([1.0]).collect()
}

fn product(map: &Map, vector: &[f64]) -> Vec<f64> {
    let mut result = vec![0.0; map.rows()];
    prod::mul_acc_mat_vec_csr(map.view(), vector, &mut result);
    result
}

const FILL: usize = 0;
const PRODUCT: usize = 1;
const ADJOINT: usize = 2;
const TRANSPOSED: usize = 3;
const SOLVE: usize = 4;

struct Race<F: Family, C> {
    problem: Problem<F, C>,
    params: Vec<F::Params>,
    /// None where a solve takes too long to be of interest.
    solution: Option<Solution<F>>,
    numbers: Numbers,
    cotangent: Numbers,
    gradient: F::Params,
    map: Map,
    extended: Vec<f64>,
    product: Vec<f64>,
    transposed: Vec<f64>,
    calls: u32,
    lap: usize,
    turns: Turns<5>,
}

impl<F: Family, C> Race<F, C> {
    fn new(case: &Case<F, C>, solves: bool) -> Self {
        let mut problem = case.problem(Settings::default());
        let params = case.points(if solves { 2 } else { 1 });
        let program = problem.program(&params[0]).expect("the parameters are in shape");
        let map = matrix(&problem, &params[0], &program);
        let mut numbers = Numbers::of(&program);
        let mut cotangent = numbers.clone();
        let mut draw = Draw::new(4);
        let Numbers { p, q, a, b, r } = &mut cotangent;
        for part in [p, q, a, b] {
            part.fill_with(|| draw.normal());
        }
        *r = draw.normal();
        let changed = vec![true; F::Params::NAMES.len()];
        let (family, slots) = problem.map();
        let calls = calls(|| family.fill(&params[0], Some(&changed), slots, numbers.entries_mut()));
        let mut race = Self {
            gradient: problem.zero_params(),
            solution: solves.then(|| problem.solve(&params[0]).expect("each point is feasible")),
            extended: extended(&params[0]),
            product: vec![0.0; map.rows()],
            transposed: vec![0.0; map.cols()],
            problem,
            params,
            numbers,
            cotangent,
            map,
            calls,
            lap: 0,
            turns: Turns::default(),
        };
        race.lap();
        race.check();
        race.turns = Turns::default();
        race
    }

    fn lap(&mut self) -> Duration {
        self.lap += 1;
        let params = &self.params[self.lap % self.params.len()];
        if let Some(solution) = &mut self.solution {
            let solve = || self.problem.solve_into(params, solution);
            self.turns.time(SOLVE, 1, solve);
        }
        let params = &self.params[0];
        let (family, slots) = self.problem.map();
        let changed = [true; 8];
        let changed = Some(&changed[..F::Params::NAMES.len()]);
        let elapsed = self.turns.time(FILL, self.calls, || {
            family.fill(params, changed, slots, self.numbers.entries_mut());
        });
        self.turns.time(PRODUCT, self.calls, || {
            self.product.fill(0.0);
            prod::mul_acc_mat_vec_csr(self.map.view(), &self.extended[..], &mut self.product[..]);
        });
        self.turns.time(ADJOINT, self.calls, || {
            self.gradient.fill(0.0);
            family.fill_adjoint(params, slots, self.cotangent.entries(), &mut self.gradient);
        });
        let cotangent = self.cotangent.flat();
        self.turns.time(TRANSPOSED, self.calls, || {
            self.transposed.fill(0.0);
            let transposed = self.map.transpose_view();
            prod::mul_acc_mat_vec_csc(transposed, &cotangent[..], &mut self.transposed[..]);
        });
        elapsed
    }

    /// The matrix is that of the map.
    fn check(&self) {
        close(&self.numbers.flat(), &self.product);
        let gradient = extended(&self.gradient);
        // The last entry is that of what does not depend on the parameters.
        close(&gradient[..gradient.len() - 1], &self.transposed[..gradient.len() - 1]);
    }

    fn row(&self, name: String) -> Vec<String> {
        let [fill, product, adjoint, transposed, solve] = self.turns.medians();
        let entries = self.map.nnz() as f64;
        vec![
            name,
            (self.extended.len() - 1).to_string(),
            self.map.nnz().to_string(),
            seconds(fill),
            three(1e9 * fill / entries),
            three(fill / product),
            seconds(adjoint),
            three(1e9 * adjoint / entries),
            three(adjoint / transposed),
            seconds(solve),
            percent(fill / solve),
        ]
    }
}

fn close(ours: &[f64], theirs: &[f64]) {
    let size = theirs.iter().fold(0.0, |size: f64, entry| size.max(entry.abs()));
    for (ours, theirs) in ours.iter().zip(theirs) {
        assert!((ours - theirs).abs() <= 1e-9 * size, "{ours} is not {theirs}");
    }
}

struct Bench<'a> {
    group: BenchmarkGroup<'a, WallTime>,
    rows: Vec<Vec<String>>,
}

impl Bench<'_> {
    fn run<F: Family, C>(&mut self, case: &Case<F, C>, solves: bool) {
        let race = laps(
            &mut self.group,
            &case.to_string(),
            || Race::new(case, solves),
            Race::lap,
        );
        self.rows.extend(race.map(|race| race.row(case.to_string())));
    }
}

fn time(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("map");
    group.sample_size(20).warm_up_time(Duration::from_millis(500));
    let mut bench = Bench {
        group,
        rows: Vec::new(),
    };
    for sizes in families::MPC_SIZES {
        bench.run(&families::mpc(sizes), true);
    }
    for times in [1, 10, 100] {
        for (n, m) in [(4, 2), (10, 4), (20, 10)] {
            bench.run(&families::stochastic_control(times * n, times * m), times == 1);
        }
        // The last has a hundred million entries.
        let most = if times == 100 { 2 } else { 3 };
        for (rows, n) in [(50, 10), (100, 20), (200, 50)].into_iter().take(most) {
            bench.run(&families::elastic_net(times * rows, times * n), times == 1);
        }
    }
    let Bench { group, rows } = bench;
    group.finish();
    let head = [
        "family",
        "parameters",
        "entries of the map",
        "fill",
        "ns an entry",
        "fill / product",
        "adjoint",
        "ns an entry",
        "adjoint / product",
        "solve",
        "fill / solve",
    ];
    print("What the map takes beside one sparse product, medians:", &head, &rows);
}

criterion_group!(benches, time);
criterion_main!(benches);

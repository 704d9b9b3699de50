//! Families written by hand: a cone program is a list of terms, each a number times parameter
//! entries.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "every test file uses a part of this module, and a test may panic"
)]

pub mod families;

use std::fmt::Debug;
use std::marker::PhantomData;

use cvxlayers::{
    Attributes, Cone, Cotangent, Entries, EntriesMut, Error, Family, Pattern, Polish, Problem, Reach, Record, Settings,
    Slots, Solution,
};

/// A family as data.
pub trait Model: Debug + Send + Sync + Clone + PartialEq + 'static {
    type Dims: Clone + Debug;
    const NAME: &'static str;
    const MAXIMIZE: bool = false;
    const PARAMS: &'static [&'static str];
    const ATTRIBUTES: &'static [Attributes];
    const VARS: &'static [&'static str];
    const DUALS: &'static [&'static str] = &[];

    fn layout(dims: Self::Dims) -> Result<Layout, Error>;
}

#[derive(Debug, Default)]
pub struct Layout {
    pub columns: usize,
    pub cones: Vec<Cone>,
    pub params: Vec<[usize; 2]>,
    /// Shape, and the first entry in `x`.
    pub vars: Vec<([usize; 2], usize)>,
    /// Shape, and the first entry in `z`.
    pub duals: Vec<([usize; 2], usize)>,
    pub terms: Vec<Term>,
}

#[derive(Clone, Copy, Debug)]
pub enum Place {
    P(usize, usize),
    Q(usize),
    A(usize, usize),
    B(usize),
    R,
}

/// `coefficient × Π params[field][index]` in one place.
#[derive(Clone, Debug)]
pub struct Term {
    pub place: Place,
    pub coefficient: f64,
    pub factors: Vec<(usize, usize)>,
}

impl Layout {
    pub fn term(&mut self, place: Place, coefficient: f64, factors: &[(usize, usize)]) {
        self.terms.push(Term {
            place,
            coefficient,
            factors: factors.to_vec(),
        });
    }

    fn rows(&self) -> usize {
        self.cones.iter().map(|cone| cone.dim()).sum()
    }
}

/// Which of a model's records.
pub trait Kind: Debug + Send + Sync + Clone + PartialEq + 'static {
    const NAMES: &'static [&'static str];
}

#[derive(Debug, Clone, PartialEq)]
pub struct Params<M>(PhantomData<M>);
#[derive(Debug, Clone, PartialEq)]
pub struct Vars<M>(PhantomData<M>);
#[derive(Debug, Clone, PartialEq)]
pub struct Duals<M>(PhantomData<M>);

impl<M: Model> Kind for Params<M> {
    const NAMES: &'static [&'static str] = M::PARAMS;
}
impl<M: Model> Kind for Vars<M> {
    const NAMES: &'static [&'static str] = M::VARS;
}
impl<M: Model> Kind for Duals<M> {
    const NAMES: &'static [&'static str] = M::DUALS;
}

#[derive(Clone, Debug, PartialEq)]
pub struct Fields<K> {
    pub fields: Vec<([usize; 2], Vec<f64>)>,
    kind: PhantomData<K>,
}

impl<K: Kind> Fields<K> {
    pub fn zero(shapes: impl IntoIterator<Item = [usize; 2]>) -> Self {
        let zero = |shape: [usize; 2]| (shape, vec![0.0; shape[0] * shape[1]]);
        Self {
            fields: shapes.into_iter().map(zero).collect(),
            kind: PhantomData,
        }
    }

    pub fn field(&self, name: &str) -> &[f64] {
        &self.fields[index::<K>(name)].1
    }

    pub fn field_mut(&mut self, name: &str) -> &mut [f64] {
        &mut self.fields[index::<K>(name)].1
    }

    pub fn with(mut self, name: &str, entries: &[f64]) -> Self {
        self.field_mut(name).copy_from_slice(entries);
        self
    }
}

fn index<K: Kind>(name: &str) -> usize {
    K::NAMES.iter().position(|other| *other == name).unwrap()
}

impl<K: Kind> Record for Fields<K> {
    const NAMES: &'static [&'static str] = K::NAMES;

    fn shape(&self, field: usize) -> [usize; 2] {
        self.fields[field].0
    }

    fn entries(&self, field: usize) -> &[f64] {
        &self.fields[field].1
    }

    fn entries_mut(&mut self, field: usize) -> &mut [f64] {
        &mut self.fields[field].1
    }
}

/// The family of a model.
#[derive(Debug)]
pub struct Of<M> {
    layout: Layout,
    model: PhantomData<M>,
}

impl<M: Model> Family for Of<M> {
    type Dims = M::Dims;
    type Data = ();
    type Params = Fields<Params<M>>;
    type Vars = Fields<Vars<M>>;
    type Duals = Fields<Duals<M>>;
    type Lets = ();

    const NAME: &'static str = M::NAME;
    const MAXIMIZE: bool = M::MAXIMIZE;
    const ATTRIBUTES: &'static [Attributes] = M::ATTRIBUTES;
    const DATA_ATTRIBUTES: &'static [Attributes] = &[];
    const REACH: &'static [Reach] = &[Reach::ALL; 8];

    fn data(&self) -> &() {
        &()
    }

    fn zero_data(&self) {}

    fn new(dims: Self::Dims, (): ()) -> Result<Self, Error> {
        Ok(Self {
            layout: M::layout(dims)?,
            model: PhantomData,
        })
    }

    fn columns(&self) -> usize {
        self.layout.columns
    }

    fn cones(&self) -> Vec<Cone> {
        self.layout.cones.clone()
    }

    fn pattern(&self, pattern: &mut Pattern) {
        for term in &self.layout.terms {
            match term.place {
                Place::P(one, other) => pattern.quadratic(one, other),
                Place::A(row, column) => pattern.constraint(row, column),
                Place::Q(_) | Place::B(_) | Place::R => {}
            }
        }
    }

    fn zero_params(&self) -> Self::Params {
        Fields::zero(self.layout.params.iter().copied())
    }

    fn zero_vars(&self) -> Self::Vars {
        Fields::zero(self.layout.vars.iter().map(|(shape, _)| *shape))
    }

    fn zero_duals(&self) -> Self::Duals {
        Fields::zero(self.layout.duals.iter().map(|(shape, _)| *shape))
    }

    fn zero_lets(&self) {}

    fn recover_lets(&self, _: &Self::Params, _: &[f64], (): &mut ()) {}

    fn recover_lets_tangent(&self, _: &Self::Params, _: &Self::Params, _: &[f64], _: &[f64], (): &mut ()) {}

    fn recover_lets_adjoint(&self, _: &Self::Params, _: &[f64], (): &(), _: &mut Self::Params, _: &mut [f64]) {}

    fn fill(&self, params: &Self::Params, changed: Option<&[bool]>, slots: &Slots, mut program: EntriesMut<'_>) {
        if changed.is_some() {
            for entries in [&mut program.p, &mut program.q, &mut program.a, &mut program.b] {
                entries.fill(0.0);
            }
            *program.r = 0.0;
        }
        let value = |term: &Term| {
            term.factors.iter().fold(term.coefficient, |value, (field, index)| {
                value * params.entries(*field)[*index]
            })
        };
        self.scatter(slots, program, value);
    }

    fn fill_tangent(&self, params: &Self::Params, direction: &Self::Params, slots: &Slots, tangent: EntriesMut<'_>) {
        let value = |term: &Term| {
            (0..term.factors.len())
                .map(|moving| {
                    let (field, index) = term.factors[moving];
                    others(term, moving, params) * direction.entries(field)[index]
                })
                .sum()
        };
        self.scatter(slots, tangent, value);
    }

    fn fill_adjoint(&self, params: &Self::Params, slots: &Slots, cotangent: Entries<'_>, gradient: &mut Self::Params) {
        let (mut p, mut a) = (slots.p.iter(), slots.a.iter());
        for term in &self.layout.terms {
            let cotangent = match term.place {
                Place::P(..) => cotangent.p[*p.next().unwrap() as usize],
                Place::A(..) => cotangent.a[*a.next().unwrap() as usize],
                Place::Q(column) => cotangent.q[column],
                Place::B(row) => cotangent.b[row],
                Place::R => cotangent.r,
            };
            for (moving, (field, index)) in term.factors.iter().enumerate() {
                gradient.entries_mut(*field)[*index] += others(term, moving, params) * cotangent;
            }
        }
    }

    fn recover_vars(&self, x: &[f64], vars: &mut Self::Vars) {
        for ((_, entries), (_, first)) in vars.fields.iter_mut().zip(&self.layout.vars) {
            let count = entries.len();
            entries.copy_from_slice(&x[*first..first + count]);
        }
    }

    fn recover_duals(&self, z: &[f64], duals: &mut Self::Duals) {
        for ((_, entries), (_, first)) in duals.fields.iter_mut().zip(&self.layout.duals) {
            let count = entries.len();
            entries.copy_from_slice(&z[*first..first + count]);
        }
    }

    fn recover_vars_adjoint(&self, vars: &Self::Vars, x: &mut [f64]) {
        for ((_, entries), (_, first)) in vars.fields.iter().zip(&self.layout.vars) {
            for (x, entry) in x[*first..].iter_mut().zip(entries) {
                *x += entry;
            }
        }
    }

    fn recover_duals_adjoint(&self, duals: &Self::Duals, z: &mut [f64]) {
        for ((_, entries), (_, first)) in duals.fields.iter().zip(&self.layout.duals) {
            for (z, entry) in z[*first..].iter_mut().zip(entries) {
                *z += entry;
            }
        }
    }
}

/// As the generated code has it.
impl<'a, M: Model> From<&'a Fields<Vars<M>>> for Cotangent<'a, Of<M>> {
    fn from(vars: &'a Fields<Vars<M>>) -> Self {
        Cotangent::vars(vars)
    }
}

impl<'a, M: Model> From<&'a Fields<Duals<M>>> for Cotangent<'a, Of<M>> {
    fn from(duals: &'a Fields<Duals<M>>) -> Self {
        Cotangent::duals(duals)
    }
}

impl<M: Model> Of<M> {
    fn scatter(&self, slots: &Slots, to: EntriesMut<'_>, value: impl Fn(&Term) -> f64) {
        let (mut p, mut a) = (slots.p.iter(), slots.a.iter());
        for term in &self.layout.terms {
            let entry = match term.place {
                Place::P(..) => &mut to.p[*p.next().unwrap() as usize],
                Place::A(..) => &mut to.a[*a.next().unwrap() as usize],
                Place::Q(column) => &mut to.q[column],
                Place::B(row) => &mut to.b[row],
                Place::R => &mut *to.r,
            };
            *entry += value(term);
        }
    }
}

fn others<K: Kind>(term: &Term, moving: usize, params: &Fields<K>) -> f64 {
    let factors = term.factors.iter().enumerate().filter(|(place, _)| *place != moving);
    factors.fold(term.coefficient, |value, (_, (field, index))| {
        value * params.entries(*field)[*index]
    })
}

/// A small generator of numbers in (−1, 1), the same on every machine.
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn next(&mut self) -> f64 {
        for shift in [13_u32, 7, 17] {
            self.0 ^= if shift == 7 { self.0 >> shift } else { self.0 << shift };
        }
        (self.0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }

    pub fn fill(&mut self, entries: &mut [f64]) {
        entries.fill_with(|| self.next());
    }

    pub fn vec(&mut self, count: usize) -> Vec<f64> {
        (0..count).map(|_| self.next()).collect()
    }

    pub fn record<R: Record>(&mut self, mut like: R) -> R {
        for field in 0..R::NAMES.len() {
            self.fill(like.entries_mut(field));
        }
        like
    }
}

/// `Σ xᵢyᵢ` over all fields.
pub fn dot<R: Record>(x: &R, y: &R) -> f64 {
    (0..R::NAMES.len())
        .flat_map(|field| x.entries(field).iter().zip(y.entries(field)))
        .map(|(x, y)| x * y)
        .sum()
}

/// `x + t y`.
pub fn moved<R: Record>(x: &R, t: f64, y: &R) -> R {
    let mut sum = x.clone();
    for field in 0..R::NAMES.len() {
        for (sum, y) in sum.entries_mut(field).iter_mut().zip(y.entries(field)) {
            *sum += t * y;
        }
    }
    sum
}

pub fn norm<R: Record>(x: &R) -> f64 {
    dot(x, x).sqrt()
}

pub fn distance<R: Record>(x: &R, y: &R) -> f64 {
    norm(&moved(x, -1.0, y))
}

/// A random direction that keeps symmetric parameters symmetric.
pub fn direction<F: Family>(like: F::Params, numbers: &mut Numbers) -> F::Params {
    let mut direction = numbers.record(like);
    for (field, attributes) in F::ATTRIBUTES.iter().enumerate() {
        if attributes.symmetric || attributes.psd {
            let size = direction.shape(field)[0];
            let entries = direction.entries_mut(field);
            for column in 0..size {
                for row in 0..column {
                    entries[row + size * column] = entries[column + size * row];
                }
            }
        }
    }
    direction
}

/// As accurate as it gets.
pub fn tight() -> Settings {
    Settings::default().with_gap_tolerance(1e-12).with_polish(Polish::Solve)
}

/// Forward and reverse mode against each other and against central differences of polished solves;
/// of the variables, of the dual variables and of the objective. Returns the worst relative error of the differences.
pub fn check_derivatives<F: Family, C>(problem: &mut Problem<F, C>, params: &F::Params, seed: u64) -> f64 {
    *problem.settings_mut() = tight();
    let mut numbers = Numbers::new(seed);
    let solution = problem.solve(params).unwrap();
    let mut worst = 0.0_f64;
    for _ in 0..3 {
        let direction = direction::<F>(problem.zero_params(), &mut numbers);
        let cotangent = numbers.record(problem.zero_vars());
        let of_duals = numbers.record(problem.zero_duals());
        let mut tangent = problem.zero_tangent();
        let accuracy = solution.tangent_into(&direction, &mut tangent).unwrap();
        assert!(accuracy.residual < 1e-11, "{accuracy:?}");
        assert!(accuracy.is_derivative(), "{accuracy:?}");
        assert_eq!(solution.jvp(&direction).unwrap(), tangent.vars);

        let mut gradient = problem.zero_params();
        let weight = 0.7;
        let of_all = Cotangent::vars(&cotangent).and_duals(&of_duals).and_objective(weight);
        let accuracy = solution.vjp_into(of_all, &mut gradient).unwrap();
        assert!(accuracy.residual < 1e-11, "{accuracy:?}");
        let slope = solution.objective_jvp(&direction).unwrap();
        assert_eq!(slope, tangent.objective);
        let forward = dot(&cotangent, &tangent.vars) + dot(&of_duals, &tangent.duals) + weight * slope;
        let reverse = dot(&gradient, &direction);
        let size = norm(&gradient) * norm(&direction);
        assert!(
            (forward - reverse).abs() <= 1e-11 * size.max(forward.abs()),
            "{forward} {reverse}"
        );

        let envelope = solution.objective_gradient().unwrap();
        assert!((dot(&envelope, &direction) - slope).abs() <= 1e-11 * (1.0 + slope.abs()));

        let step = 1e-5 / norm(&direction);
        let ahead = problem.solve(&moved(params, step, &direction)).unwrap();
        let behind = problem.solve(&moved(params, -step, &direction)).unwrap();
        let mut difference = moved(&ahead.vars, -1.0, &behind.vars);
        difference.scale(0.5 / step);
        worst = worst.max(distance(&difference, &tangent.vars) / norm(&tangent.vars));
        let mut difference = moved(&ahead.duals, -1.0, &behind.duals);
        difference.scale(0.5 / step);
        worst = worst.max(distance(&difference, &tangent.duals) / norm(&tangent.duals).max(norm(&tangent.vars)));
        let difference = (ahead.objective - behind.objective) / (2.0 * step);
        worst = worst.max((difference - slope).abs() / (1.0 + slope.abs()));
    }
    worst
}

/// The optimality conditions, from the cone program itself.
pub fn assert_optimal<F: Family, C>(problem: &mut Problem<F, C>, solution: &Solution<F>, tolerance: f64) {
    let program = problem.program(solution.params()).unwrap();
    let (x, s, z) = (solution.cone_x(), solution.cone_s(), solution.cone_z());
    let mut dual = program.q.clone();
    for (value, (row, column)) in program.p.iter() {
        let (row, column) = (row as usize, column as usize);
        dual[row] += value * x[column];
        if row != column {
            dual[column] += value * x[row];
        }
    }
    let mut primal: Vec<f64> = s.iter().zip(&program.b).map(|(s, b)| s - b).collect();
    for (value, (row, column)) in program.a.iter() {
        let (row, column) = (row as usize, column as usize);
        dual[column] += value * z[row];
        primal[row] += value * x[column];
    }
    let gap: f64 = s.iter().zip(z).map(|(s, z)| s * z).sum();
    for residual in dual.iter().chain(&primal).chain([&gap]) {
        assert!(residual.abs() <= tolerance, "{residual}");
    }
    let mut row = 0;
    for cone in problem.cones() {
        let rows = row..row + cone.dim();
        assert!(cone.violation(&s[rows.clone()]) <= tolerance);
        assert!(cone.dual_violation(&z[rows.clone()]) <= tolerance);
        row = rows.end;
    }
}

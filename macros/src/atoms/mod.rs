//! The table of atoms: one entry an atom, one file a family. An entry knows convex analysis, nothing of Rust code.

mod exponential;
mod piecewise;
mod power;
mod quadratic;
mod ranked;
mod second_order;
mod semidefinite;

use crate::conic::{Graph, nowhere};
use crate::curvature::{Curvature, Monotonicity};
use crate::dims::{Dim, Shape};
use crate::expr::{Expr, ExprRef, Quadratic, found};
use crate::nest::coef::Coef;
use crate::sign::Sign;

/// One atom. Every rule sees the arguments, since signs decide monotonicity.
pub struct Atom {
    pub name: &'static str,
    /// How it is called, for messages.
    pub usage: &'static str,
    pub arity: Arity,
    /// What the last arguments are where they are left out.
    pub defaults: &'static [f64],
    /// Arguments that are data: free of variables, and no part of the composition rule.
    pub data: &'static [usize],
    /// Whether the data multiply the other arguments.
    pub multiplies: bool,
    /// Arguments without parameters, where the cone program must be affine in these.
    pub fixed: &'static [usize],
    /// Whether the first argument is reduced to a scalar, so that there can be an axis.
    pub reduces: bool,
    /// The shape of the result, or what was expected of the arguments.
    pub shape: fn(&[ExprRef]) -> Result<Shape, String>,
    /// What must be positive for the dimensions to fit.
    pub rooms: fn(&[ExprRef]) -> Vec<Dim>,
    pub sign: fn(&[ExprRef]) -> Sign,
    pub curvature: fn(&[ExprRef]) -> Curvature,
    pub monotonicity: fn(&[ExprRef], usize) -> Monotonicity,
    /// The epigraph of a convex atom, the hypograph of a concave one: constraints, and the expression that bounds the
    /// value, which may hold further atoms. The arguments are canonicalized. None where only the quadratic form exists.
    pub graph: Option<GraphRule>,
    /// The value of arguments without variables.
    pub value: Value,
    /// The form that the atom keeps under affine operations in the objective.
    pub quadratic: Option<Form>,
}

/// A quadratic form of an atom.
#[derive(Clone, Copy)]
pub enum Form {
    Whole(fn(Vec<ExprRef>) -> Quadratic),
    /// That of the atoms which the graph holds.
    Within,
}

/// How a value is computed from the entries of the arguments.
#[derive(Clone, Copy)]
pub enum Value {
    /// Entry by entry.
    Each(fn(Vec<Coef>) -> Coef),
    /// A function of the sum of a function of each entry.
    Sum(fn(Coef) -> Coef, fn(Coef) -> Coef),
    /// A function of the largest of a function of each entry.
    Largest(fn(Coef) -> Coef, fn(Coef) -> Coef),
    /// The sum of the largest entries of the first argument, as many as the second says.
    SumOfLargest,
    /// That of another expression.
    As(fn(&[ExprRef]) -> ExprRef),
    /// That of its quadratic form.
    Form,
    /// The logarithm of the sum of the exponentials, which may be large.
    LogSumExp,
    /// Entry by entry of the first argument, by a function that knows the others.
    Power(fn(Coef, &[ExprRef]) -> Coef),
    /// It is not computed.
    Unknown,
}

/// Canonicalized arguments and the shape of the result to the expression of the value.
pub type GraphRule = fn(&mut Graph, &[ExprRef], &Shape) -> ExprRef;

#[derive(Clone, Copy)]
pub enum Arity {
    Exactly(usize),
    AtLeast(usize),
}

impl Arity {
    pub fn admits(self, count: usize) -> bool {
        match self {
            Arity::Exactly(expected) => count == expected,
            Arity::AtLeast(least) => count >= least,
        }
    }
}

/// Every atom.
pub fn all() -> impl Iterator<Item = &'static Atom> {
    piecewise::ATOMS
        .iter()
        .chain(ranked::ATOMS)
        .chain(quadratic::ATOMS)
        .chain(second_order::ATOMS)
        .chain(power::ATOMS)
        .chain(exponential::ATOMS)
        .chain(semidefinite::ATOMS)
}

pub fn find(name: &str) -> Option<&'static Atom> {
    all().find(|atom| atom.name == name)
}

/// What most atoms are, for entries to differ from: of one argument, elementwise, nonneg, convex, and monotone away from
/// zero.
const COMMON: Atom = Atom {
    name: "",
    usage: "",
    arity: Arity::Exactly(1),
    defaults: &[],
    data: &[],
    multiplies: false,
    fixed: &[],
    reduces: false,
    shape: elementwise,
    rooms: |_| Vec::new(),
    sign: nonneg,
    curvature: convex,
    monotonicity: away_from_zero,
    graph: None,
    value: Value::Form,
    quadratic: None,
};

/// What atoms to a scalar are.
const REDUCING: Atom = Atom {
    reduces: true,
    shape: to_scalar,
    ..COMMON
};

fn same(coef: Coef) -> Coef {
    coef
}

fn convex(_: &[ExprRef]) -> Curvature {
    Curvature::Convex
}

fn concave(_: &[ExprRef]) -> Curvature {
    Curvature::Concave
}

fn nonneg(_: &[ExprRef]) -> Sign {
    Sign::NONNEG
}

fn unknown_sign(_: &[ExprRef]) -> Sign {
    Sign::UNKNOWN
}

fn not_monotone(_: &[ExprRef], _: usize) -> Monotonicity {
    Monotonicity::Neither
}

fn sign_of_argument(args: &[ExprRef]) -> Sign {
    args[0].sign
}

fn nondecreasing(_: &[ExprRef], _: usize) -> Monotonicity {
    Monotonicity::Nondecreasing
}

fn nonincreasing(_: &[ExprRef], _: usize) -> Monotonicity {
    Monotonicity::Nonincreasing
}

/// Nondecreasing where the argument is nonneg, nonincreasing where it is nonpos.
fn away_from_zero(args: &[ExprRef], which: usize) -> Monotonicity {
    let sign = args[which].sign;
    if sign.nonneg {
        Monotonicity::Nondecreasing
    } else if sign.nonpos {
        Monotonicity::Nonincreasing
    } else {
        Monotonicity::Neither
    }
}

fn elementwise(args: &[ExprRef]) -> Result<Shape, String> {
    let mut shape = Shape::scalar();
    for arg in args {
        if arg.shape.is_scalar() || arg.shape == shape {
            continue;
        }
        if !shape.is_scalar() {
            let operands: Vec<_> = args.iter().filter(|arg| !arg.shape.is_scalar()).collect();
            return Err(format!("arguments of one shape, or scalars: {}", found(&operands)));
        }
        shape = arg.shape.clone();
    }
    Ok(shape)
}

fn to_scalar(_: &[ExprRef]) -> Result<Shape, String> {
    Ok(Shape::scalar())
}

fn vector_to_scalar(args: &[ExprRef]) -> Result<Shape, String> {
    if args[0].shape.is_vector() {
        Ok(Shape::scalar())
    } else {
        Err(format!(
            "a vector: {}\nhelp: write `norm_fro({x})` for all entries, `norm2({x}, axis = 0)` for each column",
            found(&[&args[0]]),
            x = args[0]
        ))
    }
}

/// The application of one atom in what another becomes.
fn apply(atom: &'static Atom, arg: ExprRef) -> ExprRef {
    apply_all(atom, vec![arg])
}

fn apply_all(atom: &'static Atom, args: Vec<ExprRef>) -> ExprRef {
    let shape = (atom.shape)(&args).unwrap_or_else(|_| Shape::scalar());
    let text = crate::expr::call(atom.name, &args);
    Expr::atom(atom, args, shape, text, nowhere())
}

fn over(a: ExprRef, b: ExprRef) -> ExprRef {
    Expr::divide(a, b, nowhere())
}

fn times(a: ExprRef, b: ExprRef) -> ExprRef {
    Expr::multiply(a, b, nowhere())
}

/// The number of entries.
fn count(x: &ExprRef) -> ExprRef {
    Expr::size(x.shape.size(), nowhere())
}

fn mean(x: &ExprRef) -> ExprRef {
    over(Expr::sum(x.clone(), nowhere()), count(x))
}

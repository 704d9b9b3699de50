//! Atoms of the largest or smallest entries: the nonnegative cone is enough.

use super::{Arity, Atom, REDUCING, Value, apply_all, concave, count, nondecreasing, over, sign_of_argument, times};
use crate::conic::nowhere;
use crate::dims::{Dim, Shape};
use crate::expr::{Expr, ExprRef, Kind};
use crate::known;

pub const ATOMS: &[Atom] = &[SUM_LARGEST, SUM_SMALLEST, CVAR];

const SUM_LARGEST: Atom = Atom {
    name: "sum_largest",
    usage: "sum_largest(x, k)",
    arity: Arity::Exactly(2),
    data: &[1],
    shape: ranked_shape,
    rooms,
    sign: sign_of_argument,
    monotonicity: nondecreasing,
    // Whatever the threshold `q`, `k q` and what exceeds it is at least the sum: at the best one it is the sum.
    graph: Some(|graph, args, shape| {
        let (threshold, excess) = (graph.fresh(shape), graph.fresh(&args[0].shape));
        graph.at_most(&args[0], &graph.plus(&excess, &threshold));
        graph.nonneg(&excess);
        graph.plus(&times(args[1].clone(), threshold), &graph.sum(&excess))
    }),
    value: Value::SumOfLargest,
    ..REDUCING
};

const SUM_SMALLEST: Atom = Atom {
    name: "sum_smallest",
    usage: "sum_smallest(x, k)",
    arity: Arity::Exactly(2),
    data: &[1],
    shape: ranked_shape,
    rooms,
    sign: sign_of_argument,
    curvature: concave,
    monotonicity: nondecreasing,
    graph: Some(|graph, args, shape| {
        let (threshold, lack) = (graph.fresh(shape), graph.fresh(&args[0].shape));
        graph.at_most(&graph.minus(&threshold, &lack), &args[0]);
        graph.nonneg(&lack);
        graph.minus(&times(args[1].clone(), threshold), &graph.sum(&lack))
    }),
    value: Value::As(|args| {
        let negated = Expr::negate(args[0].clone(), nowhere());
        Expr::negate(apply_all(&SUM_LARGEST, vec![negated, args[1].clone()]), nowhere())
    }),
    ..REDUCING
};

const CVAR: Atom = Atom {
    name: "cvar",
    usage: "cvar(x, beta)",
    arity: Arity::Exactly(2),
    data: &[1],
    shape: cvar_shape,
    sign: sign_of_argument,
    monotonicity: nondecreasing,
    graph: Some(|graph, args, shape| {
        let (threshold, excess) = (graph.fresh(shape), graph.fresh(&args[0].shape));
        graph.at_most(&args[0], &graph.plus(&excess, &threshold));
        graph.nonneg(&excess);
        graph.plus(&threshold, &over(graph.sum(&excess), tail(args)))
    }),
    value: Value::As(|args| over(apply_all(&SUM_LARGEST, vec![args[0].clone(), tail(args)]), tail(args))),
    ..REDUCING
};

/// How many entries are beyond the level.
fn tail(args: &[ExprRef]) -> ExprRef {
    let beta = known::number(&args[1]).unwrap_or(0.0);
    times(Expr::number(1.0 - beta, nowhere()), count(&args[0]))
}

pub fn ranked_shape(args: &[ExprRef]) -> Result<Shape, String> {
    let k = &args[1];
    match (known::number(k), known::quotient(k)) {
        (Some(number), _) if number > 0.0 => Ok(Shape::scalar()),
        (Some(_), _) => Err(format!("a positive `k`, found `{k}`")),
        (None, Some(_)) => Ok(Shape::scalar()),
        (None, None) if is_of_dimensions(k) => Err(format!(
            "a number, a dimension or a quotient such as `n / 2` as `k`, found `{k}`"
        )),
        (None, None) => Err(format!(
            "a number or a dimension as `k`, found `{k}`: it must be at most the number of entries, which is checked \
             before there are values"
        )),
    }
}

fn is_of_dimensions(e: &Expr) -> bool {
    match &e.kind {
        Kind::Param(..) | Kind::Data(..) | Kind::Block(_) => false,
        _ => e.children().into_iter().all(|child| is_of_dimensions(child)),
    }
}

/// Of at most all entries: the sum of more has no bound by this graph.
fn rooms(args: &[ExprRef]) -> Vec<Dim> {
    rooms_of(&args[0].shape.size(), &args[1])
}

pub fn rooms_of(size: &Dim, k: &ExprRef) -> Vec<Dim> {
    let k = match known::number(k) {
        // Exact, or too large in any case.
        Some(number) => Some((Dim::literal(number.ceil() as usize), 1)),
        None => known::quotient(k),
    };
    k.map_or_else(Vec::new, |(k, over)| {
        vec![k.clone(), &(&(size * &Dim::literal(over)) - &k) + &Dim::one()]
    })
}

fn cvar_shape(args: &[ExprRef]) -> Result<Shape, String> {
    let beta = &args[1];
    match known::number(beta) {
        Some(number) if (0.0..1.0).contains(&number) => Ok(Shape::scalar()),
        Some(_) => Err(format!("a `beta` of at least 0 and less than 1, found `{beta}`")),
        None => Err(format!("a number as `beta`, found `{beta}`")),
    }
}

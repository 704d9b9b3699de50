//! Piecewise-linear atoms: the nonnegative cone is enough.

use super::{Arity, Atom, COMMON, REDUCING, Value, concave, nondecreasing, nonincreasing, same, sign_of_argument};
use crate::conic::Graph;
use crate::dims::Shape;
use crate::expr::ExprRef;
use crate::nest::coef::Coef;
use crate::sign::Sign;

pub const ATOMS: &[Atom] = &[ABS, POS, NEG, MAX, MIN, MAXIMUM, MINIMUM, NORM1, NORM_INF];

const ABS: Atom = Atom {
    name: "abs",
    usage: "abs(x)",
    graph: Some(|graph, args, shape| {
        let t = graph.fresh(shape);
        bound_magnitude(graph, &t, &args[0]);
        t
    }),
    value: Value::Each(|args| args[0].clone().abs()),
    ..COMMON
};

pub const POS: Atom = Atom {
    name: "pos",
    usage: "pos(x)",
    monotonicity: nondecreasing,
    graph: Some(|graph, args, shape| {
        let t = graph.fresh(shape);
        graph.at_most(&args[0], &t);
        graph.nonneg(&t);
        t
    }),
    value: Value::Each(|args| args[0].clone().positive()),
    ..COMMON
};

const NEG: Atom = Atom {
    name: "neg",
    usage: "neg(x)",
    monotonicity: nonincreasing,
    graph: Some(|graph, args, shape| {
        let t = graph.fresh(shape);
        graph.sum_nonneg(&t, &args[0]);
        graph.nonneg(&t);
        t
    }),
    value: Value::Each(|args| args[0].clone().negated().positive()),
    ..COMMON
};

const MAX: Atom = Atom {
    name: "max",
    usage: "max(x)",
    sign: sign_of_argument,
    monotonicity: nondecreasing,
    graph: Some(upper_bound),
    value: Value::Largest(same, same),
    ..REDUCING
};

const MIN: Atom = Atom {
    name: "min",
    usage: "min(x)",
    sign: sign_of_argument,
    curvature: concave,
    monotonicity: nondecreasing,
    graph: Some(lower_bound),
    value: Value::Largest(Coef::negated, Coef::negated),
    ..REDUCING
};

const MAXIMUM: Atom = Atom {
    name: "maximum",
    usage: "maximum(x, y, …)",
    arity: Arity::AtLeast(2),
    sign: |args| Sign {
        nonneg: args.iter().any(|arg| arg.sign.nonneg),
        nonpos: args.iter().all(|arg| arg.sign.nonpos),
    },
    monotonicity: nondecreasing,
    graph: Some(upper_bound),
    value: Value::Each(Coef::largest),
    ..COMMON
};

const MINIMUM: Atom = Atom {
    name: "minimum",
    usage: "minimum(x, y, …)",
    arity: Arity::AtLeast(2),
    sign: |args| Sign {
        nonneg: args.iter().all(|arg| arg.sign.nonneg),
        nonpos: args.iter().any(|arg| arg.sign.nonpos),
    },
    curvature: concave,
    monotonicity: nondecreasing,
    graph: Some(lower_bound),
    value: Value::Each(|args| Coef::largest(args.into_iter().map(Coef::negated)).negated()),
    ..COMMON
};

const NORM1: Atom = Atom {
    name: "norm1",
    usage: "norm1(x)",
    graph: Some(|graph, args, _| {
        let t = graph.fresh(&args[0].shape);
        bound_magnitude(graph, &t, &args[0]);
        graph.sum(&t)
    }),
    value: Value::Sum(Coef::abs, same),
    ..REDUCING
};

const NORM_INF: Atom = Atom {
    name: "norm_inf",
    usage: "norm_inf(x)",
    graph: Some(|graph, args, shape| {
        let t = graph.fresh(shape);
        bound_magnitude(graph, &t, &args[0]);
        t
    }),
    value: Value::Largest(Coef::abs, same),
    ..REDUCING
};

/// `-t <= x <= t`
fn bound_magnitude(graph: &mut Graph, t: &ExprRef, x: &ExprRef) {
    graph.at_most(x, t);
    graph.sum_nonneg(t, x);
}

/// `x <= t` for each argument `x`
fn upper_bound(graph: &mut Graph, args: &[ExprRef], shape: &Shape) -> ExprRef {
    let t = graph.fresh(shape);
    for arg in args {
        graph.at_most(arg, &t);
    }
    t
}

/// `t <= x` for each argument `x`
fn lower_bound(graph: &mut Graph, args: &[ExprRef], shape: &Shape) -> ExprRef {
    let t = graph.fresh(shape);
    for arg in args {
        graph.at_most(&t, arg);
    }
    t
}

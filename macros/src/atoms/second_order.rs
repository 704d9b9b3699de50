//! Second-order atoms.

use super::piecewise::POS;
use super::quadratic::{SUM_SQUARES, deviations, square_cone};
use super::vector_to_scalar;
use super::{Atom, COMMON, REDUCING, Value, apply, concave, count, nondecreasing, nonincreasing, over, times};
use crate::conic::Graph;
use crate::conic::nowhere;
use crate::curvature::Monotonicity;
use crate::dims::Shape;
use crate::expr::{Expr, ExprRef};
use crate::nest::coef::Coef;

pub const ATOMS: &[Atom] = &[NORM2, NORM_FRO, STD, SQRT, INV_POS, HARMONIC_MEAN];

const NORM2: Atom = Atom {
    name: "norm2",
    usage: "norm2(x)",
    shape: vector_to_scalar,
    graph: Some(euclidean),
    value: Value::Sum(Coef::squared, Coef::sqrt),
    ..REDUCING
};

const NORM_FRO: Atom = Atom {
    name: "norm_fro",
    usage: "norm_fro(x)",
    graph: Some(euclidean),
    value: Value::Sum(Coef::squared, Coef::sqrt),
    ..REDUCING
};

const STD: Atom = Atom {
    name: "std",
    usage: "std(x)",
    monotonicity: |_, _| Monotonicity::Neither,
    // The mean is where the norm is least.
    graph: Some(|graph, args, shape| {
        let mean = graph.fresh(shape);
        let norm = euclidean(graph, &[graph.minus(&args[0], &mean)], shape);
        over(norm, root_of_count(&args[0]))
    }),
    // Of a sparse row, rounding may leave less than nothing of the squares.
    value: Value::As(|args| {
        let squares = apply(&SUM_SQUARES, deviations(&args[0]));
        over(apply(&SQRT, apply(&POS, squares)), root_of_count(&args[0]))
    }),
    ..REDUCING
};

const SQRT: Atom = Atom {
    name: "sqrt",
    usage: "sqrt(x)",
    curvature: concave,
    monotonicity: nondecreasing,
    // `t² <= x` as `‖(x - 1, 2t)‖ <= x + 1`.
    graph: Some(|graph, args, shape| {
        let t = graph.fresh(shape);
        let parts = square_cone(graph, &args[0], &t);
        graph.second_order_each(shape, parts);
        t
    }),
    value: Value::Each(|args| args[0].clone().sqrt()),
    ..COMMON
};

const INV_POS: Atom = Atom {
    name: "inv_pos",
    usage: "inv_pos(x)",
    monotonicity: nonincreasing,
    // `1 <= t x` for nonneg `t` and `x`, as `‖(x - t, 2)‖ <= x + t`.
    graph: Some(|graph, args, shape| {
        let t = graph.fresh(shape);
        let (sum, difference) = (graph.plus(&args[0], &t), graph.minus(&args[0], &t));
        let two = graph.constant(2.0);
        graph.second_order_each(shape, vec![sum, difference, two]);
        t
    }),
    value: Value::Each(|args| Coef::one().over(args[0].clone())),
    ..COMMON
};

const HARMONIC_MEAN: Atom = Atom {
    name: "harmonic_mean",
    usage: "harmonic_mean(x)",
    curvature: concave,
    monotonicity: nondecreasing,
    // `t² <= r x` with the sum of `r` at most `t`: then `t` is at most `1 / Σ 1/x`.
    graph: Some(|graph, args, shape| {
        let x = &args[0];
        let (t, r) = (graph.fresh(shape), graph.fresh(&x.shape));
        graph.at_most(&graph.sum(&r), &t);
        let parts = vec![graph.plus(x, &r), graph.minus(x, &r), graph.scaled(2.0, &t)];
        graph.second_order_each(&x.shape, parts);
        times(count(x), t)
    }),
    value: Value::As(|args| {
        let inverses = apply(&INV_POS, args[0].clone());
        over(count(&args[0]), Expr::sum(inverses, nowhere()))
    }),
    ..REDUCING
};

fn euclidean(graph: &mut Graph, args: &[ExprRef], shape: &Shape) -> ExprRef {
    let t = graph.fresh(shape);
    graph.second_order(vec![t.clone(), args[0].clone()]);
    t
}

fn root_of_count(x: &ExprRef) -> ExprRef {
    apply(&SQRT, count(x))
}

//! Quadratic and second-order atoms.

use super::{Arity, Atom, COMMON, Value, concave, nondecreasing, nonincreasing, same, to_scalar, vector_to_scalar};
use crate::conic::Graph;
use crate::curvature::{Curvature, Monotonicity};
use crate::dims::Shape;
use crate::expr::{ExprRef, Quadratic};
use crate::nest::coef::Coef;

pub const ATOMS: &[Atom] = &[SQUARE, SUM_SQUARES, QUAD_FORM, NORM2, SQRT, INV_POS];

const SQUARE: Atom = Atom {
    name: "square",
    usage: "square(x)",
    graph: Some(|graph, args, shape| {
        let t = graph.fresh(shape);
        let parts = square_cone(graph, &t, &args[0]);
        graph.second_order_each(shape, parts);
        t
    }),
    quadratic: Some(|args| Quadratic::Square(args[0].clone())),
    value: Value::Each(|args| args[0].clone().squared()),
    ..COMMON
};

const SUM_SQUARES: Atom = Atom {
    name: "sum_squares",
    usage: "sum_squares(x)",
    shape: to_scalar,
    graph: Some(|graph, args, shape| {
        let t = graph.fresh(shape);
        let parts = square_cone(graph, &t, &args[0]);
        graph.second_order(parts);
        t
    }),
    quadratic: Some(|args| Quadratic::SumSquares(args[0].clone())),
    value: Value::Sum(Coef::squared, same),
    ..COMMON
};

const QUAD_FORM: Atom = Atom {
    name: "quad_form",
    usage: "quad_form(x, P)",
    arity: Arity::Exactly(2),
    data: &[1],
    shape: quad_form_shape,
    sign: |args| args[1].definite,
    curvature: |args| match args[1].definite {
        definite if definite.nonneg => Curvature::Convex,
        definite if definite.nonpos => Curvature::Concave,
        _ => Curvature::Unknown,
    },
    monotonicity: |args, _| {
        let product = args[0].sign * args[1].sign;
        if product.nonneg {
            Monotonicity::Nondecreasing
        } else if product.nonpos {
            Monotonicity::Nonincreasing
        } else {
            Monotonicity::Neither
        }
    },
    quadratic: Some(|args| Quadratic::Form(args[0].clone(), args[1].clone())),
    ..COMMON
};

const NORM2: Atom = Atom {
    name: "norm2",
    usage: "norm2(x)",
    shape: vector_to_scalar,
    graph: Some(|graph, args, shape| {
        let t = graph.fresh(shape);
        graph.second_order(vec![t.clone(), args[0].clone()]);
        t
    }),
    value: Value::Sum(Coef::squared, Coef::sqrt),
    ..COMMON
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

/// `‖x‖² <= t` as `‖(t - 1, 2x)‖ <= t + 1`.
fn square_cone(graph: &mut Graph, t: &ExprRef, x: &ExprRef) -> Vec<ExprRef> {
    vec![graph.offset(t, 1.0), graph.offset(t, -1.0), graph.scaled(2.0, x)]
}

fn quad_form_shape(args: &[ExprRef]) -> Result<Shape, String> {
    let (x, p) = (&args[0], &args[1]);
    if !x.shape.cols.is_one() {
        return Err(format!("a column: `{x}` is {}", x.shape));
    }
    if p.shape.rows != x.shape.rows || p.shape.cols != x.shape.rows {
        let n = &x.shape.rows;
        return Err(format!(
            "a matrix [{n}, {n}] for `{x}`, which is {}: `{p}` is {}",
            x.shape, p.shape
        ));
    }
    Ok(Shape::scalar())
}

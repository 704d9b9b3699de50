//! Atoms with a quadratic form.

use super::{
    Arity, Atom, COMMON, Form, REDUCING, Value, apply, away_from_zero, count, elementwise, mean, over, same, times,
};
use crate::conic::{Arrangement, ConeKind, Graph, nowhere};
use crate::curvature::{Curvature, Monotonicity};
use crate::dims::Shape;
use crate::expr::{Expr, ExprRef, Quadratic, found};
use crate::nest::coef::Coef;

pub const ATOMS: &[Atom] = &[SQUARE, SUM_SQUARES, QUAD_FORM, QUAD_OVER_LIN, HUBER, VAR];

const SQUARE: Atom = Atom {
    name: "square",
    usage: "square(x)",
    graph: Some(|graph, args, shape| {
        let t = graph.fresh(shape);
        let parts = square_cone(graph, &t, &args[0]);
        graph.second_order_each(shape, parts);
        t
    }),
    quadratic: Some(Form::Whole(|args| Quadratic::Square(args[0].clone()))),
    value: Value::Each(|args| args[0].clone().squared()),
    ..COMMON
};

pub const SUM_SQUARES: Atom = Atom {
    name: "sum_squares",
    usage: "sum_squares(x)",
    graph: Some(|graph, args, shape| {
        let t = graph.fresh(shape);
        let parts = square_cone(graph, &t, &args[0]);
        graph.second_order(parts);
        t
    }),
    quadratic: Some(Form::Whole(|args| Quadratic::SumSquares(args[0].clone()))),
    value: Value::Sum(Coef::squared, same),
    ..REDUCING
};

const QUAD_FORM: Atom = Atom {
    name: "quad_form",
    usage: "quad_form(x, P)",
    arity: Arity::Exactly(2),
    data: &[1],
    multiplies: true,
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
    quadratic: Some(Form::Whole(|args| Quadratic::Form(args[0].clone(), args[1].clone()))),
    ..COMMON
};

const QUAD_OVER_LIN: Atom = Atom {
    name: "quad_over_lin",
    usage: "quad_over_lin(x, y)",
    arity: Arity::Exactly(2),
    fixed: &[1],
    shape: quad_over_lin_shape,
    monotonicity: |args, which| match which {
        0 => away_from_zero(args, 0),
        _ => Monotonicity::Nonincreasing,
    },
    // `‖x‖² <= t y` for nonneg `t` and `y`, as `‖(y - t, 2x)‖ <= y + t`.
    graph: Some(|graph, args, shape| {
        let (x, y) = (&args[0], &args[1]);
        if !y.variables {
            return quotient(args);
        }
        let t = graph.fresh(shape);
        let parts = vec![graph.plus(y, &t), graph.minus(y, &t), graph.scaled(2.0, x)];
        graph.second_order(parts);
        t
    }),
    value: Value::As(quotient),
    quadratic: Some(Form::Within),
    ..REDUCING
};

const HUBER: Atom = Atom {
    name: "huber",
    usage: "huber(x, M)",
    arity: Arity::Exactly(2),
    defaults: &[1.0],
    data: &[1],
    shape: huber_shape,
    // The least `n² + 2 M |x - n|`, with the difference as `p - q`: one row for each entry of `x`.
    graph: Some(|graph, args, shape| {
        let [n, p, q] = [graph.fresh(shape), graph.fresh(shape), graph.fresh(shape)];
        let both = graph.plus(&n, &graph.minus(&p, &q));
        let equal = graph.minus(&args[0], &both);
        graph.push(ConeKind::Zero, Arrangement::Whole, vec![equal]);
        graph.nonneg(&p);
        graph.nonneg(&q);
        let linear = times(graph.scaled(2.0, &args[1]), graph.plus(&p, &q));
        graph.plus(&apply(&SQUARE, n), &linear)
    }),
    // `n (2 |x| - n)` with the smaller of `|x|` and `M` as `n`.
    value: Value::Each(|args| {
        let magnitude = args[0].clone().abs();
        let beyond = magnitude.clone().plus(args[1].clone().negated()).positive();
        let within = magnitude.clone().plus(beyond.clone().negated());
        within.times(magnitude.plus(beyond))
    }),
    quadratic: Some(Form::Within),
    ..COMMON
};

const VAR: Atom = Atom {
    name: "var",
    usage: "var(x)",
    monotonicity: |_, _| Monotonicity::Neither,
    // The mean is where the sum of squares is least.
    graph: Some(|graph, args, shape| {
        let mean = graph.fresh(shape);
        let squares = apply(&SUM_SQUARES, graph.minus(&args[0], &mean));
        over(squares, count(&args[0]))
    }),
    value: Value::As(|args| {
        let deviations = deviations(&args[0]);
        over(apply(&SUM_SQUARES, deviations), count(&args[0]))
    }),
    quadratic: Some(Form::Within),
    ..REDUCING
};

/// `x` less its mean.
pub fn deviations(x: &ExprRef) -> ExprRef {
    Expr::subtract(x.clone(), mean(x), nowhere())
}

fn quotient(args: &[ExprRef]) -> ExprRef {
    over(apply(&SUM_SQUARES, args[0].clone()), args[1].clone())
}

/// `‖x‖² <= t` as `‖(t - 1, 2x)‖ <= t + 1`.
pub fn square_cone(graph: &mut Graph, t: &ExprRef, x: &ExprRef) -> Vec<ExprRef> {
    vec![graph.offset(t, 1.0), graph.offset(t, -1.0), graph.scaled(2.0, x)]
}

fn quad_form_shape(args: &[ExprRef]) -> Result<Shape, String> {
    let (x, p) = (&args[0], &args[1]);
    if !x.shape.cols.is_one() {
        let better = if x.shape.rows.is_one() {
            format!("\nhelp: did you mean `quad_form({}, {p})`?", Expr::turned(x))
        } else if p.shape.cols.is_one() && p.shape.rows == x.shape.rows {
            format!("\nhelp: did you mean `quad_form({p}, {x})`?")
        } else {
            String::new()
        };
        return Err(format!("a column: {}{better}", found(&[x])));
    }
    if p.shape.rows != x.shape.rows || p.shape.cols != x.shape.rows {
        let n = &x.shape.rows;
        return Err(format!(
            "a matrix [{n}, {n}] for `{x}`, which is [{n}]: {}",
            found(&[p])
        ));
    }
    Ok(Shape::scalar())
}

fn quad_over_lin_shape(args: &[ExprRef]) -> Result<Shape, String> {
    let y = &args[1];
    if !y.shape.is_scalar() {
        return Err(format!("a scalar `y`: {}", found(&[y])));
    }
    if !y.variables && (!y.sign.nonneg || y.sign.is_zero()) {
        return Err(format!("a positive `y`: `{y}` is {}{}", y.sign, ask_for_nonneg(y)));
    }
    Ok(Shape::scalar())
}

fn huber_shape(args: &[ExprRef]) -> Result<Shape, String> {
    let m = &args[1];
    if !m.variables && !m.sign.nonneg {
        return Err(format!("a nonneg `M`: `{m}` is {}{}", m.sign, ask_for_nonneg(m)));
    }
    elementwise(args)
}

pub fn ask_for_nonneg(e: &ExprRef) -> String {
    match e.declared() {
        Some(leaf) if !e.sign.nonpos => format!("\nhelp: declare `{leaf}` `nonneg`"),
        _ => String::new(),
    }
}

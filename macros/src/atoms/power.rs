//! Powers, and the norms and means that are made of them: the power cone. The exponent decides curvature, so that it is
//! a number.

use super::quadratic::ask_for_nonneg;
use super::{Arity, Atom, COMMON, REDUCING, Value, apply, apply_all, concave, nondecreasing, over, times};
use crate::conic::{Graph, nowhere};
use crate::curvature::{Curvature, Monotonicity};
use crate::dims::{Dim, Shape};
use crate::expr::{Expr, ExprRef, Window, found};
use crate::known;
use crate::nest::coef::{Coef, Function};

pub const ATOMS: &[Atom] = &[POWER, PNORM, GEO_MEAN];

const POWER: Atom = Atom {
    name: "power",
    usage: "power(x, p)",
    arity: Arity::Exactly(2),
    data: &[1],
    shape: |args| {
        exponent(args)?;
        Ok(args[0].shape.clone())
    },
    curvature: |args| match exponent(args) {
        Ok(p) if (0.0..=1.0).contains(&p) => Curvature::Concave,
        Ok(_) => Curvature::Convex,
        Err(_) => Curvature::Unknown,
    },
    monotonicity: |args, which| match exponent(args) {
        Ok(p) if is_even(p) => (COMMON.monotonicity)(args, which),
        Ok(p) if p < 0.0 => Monotonicity::Nonincreasing,
        _ => Monotonicity::Nondecreasing,
    },
    graph: Some(|graph, args, shape| {
        let (t, one, x) = (graph.fresh(shape), graph.constant(1.0), &args[0]);
        let p = known_exponent(args);
        if p < 0.0 {
            // `1 <= xᵃ t¹⁻ᵃ` with `a = p / (p - 1)`.
            graph.power_each(shape, p / (p - 1.0), [x, &t, &one]);
        } else if p < 1.0 {
            graph.power_each(shape, p, [x, &one, &t]);
        } else {
            graph.power_each(shape, 1.0 / p, [&t, &one, x]);
            if !is_even(p) {
                graph.nonneg(x);
            }
        }
        t
    }),
    value: Value::Power(power_of),
    ..COMMON
};

const PNORM: Atom = Atom {
    name: "pnorm",
    usage: "pnorm(x, p)",
    arity: Arity::Exactly(2),
    data: &[1],
    shape: |args| {
        exponent(args)?;
        Ok(Shape::scalar())
    },
    curvature: |args| match exponent(args) {
        Ok(p) if p > 1.0 => Curvature::Convex,
        Ok(p) if p != 0.0 => Curvature::Concave,
        _ => Curvature::Unknown,
    },
    monotonicity: |args, which| match exponent(args) {
        Ok(p) if p > 1.0 => (COMMON.monotonicity)(args, which),
        _ => Monotonicity::Nondecreasing,
    },
    // `Σ rᵢ == t` with each `rᵢ` a power of `xᵢ` in units of `t`.
    graph: Some(|graph, args, shape| {
        let x = &args[0];
        let (t, r) = (graph.fresh(shape), graph.fresh(&x.shape));
        graph.equal(&graph.sum(&r), &t);
        let p = known_exponent(args);
        if p > 1.0 {
            graph.power_each(&x.shape, 1.0 / p, [&r, &t, x]);
        } else if p > 0.0 {
            graph.power_each(&x.shape, p, [x, &t, &r]);
        } else {
            graph.power_each(&x.shape, p / (p - 1.0), [x, &r, &t]);
        }
        t
    }),
    value: Value::As(|args| {
        let p = known_exponent(args);
        let base = if p > 1.0 { absolute(&args[0]) } else { args[0].clone() };
        let number = |value: f64| Expr::number(value, nowhere());
        let powers = apply_all(&POWER, vec![base, number(p)]);
        let sum = Expr::sum(powers, nowhere());
        apply_all(&POWER, vec![sum, number(1.0 / p)])
    }),
    ..REDUCING
};

const GEO_MEAN: Atom = Atom {
    name: "geo_mean",
    usage: "geo_mean(x, w)",
    arity: Arity::Exactly(2),
    data: &[1],
    defaults: &[1.0],
    curvature: concave,
    monotonicity: nondecreasing,
    shape: |args| {
        let (x, weights) = (&args[0], &args[1]);
        if !weights.sign.nonneg || weights.sign.is_zero() {
            return Err(format!(
                "nonneg weights: `{weights}` is {}{}",
                weights.sign,
                ask_for_nonneg(weights)
            ));
        }
        if !weights.shape.is_scalar() && weights.shape != x.shape {
            return Err(format!("a weight for each entry: {}", found(&[x, weights])));
        }
        Ok(Shape::scalar())
    },
    graph: Some(|graph, args, shape| match args[0].shape.size().value() {
        Some(1) => {
            graph.nonneg(&args[0]);
            args[0].clone()
        }
        Some(2) if args[1].shape.is_scalar() => pair(graph, &args[0], shape),
        _ => mean_by_logarithms(graph, &args[0], &args[1], shape),
    }),
    value: Value::As(|args| {
        let (x, weights) = (&args[0], &args[1]);
        let weights = weights_of(x, weights);
        let logs = apply(logarithm(), x.clone());
        let sum = Expr::sum(times(weights.clone(), logs), nowhere());
        apply(exponential(), over(sum, Expr::sum(weights, nowhere())))
    }),
    ..REDUCING
};

/// `t <= √(x₀ x₁)`
fn pair(graph: &mut Graph, x: &ExprRef, shape: &Shape) -> ExprRef {
    let entry = |row: usize, col: usize| {
        let window = Window {
            row: Dim::literal(row),
            col: Dim::literal(col),
            text: format!("{row}, {col}"),
        };
        Expr::slice(x.clone(), window, Shape::scalar(), nowhere())
    };
    let second = if x.shape.cols.is_one() {
        entry(1, 0)
    } else {
        entry(0, 1)
    };
    let t = graph.fresh(shape);
    graph.power_each(shape, 0.5, [&entry(0, 0), &second, &t]);
    t
}

/// `Σ wᵢ uᵢ >= 0` with `t exp(uᵢ / t) <= xᵢ`: for any number of entries, and weights that change.
fn mean_by_logarithms(graph: &mut Graph, x: &ExprRef, weights: &ExprRef, shape: &Shape) -> ExprRef {
    let (t, u) = (graph.fresh(shape), graph.fresh(&x.shape));
    graph.exponential_each(&x.shape, &u, &t, x);
    let weighted = Expr::multiply(weights.clone(), u, nowhere());
    graph.nonneg(&graph.sum(&weighted));
    t
}

fn weights_of(x: &ExprRef, weights: &ExprRef) -> ExprRef {
    if weights.shape.is_scalar() && !x.shape.is_scalar() {
        Expr::repeat(weights.clone(), x.shape.clone())
    } else {
        weights.clone()
    }
}

fn power_of(x: Coef, args: &[ExprRef]) -> Coef {
    Coef::Call(Function::Power(known_exponent(args)), vec![x])
}

fn absolute(x: &ExprRef) -> ExprRef {
    let atom = super::find("abs").expect("it is in the table");
    apply(atom, x.clone())
}

fn logarithm() -> &'static Atom {
    super::find("log").expect("it is in the table")
}

fn exponential() -> &'static Atom {
    super::find("exp").expect("it is in the table")
}

/// The exponent, or what was expected of it.
fn exponent(args: &[ExprRef]) -> Result<f64, String> {
    match known::number(&args[1]) {
        Some(p) if p.is_finite() => Ok(p),
        _ => Err(format!(
            "a number as its second argument, since it decides the curvature: found `{}`",
            args[1]
        )),
    }
}

fn known_exponent(args: &[ExprRef]) -> f64 {
    exponent(args).expect("the shape was checked")
}

fn is_even(p: f64) -> bool {
    p > 0.0 && p % 2.0 == 0.0
}

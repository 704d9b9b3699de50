//! Exponentials, logarithms and entropies: the exponential cone.

use super::{
    Arity, Atom, COMMON, REDUCING, Value, concave, nondecreasing, not_monotone, sign_of_argument, unknown_sign,
};
use crate::curvature::Monotonicity;
use crate::nest::coef::{Coef, Function};
use crate::sign::Sign;

pub const ATOMS: &[Atom] = &[EXP, LOG, LOG1P, ENTR, REL_ENTR, KL_DIV, LOGISTIC, LOG_SUM_EXP];

const EXP: Atom = Atom {
    name: "exp",
    usage: "exp(x)",
    monotonicity: nondecreasing,
    graph: Some(|graph, args, shape| {
        let t = graph.fresh(shape);
        graph.exponential_each(shape, &args[0], &graph.constant(1.0), &t);
        t
    }),
    value: Value::Each(|args| Coef::Call(Function::Exp, args)),
    ..COMMON
};

const LOG: Atom = Atom {
    name: "log",
    usage: "log(x)",
    sign: unknown_sign,
    curvature: concave,
    monotonicity: nondecreasing,
    graph: Some(|graph, args, shape| {
        let t = graph.fresh(shape);
        graph.exponential_each(shape, &t, &graph.constant(1.0), &args[0]);
        t
    }),
    value: Value::Each(|args| Coef::Call(Function::Log, args)),
    ..COMMON
};

const LOG1P: Atom = Atom {
    name: "log1p",
    usage: "log1p(x)",
    sign: sign_of_argument,
    curvature: concave,
    monotonicity: nondecreasing,
    graph: Some(|graph, args, shape| {
        let t = graph.fresh(shape);
        graph.exponential_each(shape, &t, &graph.constant(1.0), &graph.offset(&args[0], 1.0));
        t
    }),
    value: Value::Each(|args| Coef::Call(Function::Log1p, args)),
    ..COMMON
};

const ENTR: Atom = Atom {
    name: "entr",
    usage: "entr(x)",
    sign: unknown_sign,
    curvature: concave,
    monotonicity: not_monotone,
    // `t <= -x log(x)` as `x exp(t / x) <= 1`.
    graph: Some(|graph, args, shape| {
        let t = graph.fresh(shape);
        graph.exponential_each(shape, &t, &args[0], &graph.constant(1.0));
        t
    }),
    value: Value::Each(|args| Coef::Call(Function::Entropy, args)),
    ..COMMON
};

const REL_ENTR: Atom = Atom {
    name: "rel_entr",
    usage: "rel_entr(x, y)",
    arity: Arity::Exactly(2),
    sign: unknown_sign,
    monotonicity: |_, which| match which {
        0 => Monotonicity::Neither,
        _ => Monotonicity::Nonincreasing,
    },
    // `x log(x / y) <= -t` as `x exp(t / x) <= y`.
    graph: Some(|graph, args, shape| {
        let t = graph.fresh(shape);
        graph.exponential_each(shape, &t, &args[0], &args[1]);
        graph.scaled(-1.0, &t)
    }),
    value: Value::Each(relative_entropy),
    ..COMMON
};

const KL_DIV: Atom = Atom {
    name: "kl_div",
    usage: "kl_div(x, y)",
    arity: Arity::Exactly(2),
    monotonicity: not_monotone,
    graph: Some(|graph, args, shape| {
        let t = graph.fresh(shape);
        graph.exponential_each(shape, &t, &args[0], &args[1]);
        graph.minus(&graph.minus(&args[1], &args[0]), &t)
    }),
    value: Value::Each(|args| {
        let linear = args[1].clone().plus(args[0].clone().negated());
        relative_entropy(args).plus(linear)
    }),
    ..COMMON
};

const LOGISTIC: Atom = Atom {
    name: "logistic",
    usage: "logistic(x)",
    monotonicity: nondecreasing,
    // `log(1 + eˣ) <= t` as `e⁻ᵗ <= u` and `eˣ⁻ᵗ <= 1 − u`.
    graph: Some(|graph, args, shape| {
        let (t, u) = (graph.fresh(shape), graph.fresh(shape));
        let one = graph.constant(1.0);
        graph.exponential_each(shape, &graph.scaled(-1.0, &t), &one, &u);
        graph.exponential_each(shape, &graph.minus(&args[0], &t), &one, &graph.minus(&one, &u));
        t
    }),
    value: Value::Each(|args| Coef::Call(Function::Logistic, args)),
    ..COMMON
};

const LOG_SUM_EXP: Atom = Atom {
    name: "log_sum_exp",
    usage: "log_sum_exp(x)",
    sign: |args| Sign {
        nonneg: args[0].sign.nonneg,
        nonpos: false,
    },
    monotonicity: nondecreasing,
    // `Σ exp(xᵢ - t) <= 1`
    graph: Some(|graph, args, shape| {
        let (t, u) = (graph.fresh(shape), graph.fresh(&args[0].shape));
        let one = graph.constant(1.0);
        graph.exponential_each(&args[0].shape, &graph.minus(&args[0], &t), &one, &u);
        graph.at_most(&graph.sum(&u), &one);
        t
    }),
    value: Value::LogSumExp,
    ..REDUCING
};

fn relative_entropy(args: Vec<Coef>) -> Coef {
    let cross = args[0].clone().times(Coef::Call(Function::Log, vec![args[1].clone()]));
    Coef::Call(Function::Entropy, vec![args[0].clone()])
        .plus(cross)
        .negated()
}

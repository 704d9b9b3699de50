//! Functions of matrices: the semidefinite cone. They are monotone in no argument entry by entry.

use super::{Arity, Atom, COMMON, Value, concave, not_monotone, unknown_sign};
use crate::conic::{Graph, nowhere};
use crate::dims::{Dim, Shape};
use crate::expr::{Expr, ExprRef, Kind, Move, found};

pub const ATOMS: &[Atom] = &[
    LAMBDA_MAX,
    LAMBDA_MIN,
    LAMBDA_SUM_LARGEST,
    LAMBDA_SUM_SMALLEST,
    SIGMA_MAX,
    NORM_NUC,
    LOG_DET,
    MATRIX_FRAC,
    TR_INV,
];

/// What the atoms here are: convex functions of a symmetric matrix, of any sign.
const SPECTRAL: Atom = Atom {
    shape: symmetric_to_scalar,
    sign: unknown_sign,
    monotonicity: not_monotone,
    value: Value::Unknown,
    ..COMMON
};

const LAMBDA_MAX: Atom = Atom {
    name: "lambda_max",
    usage: "lambda_max(X)",
    graph: Some(|graph, args, shape| {
        let t = graph.fresh(shape);
        graph.semidefinite(&graph.minus(&multiple_of_identity(&t, &args[0]), &args[0]));
        t
    }),
    ..SPECTRAL
};

const LAMBDA_MIN: Atom = Atom {
    name: "lambda_min",
    usage: "lambda_min(X)",
    curvature: concave,
    graph: Some(|graph, args, shape| {
        let t = graph.fresh(shape);
        graph.semidefinite(&graph.minus(&args[0], &multiple_of_identity(&t, &args[0])));
        t
    }),
    ..SPECTRAL
};

const LAMBDA_SUM_LARGEST: Atom = Atom {
    name: "lambda_sum_largest",
    usage: "lambda_sum_largest(X, k)",
    arity: Arity::Exactly(2),
    data: &[1],
    shape: with_count,
    rooms: |args| super::ranked::rooms_of(&args[0].shape.rows, &args[1]),
    graph: Some(|graph, args, shape| sum_of_largest(graph, &args[0], &args[1], shape)),
    ..SPECTRAL
};

const LAMBDA_SUM_SMALLEST: Atom = Atom {
    name: "lambda_sum_smallest",
    usage: "lambda_sum_smallest(X, k)",
    arity: Arity::Exactly(2),
    data: &[1],
    shape: with_count,
    rooms: |args| super::ranked::rooms_of(&args[0].shape.rows, &args[1]),
    curvature: concave,
    graph: Some(|graph, args, shape| {
        let largest = sum_of_largest(graph, &graph.scaled(-1.0, &args[0]), &args[1], shape);
        graph.scaled(-1.0, &largest)
    }),
    ..SPECTRAL
};

const SIGMA_MAX: Atom = Atom {
    name: "sigma_max",
    usage: "sigma_max(X)",
    shape: to_scalar,
    sign: COMMON.sign,
    graph: Some(|graph, args, shape| {
        let t = graph.fresh(shape);
        let Shape { rows, cols } = &args[0].shape;
        let (above, below) = (identity(rows, &t), identity(cols, &t));
        bordered(graph, &above, &args[0], &below);
        t
    }),
    ..SPECTRAL
};

const NORM_NUC: Atom = Atom {
    name: "norm_nuc",
    usage: "norm_nuc(X)",
    shape: to_scalar,
    sign: COMMON.sign,
    graph: Some(|graph, args, _| {
        let Shape { rows, cols } = &args[0].shape;
        let (u, v) = (graph.fresh_symmetric(rows), graph.fresh_symmetric(cols));
        bordered(graph, &u, &args[0], &v);
        graph.scaled(0.5, &graph.plus(&trace(graph, &u), &trace(graph, &v)))
    }),
    ..SPECTRAL
};

const LOG_DET: Atom = Atom {
    name: "log_det",
    usage: "log_det(X)",
    curvature: concave,
    // `X >= ZᵀD⁻¹Z` for an upper triangular `Z` with the diagonal `D`: then `det X >= det D`.
    graph: Some(|graph, args, _| {
        let n = args[0].shape.rows.clone();
        let z = graph.fresh_symmetric(&n);
        let (diagonal, square) = (diagonal(&z), Shape::new(n.clone(), n.clone()));
        let d = moved(Move::ToDiagonal, &diagonal, &square);
        let triangle = graph.plus(&moved(Move::AboveDiagonal, &z, &square), &d);
        bordered(graph, &d, &triangle, &args[0]);
        let column = Shape::new(n, Dim::one());
        let logs = graph.fresh(&column);
        graph.exponential_each(&column, &logs, &graph.constant(1.0), &diagonal);
        graph.sum(&logs)
    }),
    ..SPECTRAL
};

const MATRIX_FRAC: Atom = Atom {
    name: "matrix_frac",
    usage: "matrix_frac(X, P)",
    arity: Arity::Exactly(2),
    shape: |args| {
        let (x, p) = (&args[0], &args[1]);
        if !p.symmetric {
            return Err(not_symmetric(p));
        }
        if p.shape.rows != x.shape.rows {
            return Err(format!("matrices of as many rows: {}", found(&[x, p])));
        }
        Ok(Shape::scalar())
    },
    sign: COMMON.sign,
    // `T >= XᵀP⁻¹X`
    graph: Some(|graph, args, _| {
        let t = graph.fresh_symmetric(&args[0].shape.cols);
        bordered(graph, &args[1], &args[0], &t);
        trace(graph, &t)
    }),
    ..SPECTRAL
};

const TR_INV: Atom = Atom {
    name: "tr_inv",
    usage: "tr_inv(X)",
    sign: COMMON.sign,
    // `T >= X⁻¹`
    graph: Some(|graph, args, _| {
        let n = &args[0].shape.rows;
        let t = graph.fresh_symmetric(n);
        bordered(graph, &args[0], &identity(n, &graph.constant(1.0)), &t);
        trace(graph, &t)
    }),
    ..SPECTRAL
};

/// With `Z >= 0` and `s I + Z >= X`, `k s + trace Z` is at least the sum of the `k` largest eigenvalues.
fn sum_of_largest(graph: &mut Graph, x: &ExprRef, k: &ExprRef, shape: &Shape) -> ExprRef {
    let (z, s) = (graph.fresh_symmetric(&x.shape.rows), graph.fresh(shape));
    graph.semidefinite(&z);
    let bound = graph.plus(&multiple_of_identity(&s, x), &z);
    graph.semidefinite(&graph.minus(&bound, x));
    let weighted = Expr::multiply(k.clone(), s, nowhere());
    graph.plus(&weighted, &trace(graph, &z))
}

/// `[[a, b], [bᵀ, c]]` is positive semidefinite: the symmetric part of `[[a, 2b], [0, c]]`.
fn bordered(graph: &mut Graph, a: &ExprRef, b: &ExprRef, c: &ExprRef) {
    let order = &a.shape.rows + &c.shape.rows;
    let shape = Shape::new(order.clone(), order);
    let (zero, after) = (Dim::zero(), a.shape.rows.clone());
    let corner = moved(Move::Place(zero.clone(), zero.clone()), a, &shape);
    let border = moved(Move::Place(zero, after.clone()), &graph.scaled(2.0, b), &shape);
    let rest = moved(Move::Place(after.clone(), after), c, &shape);
    graph.semidefinite(&graph.plus(&graph.plus(&corner, &border), &rest));
}

fn moved(change: Move, e: &ExprRef, shape: &Shape) -> ExprRef {
    Expr::moved(change, e.clone(), shape.clone(), e.to_string(), nowhere())
}

fn diagonal(e: &ExprRef) -> ExprRef {
    let column = Shape::new(e.shape.rows.clone(), Dim::one());
    if e.shape.is_scalar() {
        return e.clone();
    }
    moved(Move::FromDiagonal, e, &column)
}

fn trace(graph: &Graph, e: &ExprRef) -> ExprRef {
    graph.sum(&diagonal(e))
}

/// A number times the identity.
fn identity(order: &Dim, number: &ExprRef) -> ExprRef {
    let (column, square) = (
        Shape::new(order.clone(), Dim::one()),
        Shape::new(order.clone(), order.clone()),
    );
    moved(Move::ToDiagonal, &Expr::repeat(number.clone(), column), &square)
}

fn multiple_of_identity(number: &ExprRef, like: &ExprRef) -> ExprRef {
    identity(&like.shape.rows, number)
}

fn to_scalar(_: &[ExprRef]) -> Result<Shape, String> {
    Ok(Shape::scalar())
}

fn symmetric_to_scalar(args: &[ExprRef]) -> Result<Shape, String> {
    if args[0].symmetric {
        Ok(Shape::scalar())
    } else {
        Err(not_symmetric(&args[0]))
    }
}

fn with_count(args: &[ExprRef]) -> Result<Shape, String> {
    symmetric_to_scalar(args)?;
    super::ranked::ranked_shape(args)
}

fn not_symmetric(x: &ExprRef) -> String {
    if x.shape.rows != x.shape.cols {
        return format!("a symmetric matrix: {}", found(&[x]));
    }
    let why = match &x.kind {
        Kind::Param(..) | Kind::Data(..) | Kind::Block(_) => format!("declare `{x}` `symmetric`"),
        _ => format!("write its symmetric part, `({x} + ({x}).T) / 2`"),
    };
    format!("a symmetric matrix, and nothing says that `{x}` is one\nhelp: {why}")
}

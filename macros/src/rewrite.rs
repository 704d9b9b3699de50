//! Ways to write what breaks the rules so that it keeps them, where one is known.

use crate::atoms::Atom;
use crate::curvature::Curvature;
use crate::expr::{Expr, ExprRef, Kind, Move};
use crate::known;
use crate::syntax::ast::Relation;

/// What to write for an application of an atom.
pub fn of_atom(atom: &Atom, args: &[ExprRef]) -> Option<String> {
    let arg = bare(args.first()?);
    match atom.name {
        "sqrt" => root(arg),
        "log" => logarithm(arg),
        "exp" => match applied(arg)? {
            ("log", [inner, ..]) => Some(inner.to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// What to write for a quotient by what has variables.
pub fn of_quotient(dividend: &Expr, divisor: &Expr) -> Option<String> {
    if let Some(("square" | "sum_squares", [x])) = applied(bare(dividend)) {
        return Some(format!("quad_over_lin({x}, {divisor})"));
    }
    let dividend = bare(dividend);
    if dividend.variables
        || !divisor.shape.is_scalar() && !dividend.shape.is_scalar() && dividend.shape != divisor.shape
    {
        return None;
    }
    Some(match known::number(dividend) {
        Some(1.0) => format!("inv_pos({divisor})"),
        _ if dividend.shape.is_scalar() => format!("{} * inv_pos({divisor})", factor(dividend)),
        _ => format!("multiply({dividend}, inv_pos({divisor}))"),
    })
}

/// What to write for a product of two that both have variables.
pub fn of_product(a: &Expr, b: &Expr) -> Option<String> {
    if a.to_string() == b.to_string() {
        return Some(format!("write the square as `square({a})`"));
    }
    match &a.kind {
        Kind::Product(x, p) if x.is_transpose_of(b) && !p.variables => {
            Some(format!("write `quad_form({b}, {p})`, with `psd` on `{p}`"))
        }
        _ if a.is_transpose_of(b) => Some(format!("write `sum_squares({b})`")),
        _ if a.shape.is_scalar() && b.shape.is_scalar() && a.sign.nonneg && b.sign.nonneg => Some(format!(
            "`geo_mean(vstack({a}, {b}))` is concave, and grows as the product does"
        )),
        _ => None,
    }
}

/// What to write for a relation of which one side has the wrong curvature.
pub fn of_relation(relation: Relation, left: (&Expr, Curvature), right: (&Expr, Curvature)) -> Option<String> {
    let ((a, of_a), (b, of_b)) = (left, right);
    // `a - b` as far as its curvature is known.
    let convex = of_a.is_convex() && of_b.is_concave();
    let concave = of_a.is_concave() && of_b.is_convex();
    match relation {
        Relation::Equal if convex => Some(format!(
            "relax it to `{a} <= {b}`, which is the same where the optimum makes it tight"
        )),
        Relation::Equal if concave => Some(format!(
            "relax it to `{a} >= {b}`, which is the same where the optimum makes it tight"
        )),
        Relation::AtMost if concave => Some(format!("only the other direction is convex: `{a} >= {b}`")),
        Relation::AtLeast if convex => Some(format!("only the other direction is convex: `{a} <= {b}`")),
        _ => None,
    }
}

/// `sqrt` of a sum of squares is a norm.
fn root(arg: &Expr) -> Option<String> {
    let mut parts = Vec::new();
    for term in terms(arg) {
        parts.push(match (applied(term), known::number(term)) {
            (Some(("square", [x])), _) if x.shape.is_scalar() => x.to_string(),
            (Some(("sum_squares", [x])), _) if x.shape.cols.is_one() => x.to_string(),
            (_, Some(number)) if number >= 0.0 => number.sqrt().to_string(),
            _ => return None,
        });
    }
    match parts.as_slice() {
        [] => None,
        [only] if matches!(applied(arg), Some(("square", _))) => Some(format!("abs({only})")),
        [only] => Some(format!("norm2({only})")),
        _ => Some(format!("norm2(vstack({}))", parts.join(", "))),
    }
}

/// `log` of a sum of exponentials.
fn logarithm(arg: &Expr) -> Option<String> {
    if let Kind::Sum(inner) = &arg.kind
        && let Some(("exp", [x])) = applied(bare(inner))
    {
        return Some(format!("log_sum_exp({x})"));
    }
    let parts = terms(arg);
    let mut exponents = Vec::new();
    let mut ones = 0;
    for part in &parts {
        match (applied(part), known::number(part)) {
            (Some(("exp", [x])), _) => exponents.push(x.to_string()),
            (_, Some(1.0)) => ones += 1,
            _ => return None,
        }
    }
    match (exponents.as_slice(), ones) {
        ([only], 0) => Some(only.clone()),
        ([only], 1) => Some(format!("logistic({only})")),
        ([_, ..], 0) if arg.shape.is_scalar() => Some(format!("log_sum_exp(vstack({}))", exponents.join(", "))),
        _ => None,
    }
}

/// The summands.
fn terms(e: &Expr) -> Vec<&Expr> {
    match &bare(e).kind {
        Kind::Add(a, b) => {
            let mut all = terms(a);
            all.extend(terms(b));
            all
        }
        _ => vec![bare(e)],
    }
}

/// The atom that is applied last, and its arguments.
fn applied(e: &Expr) -> Option<(&'static str, &[ExprRef])> {
    match &e.kind {
        Kind::Atom(atom, args) => Some((atom.name, args)),
        _ => None,
    }
}

fn bare(e: &Expr) -> &Expr {
    match &e.kind {
        Kind::Named(inner) | Kind::Called(inner) | Kind::Move(Move::Repeat, inner) => bare(inner),
        _ => e,
    }
}

/// An expression that can stand before `*`.
fn factor(e: &Expr) -> String {
    match &e.kind {
        Kind::Add(..) => format!("({e})"),
        _ => e.to_string(),
    }
}

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

/// What to write for a product, matrix product or `dot` of two that both have variables.
pub fn of_product(product: &Expr, a: &Expr, b: &Expr) -> Option<String> {
    if a.to_string() == b.to_string() {
        let square = if product.is_dot() { "sum_squares" } else { "square" };
        return Some(format!("write `{square}({a})`"));
    }
    if a.is_transpose_of(b) && product.shape.is_scalar() {
        return Some(format!("write `sum_squares({b})`"));
    }
    form(product, a, b).or_else(|| form(product, b, a))
}

/// `xᵀPx`, of which one factor is `x` or its transpose.
fn form(product: &Expr, x: &Expr, other: &Expr) -> Option<String> {
    let Kind::Product(left, right) = &bare(other).kind else {
        return None;
    };
    let is = |a: &Expr, b: &Expr| a.to_string() == b.to_string();
    let (x, p) = if product.is_dot() && is(right, x) {
        (x, left)
    } else if !product.is_dot() && x.is_transpose_of(right) {
        (&**right, left)
    } else if left.is_transpose_of(x) {
        (x, right)
    } else {
        return None;
    };
    if p.variables || !x.shape.cols.is_one() || !product.shape.is_scalar() {
        return None;
    }
    let declare = match &p.kind {
        Kind::Param(..) | Kind::Data(..) if !p.definite.nonneg && !p.definite.nonpos => {
            format!(", with `psd` on `{p}`")
        }
        _ => String::new(),
    };
    Some(format!("write `quad_form({x}, {p})`{declare}"))
}

/// What to write for a quadratic form of what is a product of a factor and its transpose.
pub fn of_form(x: &ExprRef, p: &Expr) -> Option<String> {
    let Kind::Product(left, right) = &bare(p).kind else {
        return None;
    };
    let (at, factor) = (x.extent, right.clone());
    let related = left.is_transpose_of(right) || right.is_transpose_of(left);
    related.then(|| format!("write `sum_squares({})`", Expr::product(factor, x.clone(), at)))
}

/// What is concave and grows as a product of two does.
pub fn mean_of_product(e: &Expr) -> Option<String> {
    match &e.kind {
        Kind::Multiply(a, b) if e.shape.is_scalar() && a.sign.nonneg && b.sign.nonneg => Some(format!(
            "the square root of the product is concave: `geo_mean(vstack({a}, {b}))`"
        )),
        _ => None,
    }
}

/// What to write for a relation of which one side has the wrong curvature.
/// `good` is what the other direction is: convex, or log-log convex.
pub fn of_relation(
    relation: Relation,
    left: (&Expr, Curvature),
    right: (&Expr, Curvature),
    good: &str,
) -> Option<String> {
    let ((a, of_a), (b, of_b)) = (left, right);
    // `a - b` as far as its curvature is known.
    let convex = of_a.is_convex() && of_b.is_concave();
    let concave = of_a.is_concave() && of_b.is_convex();
    let (small, large) = if relation == Relation::AtMost { (a, b) } else { (b, a) };
    let reversed = relation == Relation::AtMost && concave || relation == Relation::AtLeast && convex;
    if reversed && small.sign.nonpos && large.sign.nonneg {
        return Some(format!("`{large}` is nonneg anyway: leave the bound out"));
    }
    match relation {
        Relation::Equal if convex => Some(format!(
            "relax it to `{a} <= {b}`, which is the same where the optimum makes it tight"
        )),
        Relation::Equal if concave => Some(format!(
            "relax it to `{a} >= {b}`, which is the same where the optimum makes it tight"
        )),
        Relation::AtMost if concave => Some(format!("only the other direction is {good}: `{a} >= {b}`")),
        Relation::AtLeast if convex => Some(format!("only the other direction is {good}: `{a} <= {b}`")),
        _ => None,
    }
}

/// `sqrt` of a sum of squares is a norm.
fn root(arg: &Expr) -> Option<String> {
    if let Kind::Sum(inner) = &arg.kind
        && let Some(("square", [x])) = applied(bare(inner))
    {
        let norm = if x.shape.is_vector() { "norm2" } else { "norm_fro" };
        return Some(format!("{norm}({x})"));
    }
    let mut parts = Vec::new();
    for term in terms(arg) {
        parts.push(match (applied(term), known::number(term)) {
            (Some(("square", [x])), _) if x.shape.is_scalar() => x.to_string(),
            (Some(("sum_squares", [x])), _) if x.shape.cols.is_one() => x.to_string(),
            (Some(("sum_squares", [x])), _) if x.shape.rows.is_one() => format!("{x}.T"),
            (Some(("sum_squares", [x])), _) => format!("norm_fro({x})"),
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

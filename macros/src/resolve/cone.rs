//! Constraints that say of their arguments that they are in a cone.

use super::broadcast;
use super::expr::{report_shapes, whole};
use super::function::exactly;
use super::names::Names;
use crate::conic::ConeKind;
use crate::dims::{Dim, Shape};
use crate::expr::{ExprRef, found, origin};
use crate::extent::Extent;
use crate::known;
use crate::model::Claim;
use crate::syntax::ast::{self, Node, Relation};

/// What a call of a cone claims, and the shape of its dual variable.
pub fn member(e: &ast::Expr, names: &mut Names<'_>) -> Option<(Claim, Shape)> {
    let Node::Call(name, args, _) = &e.node else {
        unreachable!("the parser lets calls through")
    };
    let args: Vec<_> = args.iter().map(|arg| whole(arg, names)).collect();
    let args = args.into_iter().collect::<Option<Vec<_>>>()?;
    match name.to_string().as_str() {
        "soc" => {
            let [t, x] = exactly(name, "soc(t, x)", args, names)?;
            for (arg, fits, expected) in [
                (&t, t.shape.is_scalar(), "a scalar"),
                (&x, x.shape.is_vector(), "a vector"),
            ] {
                if !fits {
                    let help = if expected == "a vector" {
                        format!("\nhelp: write `soc({t}, vec({x}))`")
                    } else if x.shape.is_scalar() && t.shape.is_vector() {
                        format!("\nhelp: write `soc({x}, {t})`")
                    } else {
                        String::new()
                    };
                    names.report.error(
                        arg.extent,
                        format_args!(
                            "expected {expected} in `soc(t, x)`, found `{arg}`, which is {}{}{help}",
                            arg.shape,
                            origin(&[arg])
                        ),
                    );
                    return None;
                }
            }
            let shape = Shape::new(&x.shape.size() + &Dim::one(), Dim::one());
            Some((Claim::Cone(ConeKind::SecondOrder, vec![t, x]), shape))
        }
        "exp_cone" => {
            let parts: [ExprRef; 3] = exactly(name, "exp_cone(x, y, z)", args, names)?;
            each(ConeKind::Exponential, &parts, e.extent, names)
        }
        _ => {
            let [x, y, z, alpha] = exactly(name, "pow_cone(x, y, z, alpha)", args, names)?;
            let Some(exponent) = known::number(&alpha).filter(|exponent| *exponent > 0.0 && *exponent < 1.0) else {
                names.report.error(
                    alpha.extent,
                    format_args!("expected a number between 0 and 1 as the exponent of a power cone, found `{alpha}`"),
                );
                return None;
            };
            each(ConeKind::Power(exponent), &[x, y, z], e.extent, names)
        }
    }
}

/// A cone for each entry; a scalar stands in each.
fn each(kind: ConeKind, parts: &[ExprRef; 3], at: Extent, names: &Names<'_>) -> Option<(Claim, Shape)> {
    let Some((parts, shape)) = broadcast::together(parts) else {
        let operands: Vec<_> = parts.iter().filter(|part| !part.shape.is_scalar()).collect();
        names.report.error(
            at,
            format_args!("expected arguments of one shape, or scalars: {}", found(&operands)),
        );
        return None;
    };
    let size = shape.size();
    // Every part has as many rows as there are cones.
    let parts = parts.into_iter().map(|part| {
        if part.shape == shape {
            part
        } else {
            crate::expr::Expr::repeat(part, shape.clone())
        }
    });
    Some((Claim::Cone(kind, parts.collect()), Shape::new(Dim::literal(3), size)))
}

/// A semidefinite constraint: of square matrices, or of one and zero.
pub fn semidefinite(
    relation: Relation,
    left: &ExprRef,
    right: &ExprRef,
    at: Extent,
    names: &Names<'_>,
) -> Option<(Claim, Shape)> {
    let matrix = if left.shape.is_scalar() { right } else { left };
    for side in [left, right] {
        if side.shape.is_scalar() && !matrix.shape.is_scalar() && !side.sign.is_zero() {
            names.report.error_with_help(
                side.extent,
                format_args!("expected a matrix or 0 beside `{relation}`, found `{side}`, which is a scalar"),
                format_args!(
                    "a multiple of the identity is written `{side} * eye({})`",
                    matrix.shape.rows
                ),
            );
            return None;
        }
        if side.shape.rows != side.shape.cols {
            names.report.error_with_help(
                side.extent,
                format_args!(
                    "expected a square matrix beside `{relation}`, found `{side}`, which is {}{}",
                    side.shape,
                    origin(&[side])
                ),
                format_args!(
                    "an elementwise inequality is `{left} {} {right}`",
                    if relation == Relation::MatrixAtMost { "<=" } else { ">=" }
                ),
            );
            return None;
        }
    }
    if left.shape != right.shape && !left.shape.is_scalar() && !right.shape.is_scalar() {
        report_shapes(names, at, &relation.to_string(), left, right);
        return None;
    }
    let shape = matrix.shape.clone();
    Some((Claim::Relation(relation, left.clone(), right.clone()), shape))
}

//! Warnings: what compiles, but is surely not meant.

use crate::expr::{Expr, Kind};
use crate::known;
use crate::model::{Claim, Model};
use crate::report::Report;
use crate::syntax::ast::Relation;

pub fn lint(model: &Model, report: &Report) {
    for constraint in &model.constraints {
        let Claim::Relation(relation, left, right) = &constraint.claim else {
            continue;
        };
        let found = without_variables(left, right)
            .or_else(|| decided(*relation, left, right))
            .or_else(|| decided(relation.mirrored(), right, left));
        if let Some(message) = found {
            report.warn(constraint.extent, message);
        }
    }
    // Products of variables are monomials there.
    if model.geometric.is_none() {
        unconstrained(model, report);
    }
}

fn without_variables(left: &Expr, right: &Expr) -> Option<String> {
    (!left.variables && !right.variables)
        .then(|| "no variable occurs in this constraint: it holds or fails whatever they are".to_owned())
}

/// An expression of known sign beside a number.
fn decided(relation: Relation, left: &Expr, right: &Expr) -> Option<String> {
    let number = known::number(right)?;
    let (sign, least) = (left.sign, left.sign.nonneg && number < 0.0);
    let most = sign.nonpos && number > 0.0;
    match relation {
        Relation::AtMost | Relation::Equal if least => Some(never(left)),
        Relation::AtLeast | Relation::Equal if most => Some(never(left)),
        Relation::AtLeast if sign.nonneg && number <= 0.0 => Some(always(left)),
        Relation::AtMost if sign.nonpos && number >= 0.0 => Some(always(left)),
        _ => None,
    }
}

fn never(e: &Expr) -> String {
    format!("this constraint never holds: `{e}` is {}", e.sign)
}

fn always(e: &Expr) -> String {
    format!("this constraint always holds: `{e}` is {}", e.sign)
}

/// A problem whose variables nothing holds back: an objective that is not bounded by itself has no optimum.
fn unconstrained(model: &Model, report: &Report) {
    let attributes = model.vars.iter().any(|var| {
        let attributes = var.attributes;
        attributes.nonneg || attributes.nonpos || attributes.psd || attributes.nsd
    });
    let Some(objective) = &model.objective else {
        return;
    };
    if model.constraints.is_empty() && !attributes && is_linear(&objective.value) && objective.value.variables {
        report.warn(
            objective.value.extent,
            "a linear objective without constraints has no optimum",
        );
    }
}

/// Whether no atom occurs that holds variables.
fn is_linear(e: &Expr) -> bool {
    match &e.kind {
        Kind::Atom(..) | Kind::Extreme(..) => !e.variables,
        _ => e.children().into_iter().all(|child| is_linear(child)),
    }
}

//! Warnings: what compiles, but is surely not meant.

use std::collections::HashSet;

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
            .or_else(|| same(*relation, left, right))
            .or_else(|| decided(*relation, left, right))
            .or_else(|| decided(relation.mirrored(), right, left));
        if let Some(message) = found {
            report.warn(constraint.extent, message);
        }
    }
    contradicted(model, report);
    untouched(model, report);
    // Products of variables are monomials there.
    if model.geometric.is_none() {
        unconstrained(model, report);
    }
}

fn without_variables(left: &Expr, right: &Expr) -> Option<String> {
    (!left.variables && !right.variables)
        .then(|| "no variable occurs in this constraint: it holds or fails whatever they are".to_owned())
}

/// An expression beside itself.
fn same(relation: Relation, left: &Expr, right: &Expr) -> Option<String> {
    let always = !relation.is_semidefinite() && left.to_string() == right.to_string();
    always.then(|| format!("this constraint always holds: both sides are `{left}`"))
}

/// An expression of known sign beside a number, or beside one of the other sign.
fn decided(relation: Relation, left: &Expr, right: &Expr) -> Option<String> {
    let Some(number) = known::number(right) else {
        if known::number(left).is_some() {
            return None;
        }
        let apart = match relation {
            Relation::AtLeast => left.sign.nonneg && right.sign.nonpos,
            Relation::AtMost => left.sign.nonpos && right.sign.nonneg,
            _ => false,
        };
        return apart.then(|| format!("{}, and `{right}` is {}", always(left), right.sign));
    };
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

/// Two bounds of one expression that no value is between.
fn contradicted(model: &Model, report: &Report) {
    let mut bounds: Vec<(String, Relation, f64)> = Vec::new();
    for constraint in model
        .constraints
        .iter()
        .filter(|constraint| constraint.loops.is_empty())
    {
        let Claim::Relation(relation, left, right) = &constraint.claim else {
            continue;
        };
        let (relation, of, number) = match (known::number(left), known::number(right)) {
            (None, Some(number)) => (*relation, left, number),
            (Some(number), None) => (relation.mirrored(), right, number),
            _ => continue,
        };
        let of = of.to_string();
        let contradiction = bounds.iter().find(|(other, earlier, bound)| {
            let above = |first: Relation, second: Relation| {
                first != Relation::AtMost && second != Relation::AtLeast && !first.is_semidefinite()
            };
            let contradicts =
                above(*earlier, relation) && *bound > number || above(relation, *earlier) && number > *bound;
            *other == of && contradicts && !earlier.is_semidefinite() && !relation.is_semidefinite()
        });
        if let Some((_, earlier, bound)) = contradiction {
            report.warn(
                constraint.extent,
                format_args!("this constraint never holds beside `{of} {earlier} {bound}`"),
            );
        }
        bounds.push((of, relation, number));
    }
}

/// A variable on which nothing but the values of `let`s depends.
fn untouched(model: &Model, report: &Report) {
    let (mut touched, mut read) = (Occurring::default(), Occurring::default());
    for constraint in &model.constraints {
        match &constraint.claim {
            Claim::Relation(_, left, right) => {
                touched.visit(left);
                touched.visit(right);
            }
            Claim::Cone(_, parts) => parts.iter().for_each(|part| touched.visit(part)),
        }
    }
    if let Some(objective) = &model.objective {
        touched.visit(&objective.value);
    }
    // What no `let` reads either is never used, which is said elsewhere.
    for binding in &model.lets {
        read.visit(&binding.value);
    }
    for (number, var) in model.vars.iter().enumerate() {
        if read.variables.contains(&number)
            && !touched.variables.contains(&number)
            && !var.name.to_string().starts_with('_')
        {
            report.warn(
                &var.name,
                format_args!(
                    "the variable `{}` is in no constraint and not in the objective: every value of it is optimal",
                    var.name
                ),
            );
        }
    }
}

/// The variables in expressions, each of which is visited once however often it is shared.
#[derive(Default)]
struct Occurring {
    seen: HashSet<*const Expr>,
    variables: HashSet<usize>,
}

impl Occurring {
    fn visit(&mut self, e: &Expr) {
        if !e.variables || !self.seen.insert(e) {
            return;
        }
        if let Kind::Block(number) = e.kind {
            self.variables.insert(number);
        }
        for child in e.children() {
            self.visit(child);
        }
    }
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

//! Geometric problems: convex in the logarithms of the variables. They are checked against rules of their own, and
//! become convex problems in the logarithms.

mod reasons;
mod rules;
mod structure;
mod terms;
mod transform;

use std::collections::HashSet;
use std::rc::Rc;

use crate::curvature::Curvature;
use crate::demand::Demand;
use crate::expr::{Expr, ExprRef, Kind};
use crate::model::{Claim, Constraint, Model, Objective};
use crate::report::Report;
use crate::rewrite;

use rules::{Rules, name};
pub use transform::logarithmic;

/// A way out for what is not convex, where it is in the logarithms of variables that are positive.
pub fn suggestion(model: &Model, e: &ExprRef) -> Option<String> {
    let curvature = Rules::hopeful(model).curvature(e);
    let known = curvature != Curvature::Unknown;
    known.then(|| {
        let dims: Vec<_> = model.dims.iter().map(ToString::to_string).collect();
        let dims = if dims.is_empty() {
            String::new()
        } else {
            format!("({})", dims.join(", "))
        };
        format!(
            "where all is positive, `{e}` is {}: try `problem {}{dims} geometric`",
            name(curvature),
            model.name
        )
    })
}

/// Reports every violation of the rules for geometric problems, each cause once.
pub fn check(model: &Model, report: &Report) {
    let mut check = Check {
        report,
        rules: Rules::new(model),
        reported: HashSet::new(),
        undeclared: HashSet::new(),
    };
    check.declarations();
    if let Some(objective) = &model.objective {
        check.objective(objective);
    }
    for constraint in &model.constraints {
        check.constraint(constraint);
    }
}

struct Check<'a> {
    report: &'a Report,
    rules: Rules<'a>,
    reported: HashSet<*const Expr>,
    /// The leaves that were reported: each use of one is another expression.
    undeclared: HashSet<String>,
}

impl Check<'_> {
    fn declarations(&self) {
        let model = self.rules.model;
        if let (Some(word), true) = (&model.geometric, model.strict_dpp) {
            self.report.error_with_help(
                word,
                "a geometric problem has logarithms of its parameters, which `#[strict_dpp]` refuses",
                "remove `#[strict_dpp]`: the logarithms are derived at every solve, and differentiated through",
            );
        }
        for var in &model.vars {
            if var.attributes.psd || var.attributes.nsd {
                self.report.error_with_help(
                    &var.name,
                    format_args!("`{}` is semidefinite, which is not convex in its logarithms", var.name),
                    "declare it `symmetric`, or leave out `geometric`",
                );
            }
        }
    }

    fn objective(&mut self, objective: &Objective) {
        let demand = Demand::of_objective(objective.sense);
        let other = objective.sense.opposite();
        let help = format!("only the other sense is log-log convex: `{other} {}`", objective.value);
        self.demand(&objective.value, demand, &format!("to {}", objective.sense), Some(help));
    }

    fn constraint(&mut self, constraint: &Constraint) {
        let (relation, left, right) = match &constraint.claim {
            Claim::Relation(relation, left, right) if !relation.is_semidefinite() => (relation, left, right),
            _ => {
                self.report.error_with_help(
                    constraint.extent,
                    "a geometric problem has no cones: expected `==`, `<=` or `>=`",
                    "write it by sums, products and powers, or leave out `geometric`",
                );
                return;
            }
        };
        let [of_left, of_right] = [left, right].map(|side| self.rules.curvature(side));
        let help = rewrite::of_relation(*relation, (left, of_left), (right, of_right), "log-log convex");
        let [on_left, on_right] = Demand::of_sides(*relation);
        for (side, demand, place) in [(left, on_left, "left"), (right, on_right, "right")] {
            let place = format!("{place} of `{relation}`");
            self.demand(side, demand, &place, help.clone());
        }
    }

    fn demand(&mut self, e: &ExprRef, demand: Demand, place: &str, help: Option<String>) {
        let curvature = self.rules.curvature(e);
        if curvature == Curvature::Unknown {
            self.culprits(e);
        } else if !demand.met_by(curvature) && self.first(e) {
            let message = format!(
                "expected a log-log {demand} expression {place}, found `{e}`, which is {}",
                name(curvature)
            );
            self.explain(e, message, help);
        }
    }

    fn culprits(&mut self, e: &ExprRef) {
        let culprits: Vec<_> = self.rules.culprits(e).into_iter().cloned().collect();
        for culprit in culprits {
            let leaf = matches!(culprit.kind, Kind::Param(..) | Kind::Data(..) | Kind::Block(_));
            if !self.first(&culprit) || leaf && !self.undeclared.insert(culprit.to_string()) {
                continue;
            }
            let (reason, help) = self.rules.reason(&culprit);
            let note = match self.rules.call_around(e, &culprit) {
                Some(call) => format!("\nnote: in the call `{call}`"),
                None => String::new(),
            };
            let message = format!("not log-log convex by the rules: {reason}{note}");
            self.explain(&culprit, message, help);
        }
    }

    fn first(&mut self, culprit: &ExprRef) -> bool {
        let mut inner = culprit;
        while let Kind::Named(value) | Kind::Called(value) = &inner.kind {
            inner = value;
        }
        self.reported.insert(Rc::as_ptr(inner))
    }

    fn explain(&self, at: &ExprRef, message: String, help: Option<String>) {
        match help {
            Some(help) => self.report.error_with_help(at.extent, message, help),
            None => self.report.error(at.extent, message),
        }
    }
}

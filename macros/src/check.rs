//! The verdicts: objective and constraints against the rules, with constant parameters (DCP), then, where the problem
//! asks for it, with moving ones (DPP).

use std::collections::HashSet;
use std::rc::Rc;

use crate::atoms::Value;
use crate::curvature::Curvature;
use crate::dcp::{Rules, Scope, WAYS_OUT};
use crate::demand::Demand;
use crate::expr::{Expr, ExprRef, Kind};
use crate::extent::Extent;
use crate::geometric;
use crate::model::{Claim, Constraint, Model};
use crate::report::Report;
use crate::rewrite;
use crate::syntax::ast::Sense;

/// Reports every violation of the composition rules, each cause once.
pub fn check(model: &Model, report: &Report) {
    let mut check = Check {
        model,
        report,
        dcp: Rules::new(Scope::Dcp),
        dpp: model.strict_dpp.then(|| Rules::new(Scope::Dpp)),
        reported: HashSet::new(),
    };
    if let Some(objective) = &model.objective {
        check.objective(objective.sense, &objective.value);
    }
    for constraint in &model.constraints {
        check.constraint(constraint);
    }
}

/// The verdict on what is convex for every value of the parameters, but not in a way that the generated code can follow.
const UNPARAMETRIZED: &str = "fine for constant parameters, but not for parameters that change";

struct Check<'a> {
    model: &'a Model,
    report: &'a Report,
    dcp: Rules,
    /// None where what is not affine in the parameters is derived from them at every solve.
    dpp: Option<Rules>,
    reported: HashSet<*const Expr>,
}

/// A smallest sub-expression where a rule breaks.
struct Cause {
    at: ExprRef,
    reason: String,
    help: Option<String>,
}

fn causes(rules: &Rules, e: &ExprRef) -> Vec<Cause> {
    let culprits = rules.culprits(e).into_iter();
    let causes = culprits.map(|culprit| {
        let (mut reason, help) = rules.reason(culprit);
        if let Some(call) = rules.call_around(e, culprit) {
            reason = format!("{reason}\nnote: in the call `{call}`");
        }
        Cause {
            at: culprit.clone(),
            reason,
            help,
        }
    });
    causes.collect()
}

impl Check<'_> {
    fn objective(&mut self, sense: Sense, value: &ExprRef) {
        let other = sense.opposite();
        let help = format!("only the other sense is convex: `{other} {value}`");
        if self.demand(value, Demand::of_objective(sense), &format!("to {sense}"), Some(help)) {
            self.quad_forms(value, true);
        }
    }

    fn constraint(&mut self, constraint: &Constraint) {
        let mut help = None;
        let sides = match &constraint.claim {
            Claim::Relation(relation, left, right) => {
                let [of_left, of_right] = [left, right].map(|side| self.dcp.curvature(side));
                help = rewrite::of_relation(*relation, (left, of_left), (right, of_right), "convex");
                let [on_left, on_right] = Demand::of_sides(*relation);
                vec![
                    (left, on_left, format!("left of `{relation}`")),
                    (right, on_right, format!("right of `{relation}`")),
                ]
            }
            Claim::Cone(_, parts) => {
                let parts = parts.iter();
                parts
                    .map(|part| (part, Demand::Affine, "in a cone".to_owned()))
                    .collect()
            }
        };
        for (side, demand, place) in sides {
            if self.demand(side, demand, &place, help.clone()) {
                self.quad_forms(side, false);
            }
        }
    }

    /// Whether `e` has the curvature that its place demands; otherwise each cause is reported.
    fn demand(&mut self, e: &ExprRef, demand: Demand, place: &str, help: Option<String>) -> bool {
        let in_dcp = self.dcp.curvature(e);
        if in_dcp == Curvature::Unknown {
            let mut causes = causes(&self.dcp, e);
            self.suggest(e, demand, &mut causes);
            self.explain_causes(causes, "not convex by the rules");
            return false;
        }
        if !demand.met_by(in_dcp) {
            if self.first(e) {
                let message = format!(
                    "expected {} {demand} expression {place}, found `{e}`, which is {in_dcp}",
                    demand.article()
                );
                self.explain(e.extent, message, help);
            }
            return false;
        }
        let Some(dpp) = &self.dpp else {
            return true;
        };
        let in_dpp = dpp.curvature(e);
        if in_dpp == Curvature::Unknown {
            let mut causes = causes(dpp, e);
            for cause in &mut causes {
                cause.help.get_or_insert_with(|| WAYS_OUT.into());
            }
            self.explain_causes(causes, UNPARAMETRIZED);
            return false;
        }
        if !demand.met_by(in_dpp) {
            if self.first(e) {
                let message = format!(
                    "{UNPARAMETRIZED}: expected {} {demand} expression {place}, found `{e}`, which is {in_dpp} in its parameters",
                    demand.article()
                );
                self.explain(e.extent, message, Some(WAYS_OUT.into()));
            }
            return false;
        }
        true
    }

    /// Ways out that depend on what is around the causes.
    fn suggest(&self, e: &ExprRef, demand: Demand, causes: &mut [Cause]) {
        let mut products: Vec<_> = causes.iter_mut().filter(|cause| cause.help.is_none()).collect();
        if matches!(demand, Demand::Concave) {
            for cause in &mut products {
                cause.help = rewrite::mean_of_product(&cause.at);
            }
        }
        if causes.iter().all(|cause| cause.help.is_none())
            && let Some(first) = causes.first_mut()
        {
            first.help = geometric::suggestion(self.model, e);
        }
    }

    fn explain_causes(&mut self, causes: Vec<Cause>, verdict: &str) {
        for Cause { at, reason, help } in causes {
            if self.first(&at) {
                self.explain(at.extent, format!("{verdict}: {reason}"), help);
            }
        }
    }

    /// A matrix is no factor of itself: its form must reach the objective as it is.
    fn quad_forms(&mut self, e: &ExprRef, objective: bool) {
        match &e.kind {
            Kind::Atom(atom, args) => {
                if !e.variables {
                    if matches!(atom.value, Value::Unknown) && self.first(e) {
                        self.explain(
                            e.extent,
                            format!(
                                "`{e}` has no variables, and `{}` of parameters is not computed",
                                atom.name
                            ),
                            Some("pass its value as a parameter of its own".into()),
                        );
                    }
                    return;
                }
                if atom.graph.is_none() && atom.quadratic.is_some() && !objective && self.first(e) {
                    let (x, p) = (&args[0], &args[1]);
                    self.explain(
                        e.extent,
                        format!("outside the objective, `{e}` needs a factor of `{p}`"),
                        Some(rewrite::of_form(x, p).unwrap_or_else(|| {
                            format!(
                                "declare a factor `f` with `f.T * f` equal to `{p}`, and write `sum_squares({})`",
                                Expr::times("f", x)
                            )
                        })),
                    );
                }
                for arg in args {
                    self.quad_forms(arg, false);
                }
            }
            _ => {
                for child in e.children() {
                    self.quad_forms(child, objective);
                }
            }
        }
    }

    fn first(&mut self, culprit: &ExprRef) -> bool {
        let mut inner = culprit;
        while let Kind::Named(value) | Kind::Called(value) = &inner.kind {
            inner = value;
        }
        self.reported.insert(Rc::as_ptr(inner))
    }

    fn explain(&self, at: Extent, message: String, help: Option<String>) {
        match help {
            Some(help) => self.report.error_with_help(at, message, help),
            None => self.report.error(at, message),
        }
    }
}

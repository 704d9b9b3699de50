//! Why the rules for geometric problems do not tell a curvature, and ways out.

use super::rules::{ATOMS, Rule, Rules, monotonicity, moving_data, name, rule};
use super::structure::{overlaps, stack, subtracted};
use crate::atoms::Atom;
use crate::curvature::{Curvature, Monotonicity};
use crate::expr::{Expr, ExprRef, Kind, Move};
use crate::known;

/// What is wrong, and a way out where one is known.
pub type Reason = (String, Option<String>);

impl Rules<'_> {
    /// Why the curvature of a culprit is unknown.
    pub fn reason(&self, e: &ExprRef) -> Reason {
        if let Some((a, b)) = subtracted(e) {
            return (
                format!("`{b}` is subtracted from `{a}`: a difference has no log-log curvature"),
                Some("in a relation, what is subtracted can be added on the other side".into()),
            );
        }
        if let Some(value) = known::number(e) {
            let help = (value == 0.0).then(|| "leave it out, since all is positive".into());
            return (format!("`{e}` is not positive, so that it has no logarithm"), help);
        }
        if let Some(parts) = stack(e) {
            return (self.why_not_stack(&parts), None);
        }
        match &e.kind {
            Kind::Param(..) | Kind::Data(..) | Kind::Block(_) => undeclared(e),
            Kind::Literal(_) => (
                format!("an entry of `{e}` is not positive, so that it has no logarithm"),
                None,
            ),
            Kind::Size(_) => (format!("`{e}` may be zero, which has no logarithm"), None),
            Kind::Negate(arg) => (
                format!("`{e}` is negative, so that it has no logarithm"),
                Some(format!("in a relation, `{arg}` can be added on the other side")),
            ),
            Kind::Move(Move::ToDiagonal, _) => (
                format!("`{e}` has zeros off the diagonal, which have no logarithm"),
                Some("a product with a diagonal matrix is one with its diagonal, by `multiply`".into()),
            ),
            Kind::Move(Move::Cumulate, _) => (
                format!("`{e}` has no log-log rule"),
                Some("write each of its sums, as in `sum(x[..3])`".into()),
            ),
            Kind::Named(value) if overlaps(value) => (
                format!("`{e}` has no log-log rule"),
                Some("write its entries, as sums of products".into()),
            ),
            Kind::Atom(atom, args) => self.why_not_atom(e, atom, args),
            _ => self.why_not_operator(e),
        }
    }

    fn named(&self, e: &ExprRef) -> String {
        name(self.curvature(e))
    }

    fn why_not_stack(&self, parts: &[&ExprRef]) -> String {
        let curved = |wanted: Curvature| parts.iter().find(|part| self.curvature(part) == wanted);
        match (curved(Curvature::Convex), curved(Curvature::Concave)) {
            (Some(convex), Some(concave)) => format!(
                "`{convex}` is {} and is stacked with `{concave}`, which is {}: the whole is neither",
                self.named(convex),
                self.named(concave)
            ),
            _ => "the parts of a stack have no common curvature".into(),
        }
    }

    fn why_not_operator(&self, e: &ExprRef) -> Reason {
        match &e.kind {
            Kind::Add(a, b) | Kind::Product(a, b) => {
                let concave = if self.curvature(a).is_convex() { b } else { a };
                let what = match e.kind {
                    Kind::Add(..) => "a sum",
                    _ => "a matrix product, which sums,",
                };
                (
                    format!(
                        "{what} takes what is log-log convex, and `{concave}` is {}",
                        self.named(concave)
                    ),
                    None,
                )
            }
            Kind::Multiply(a, b) => (
                format!(
                    "`{a}` is {} and is multiplied by `{b}`, which is {}: the product has no curvature",
                    self.named(a),
                    self.named(b)
                ),
                None,
            ),
            Kind::Divide(a, b) => {
                let takes = match self.curvature(a) {
                    Curvature::Concave => "log-log convex",
                    _ => "log-log concave, as a product of powers is",
                };
                (
                    format!(
                        "`{a}` is {} and is divided by `{b}`, which is {}: the quotient has no curvature",
                        self.named(a),
                        self.named(b)
                    ),
                    Some(format!("what divides `{a}` has to be {takes}")),
                )
            }
            Kind::Sum(arg) | Kind::SumOver(_, arg) => (
                format!("a sum takes what is log-log convex, and `{arg}` is {}", self.named(arg)),
                None,
            ),
            Kind::Extreme(_, arg) => (
                format!(
                    "a `max` over turns takes what is log-log convex, and `{arg}` is {}",
                    self.named(arg)
                ),
                None,
            ),
            _ => (format!("`{e}` is {}", self.named(e)), None),
        }
    }

    fn why_not_atom(&self, e: &ExprRef, atom: &Atom, args: &[ExprRef]) -> Reason {
        let found = rule(atom, args);
        if let (Some(Rule::Power(_)), Some(arg)) = (&found, moving_data(atom, args)) {
            return (format!("expected `{arg}` without variables in `{}`", atom.usage), None);
        }
        let Some(Rule::Curved(curvature)) = found else {
            let help = format!("there are rules for `{}`", ATOMS.join("`, `"));
            return (format!("`{}` has no log-log rule", atom.name), Some(help));
        };
        if !e.variables {
            return (
                format!("nothing says that `{e}` is positive: it is where the argument is above one"),
                Some("pass its value as a `pos` parameter of its own".into()),
            );
        }
        let broken = args.iter().enumerate().find(|(which, arg)| {
            let found = self.curvature(arg);
            !curvature.composes(monotonicity(atom, *which), found)
        });
        let Some((which, arg)) = broken else {
            return (format!("`{e}` is {}", name(curvature)), None);
        };
        let monotonicity = monotonicity(atom, which);
        let takes = match (curvature, monotonicity) {
            (Curvature::Convex, Monotonicity::Nondecreasing) | (Curvature::Concave, Monotonicity::Nonincreasing) => {
                "convex"
            }
            _ => "concave",
        };
        (
            format!(
                "`{}` is {} and {monotonicity} here, so it takes a log-log {takes} argument: `{arg}` is {}",
                atom.name,
                name(curvature),
                self.named(arg)
            ),
            None,
        )
    }
}

fn undeclared(e: &Expr) -> Reason {
    (
        format!("`{e}` is not declared `pos`, and only what is positive has a logarithm"),
        Some(format!("declare `{e}` `pos`")),
    )
}

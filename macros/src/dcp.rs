//! Curvature by composition, and the smallest sub-expression where it breaks.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::atoms::Atom;
use crate::curvature::{Curvature, Monotonicity};
use crate::expr::{Expr, ExprRef, Kind};
use crate::rewrite;

/// What a parameter is while the rules are applied.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// A constant: disciplined convex programming.
    Dcp,
    /// Affine: disciplined parametrized programming, in which the cone program is affine in the parameters.
    Dpp,
}

/// How to write a strictly parametrized problem otherwise.
pub const WAYS_OUT: &str = "compute it in Rust and pass it as a parameter of its own, or remove `#[strict_dpp]` to have it derived at every solve";

/// The composition rules in one scope, with what they said so far.
pub struct Rules {
    scope: Scope,
    known: RefCell<HashMap<*const Expr, Curvature>>,
}

impl Rules {
    pub fn new(scope: Scope) -> Rules {
        Rules {
            scope,
            known: RefCell::default(),
        }
    }

    pub fn curvature(&self, e: &ExprRef) -> Curvature {
        let key = Rc::as_ptr(e);
        if let Some(&curvature) = self.known.borrow().get(&key) {
            return curvature;
        }
        let curvature = self.compose(e);
        self.known.borrow_mut().insert(key, curvature);
        curvature
    }

    fn compose(&self, e: &ExprRef) -> Curvature {
        if self.is_constant(e) {
            return Curvature::Constant;
        }
        match &e.kind {
            Kind::Named(arg)
            | Kind::Called(arg)
            | Kind::Transpose(arg)
            | Kind::Sum(arg)
            | Kind::SumOver(_, arg)
            | Kind::Move(_, arg)
            | Kind::Slice(arg, ..) => self.curvature(arg),
            Kind::LogSumExp(terms) if terms.iter().all(|term| self.curvature(&term.value).is_convex()) => {
                Curvature::Convex
            }
            Kind::LogSumExp(_) => Curvature::Unknown,
            Kind::Extreme(_, arg) if self.curvature(arg).is_convex() => Curvature::Convex,
            Kind::Extreme(..) => Curvature::Unknown,
            Kind::Negate(arg) => self.curvature(arg).negated(),
            Kind::Add(a, b) => self.curvature(a).plus(self.curvature(b)),
            Kind::Multiply(a, b) | Kind::Product(a, b) if self.both_move(a, b) => Curvature::Unknown,
            Kind::Multiply(a, b) | Kind::Product(a, b) => match self.factor(a, b) {
                Some((factor, other)) => self.curvature(other).scaled(factor.sign),
                None => Curvature::Unknown,
            },
            Kind::Divide(_, b) if self.scope == Scope::Dpp && b.parameters => Curvature::Unknown,
            Kind::Divide(a, b) if self.is_factor(b) => self.curvature(a).scaled(b.sign),
            Kind::Divide(..) => Curvature::Unknown,
            Kind::Atom(atom, args) => self.apply(atom, args),
            _ => Curvature::Affine,
        }
    }

    fn is_constant(&self, e: &Expr) -> bool {
        !e.variables && (self.scope == Scope::Dcp || !e.parameters)
    }

    /// Whether two factors move with the parameters.
    fn both_move(&self, a: &Expr, b: &Expr) -> bool {
        self.scope == Scope::Dpp && a.parameters && b.parameters
    }

    /// Whether `e` can be a coefficient: free of variables and, where parameters move, affine in them.
    pub fn is_factor(&self, e: &ExprRef) -> bool {
        !e.variables && self.curvature(e).is_affine()
    }

    /// The factor of a product that is a coefficient, and the other one.
    pub fn factor<'a>(&self, a: &'a ExprRef, b: &'a ExprRef) -> Option<(&'a ExprRef, &'a ExprRef)> {
        if self.is_factor(a) {
            Some((a, b))
        } else if self.is_factor(b) {
            Some((b, a))
        } else {
            None
        }
    }

    fn apply(&self, atom: &Atom, args: &[ExprRef]) -> Curvature {
        let curvature = (atom.curvature)(args);
        let holds = args.iter().enumerate().all(|(which, arg)| {
            if atom.data.contains(&which) {
                self.is_factor(arg) && self.partner(atom, arg, args).is_none()
            } else if self.must_be_fixed(atom, which, arg) {
                false
            } else {
                curvature.composes((atom.monotonicity)(args, which), self.curvature(arg))
            }
        });
        if holds { curvature } else { Curvature::Unknown }
    }

    /// The argument that a datum multiplies while both move with the parameters.
    fn partner<'a>(&self, atom: &Atom, datum: &ExprRef, args: &'a [ExprRef]) -> Option<&'a ExprRef> {
        let mut others = args.iter().filter(|other| !Rc::ptr_eq(datum, other));
        others.find(|other| atom.multiplies && self.both_move(datum, other))
    }

    fn must_be_fixed(&self, atom: &Atom, which: usize, arg: &Expr) -> bool {
        self.scope == Scope::Dpp && atom.fixed.contains(&which) && arg.parameters
    }

    /// The smallest parts of an expression of unknown curvature whose own parts are all known.
    pub fn culprits<'a>(&self, e: &'a ExprRef) -> Vec<&'a ExprRef> {
        let unknown = |child: &&ExprRef| self.curvature(child) == Curvature::Unknown;
        let within: Vec<_> = e
            .children()
            .into_iter()
            .filter(unknown)
            .flat_map(|child| self.culprits(child))
            .collect();
        let whole = match &e.kind {
            // What was written is the whole.
            Kind::Sum(product) => e.is_dot() && matches!(within.as_slice(), [only] if Rc::ptr_eq(only, product)),
            _ => within.is_empty(),
        };
        if whole || within.is_empty() { vec![e] } else { within }
    }

    /// The innermost call of a user's function that was expanded on the way down to a culprit.
    pub fn call_around<'a>(&self, e: &'a ExprRef, culprit: &ExprRef) -> Option<&'a ExprRef> {
        if Rc::ptr_eq(e, culprit) {
            return None;
        }
        let is_culprit = |other: &&ExprRef| Rc::ptr_eq(other, culprit);
        let below = |child: &&ExprRef| self.culprits(child).iter().any(is_culprit);
        let unknown = |child: &&ExprRef| self.curvature(child) == Curvature::Unknown;
        let child = e.children().into_iter().filter(unknown).find(below)?;
        let own = matches!(e.kind, Kind::Called(_)).then_some(e);
        self.call_around(child, culprit).or(own)
    }

    /// Why the curvature of a culprit is unknown, and a way out where one is known.
    pub fn reason(&self, e: &ExprRef) -> (String, Option<String>) {
        match &e.kind {
            Kind::Add(a, b) => (self.why_not_sum(a, b), None),
            Kind::Multiply(a, b) | Kind::Product(a, b) => self.why_not_product(e, a, b),
            Kind::Sum(product) => match &product.kind {
                Kind::Multiply(a, b) if e.is_dot() => self.why_not_product(e, a, b),
                _ => self.reason(product),
            },
            Kind::Divide(a, b) => self.why_not_quotient(a, b),
            Kind::Atom(atom, args) => self.why_not_atom(e, atom, args),
            Kind::Extreme(_, arg) => (
                format!(
                    "a `max` over turns takes what is convex (a `min` what is concave, negated), and `{arg}` is {}",
                    self.curvature(arg)
                ),
                None,
            ),
            _ => (format!("`{e}` is {}", self.curvature(e)), None),
        }
    }

    fn why_not_sum(&self, a: &ExprRef, b: &ExprRef) -> String {
        // A difference is reported as it was written.
        let (b, verb) = match &b.kind {
            Kind::Negate(positive) => (positive, "subtracted from"),
            _ => (b, "added to"),
        };
        let (first, second) = (self.described(a), self.described(b));
        format!("`{b}` is {second}, and is {verb} `{a}`, which is {first}: the result has no curvature")
    }

    /// Nothing where there is not more to say than is seen.
    fn beside(&self, how: &str, e: &ExprRef) -> String {
        if e.variables {
            format!("{how} `{e}`, which is {}", self.described(e))
        } else {
            String::new()
        }
    }

    /// Curvature and sign.
    fn described(&self, e: &ExprRef) -> String {
        format!("{} and {}", self.curvature(e), e.sign)
    }

    fn why_not_product(&self, e: &ExprRef, a: &ExprRef, b: &ExprRef) -> (String, Option<String>) {
        if self.both_move(a, b) && !(a.variables && b.variables) {
            return self.why_not_both(a, b);
        }
        if a.variables && b.variables {
            return (
                format!(
                    "expected at least one factor without variables, found `{a}`, which is {}, times `{b}`, which is {}",
                    self.described(a),
                    self.described(b)
                ),
                rewrite::of_product(e, a, b),
            );
        }
        let (factor, other) = if a.variables { (b, a) } else { (a, b) };
        if !self.is_factor(factor) {
            return self.why_not_factor(factor);
        }
        (
            format!(
                "`{other}` is {} and `{factor}` is {}: `{e}` has no curvature",
                self.described(other),
                factor.sign
            ),
            ask_for_sign(factor),
        )
    }

    /// Only where parameters move.
    fn why_not_both(&self, a: &ExprRef, b: &ExprRef) -> (String, Option<String>) {
        (
            format!("`{a}` and `{b}` both depend on parameters, and only one of the two may"),
            Some(WAYS_OUT.into()),
        )
    }

    /// Only where parameters move: a factor without variables that is not affine in them.
    fn why_not_factor(&self, factor: &ExprRef) -> (String, Option<String>) {
        (
            format!(
                "`{factor}` is {} in its parameters, and a coefficient is affine in them",
                self.curvature(factor)
            ),
            Some(WAYS_OUT.into()),
        )
    }

    fn why_not_quotient(&self, a: &ExprRef, b: &ExprRef) -> (String, Option<String>) {
        if b.variables {
            return (
                format!(
                    "expected a divisor without variables, found `{b}`, which is {}{}",
                    self.described(b),
                    self.beside(", below", a)
                ),
                rewrite::of_quotient(a, b).map(|better| format!("write `{better}`")),
            );
        }
        if self.scope == Scope::Dpp && b.parameters {
            return (
                format!("the divisor `{b}` depends on parameters"),
                Some(WAYS_OUT.into()),
            );
        }
        (
            format!("`{a}` is {} and the divisor `{b}` is {}", self.described(a), b.sign),
            ask_for_sign(b),
        )
    }

    fn why_not_atom(&self, e: &ExprRef, atom: &Atom, args: &[ExprRef]) -> (String, Option<String>) {
        let curvature = (atom.curvature)(args);
        if curvature == Curvature::Unknown {
            // The one atom whose curvature is not its own.
            let p = &args[args.len() - 1];
            if p.variables {
                return (format!("expected `{p}` without variables in `{}`", atom.usage), None);
            }
            let help = match &p.kind {
                Kind::Param(..) | Kind::Data(..) => format!("declare `{p}` `psd`"),
                _ => "a `psd` parameter is, and `f * f.T`, and what is a sum, a nonneg multiple or a transpose of such"
                    .into(),
            };
            return (
                format!("`{e}` is convex only for a positive semidefinite `{p}`, and nothing says that it is"),
                Some(help),
            );
        }
        for (which, arg) in args.iter().enumerate() {
            let found = self.curvature(arg);
            if atom.data.contains(&which) {
                if arg.variables {
                    return (format!("expected `{arg}` without variables in `{}`", atom.usage), None);
                }
                if !self.is_factor(arg) {
                    return self.why_not_factor(arg);
                }
                if let Some(other) = self.partner(atom, arg, args) {
                    return self.why_not_both(other, arg);
                }
                continue;
            }
            if self.must_be_fixed(atom, which, arg) {
                return (
                    format!("`{arg}` depends on parameters, and `{}` divides by it", atom.name),
                    Some(WAYS_OUT.into()),
                );
            }
            let monotonicity = (atom.monotonicity)(args, which);
            if !curvature.composes(monotonicity, found) {
                let takes = match (curvature, monotonicity) {
                    (_, Monotonicity::Neither) => "an affine argument",
                    (Curvature::Convex, Monotonicity::Nondecreasing)
                    | (Curvature::Concave, Monotonicity::Nonincreasing) => "a convex argument",
                    _ => "a concave argument",
                };
                let others: String = args
                    .iter()
                    .enumerate()
                    .filter(|(other, arg)| *other != which && arg.variables)
                    .map(|(_, other)| self.beside(", beside", other))
                    .collect();
                return (
                    format!(
                        "`{}` is {curvature} and {monotonicity} here, so it takes {takes}: `{arg}` is {}{others}",
                        atom.name,
                        self.described(arg)
                    ),
                    rewrite::of_atom(atom, args).map(|better| format!("write `{better}`")),
                );
            }
        }
        (format!("`{e}` is {curvature}"), None)
    }
}

/// How the sign of a coefficient becomes known.
fn ask_for_sign(e: &Expr) -> Option<String> {
    if let Some(leaf) = e.declared() {
        return Some(format!("declare `{leaf}` `nonneg`, or `nonpos`"));
    }
    (!e.variables && !e.parameters).then(|| format!("where it is nonneg, say so: `nonneg_wrap({e})`"))
}

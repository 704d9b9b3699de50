//! Log-log curvature by composition: that of the logarithm, in the logarithms of the variables.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::structure::{operands, overlaps, placed, smallest, stack, subtracted};
use crate::atoms::Atom;
use crate::curvature::{Curvature, Monotonicity};
use crate::dims::Dim;
use crate::expr::{Expr, ExprRef, Kind, Move};
use crate::known;
use crate::model::Model;

/// What the rules know of an atom of positive arguments.
pub enum Rule {
    /// A power of its argument, of an exponent of this sign.
    Power(f64),
    Curved(Curvature),
}

/// The atoms that have a rule.
pub const ATOMS: [&str; 22] = [
    "abs",
    "pos",
    "square",
    "sqrt",
    "inv_pos",
    "power",
    "geo_mean",
    "max",
    "maximum",
    "norm_inf",
    "min",
    "minimum",
    "norm1",
    "norm2",
    "norm_fro",
    "pnorm",
    "sum_squares",
    "quad_form",
    "quad_over_lin",
    "harmonic_mean",
    "exp",
    "log",
];

pub fn rule(atom: &Atom, args: &[ExprRef]) -> Option<Rule> {
    let exponent = || known::number(&args[1]).unwrap_or(1.0);
    Some(match atom.name {
        "abs" | "pos" | "square" | "sqrt" | "geo_mean" => Rule::Power(1.0),
        "inv_pos" => Rule::Power(-1.0),
        "power" => Rule::Power(exponent()),
        "max" | "maximum" | "norm_inf" | "norm1" | "norm2" | "norm_fro" | "sum_squares" | "quad_form"
        | "quad_over_lin" | "exp" => Rule::Curved(Curvature::Convex),
        "pnorm" if exponent() > 0.0 => Rule::Curved(Curvature::Convex),
        "min" | "minimum" | "pnorm" | "harmonic_mean" | "log" => Rule::Curved(Curvature::Concave),
        _ => return None,
    })
}

/// What must have no variables, and has some: an exponent or weights.
pub fn moving_data<'e>(atom: &Atom, args: &'e [ExprRef]) -> Option<&'e ExprRef> {
    atom.data.iter().map(|which| &args[*which]).find(|arg| arg.variables)
}

/// How an atom that is curved depends on the logarithm of an argument.
pub fn monotonicity(atom: &Atom, which: usize) -> Monotonicity {
    match (atom.name, which) {
        ("quad_over_lin", 1) => Monotonicity::Nonincreasing,
        _ => Monotonicity::Nondecreasing,
    }
}

/// How a log-log curvature is called.
pub fn name(curvature: Curvature) -> String {
    match curvature {
        Curvature::Constant => "constant".into(),
        Curvature::Unknown => "neither log-log convex nor log-log concave by the rules".into(),
        known => format!("log-log {known}"),
    }
}

/// The composition rules, with what they said so far.
pub struct Rules<'a> {
    pub model: &'a Model,
    /// Whether every leaf is taken to be positive.
    hopeful: bool,
    known: RefCell<HashMap<*const Expr, Curvature>>,
}

impl<'a> Rules<'a> {
    pub fn new(model: &'a Model) -> Rules<'a> {
        Rules {
            model,
            hopeful: false,
            known: RefCell::default(),
        }
    }

    /// As if every leaf were declared to be positive.
    pub fn hopeful(model: &'a Model) -> Rules<'a> {
        Rules {
            hopeful: true,
            ..Rules::new(model)
        }
    }

    pub fn curvature(&self, e: &ExprRef) -> Curvature {
        let key = Rc::as_ptr(e);
        if let Some(&curvature) = self.known.borrow().get(&key) {
            return curvature;
        }
        let curvature = if e.variables {
            self.compose(e)
        } else if self.is_positive(e) {
            Curvature::Constant
        } else {
            Curvature::Unknown
        };
        self.known.borrow_mut().insert(key, curvature);
        curvature
    }

    /// Whether a leaf is declared to be positive.
    pub fn is_declared(&self, e: &Expr) -> bool {
        let leaf = match e.kind {
            Kind::Param(id, _) => &self.model.params[id],
            Kind::Data(id, _) => &self.model.data[id],
            Kind::Block(id) => &self.model.vars[id],
            _ => return false,
        };
        self.hopeful || leaf.attributes.pos
    }

    /// Whether what has no variables is known to be positive.
    fn is_positive(&self, e: &ExprRef) -> bool {
        if let Some(value) = known::number(e) {
            return value > 0.0 && value.is_finite();
        }
        if let Some((dim, 1)) = known::quotient(e) {
            return is_positive(&dim);
        }
        match &e.kind {
            Kind::Literal(entries) => entries.iter().all(|entry| *entry > 0.0),
            Kind::Param(..) | Kind::Data(..) => self.is_declared(e),
            Kind::Negate(_) => smallest(e).is_some_and(|(_, arg)| self.is_constant(arg)),
            Kind::Move(Move::ToDiagonal, _) => false,
            Kind::Named(value) if overlaps(value) => false,
            Kind::Atom(atom, _) if atom.name == "log" => false,
            Kind::Atom(atom, args) if rule(atom, args).is_none() && atom.name != "log1p" => false,
            _ if subtracted(e).is_some() => false,
            _ => operands(e).into_iter().all(|operand| self.is_constant(operand)),
        }
    }

    fn is_constant(&self, e: &ExprRef) -> bool {
        self.curvature(e) == Curvature::Constant
    }

    fn compose(&self, e: &ExprRef) -> Curvature {
        if subtracted(e).is_some() {
            return Curvature::Unknown;
        }
        if let Some(parts) = stack(e) {
            let curvatures = parts.into_iter().map(|part| self.curvature(part));
            return curvatures.fold(Curvature::Affine, Curvature::plus);
        }
        if let Some(part) = placed(e) {
            return self.curvature(part);
        }
        if let Some((_, arg)) = smallest(e) {
            return concave(self.curvature(arg));
        }
        match &e.kind {
            Kind::Block(_) if self.is_declared(e) => Curvature::Affine,
            Kind::Named(value) if overlaps(value) => Curvature::Unknown,
            Kind::Move(Move::ToDiagonal | Move::Cumulate, _) => Curvature::Unknown,
            Kind::Named(arg) | Kind::Called(arg) | Kind::Transpose(arg) | Kind::Move(_, arg) | Kind::Slice(arg, ..) => {
                self.curvature(arg)
            }
            Kind::Sum(arg) if arg.shape.is_scalar() => self.curvature(arg),
            Kind::Sum(arg) | Kind::SumOver(_, arg) | Kind::Extreme(_, arg) => convex(self.curvature(arg)),
            Kind::Add(a, b) => convex(self.curvature(a)).plus(convex(self.curvature(b))),
            Kind::Multiply(a, b) => self.curvature(a).plus(self.curvature(b)),
            Kind::Product(a, b) if a.shape.cols.is_one() => self.curvature(a).plus(self.curvature(b)),
            Kind::Product(a, b) => convex(self.curvature(a)).plus(convex(self.curvature(b))),
            Kind::Divide(a, b) => self.curvature(a).plus(self.curvature(b).negated()),
            Kind::Atom(atom, args) => self.apply(atom, args),
            _ => Curvature::Unknown,
        }
    }

    fn apply(&self, atom: &Atom, args: &[ExprRef]) -> Curvature {
        match rule(atom, args) {
            None => Curvature::Unknown,
            Some(Rule::Power(_)) if moving_data(atom, args).is_some() => Curvature::Unknown,
            Some(Rule::Power(exponent)) if exponent < 0.0 => self.curvature(&args[0]).negated(),
            Some(Rule::Power(_)) => self.curvature(&args[0]),
            Some(Rule::Curved(curvature)) => {
                let count = if atom.name == "pnorm" { 1 } else { args.len() };
                let holds = args[..count].iter().enumerate().all(|(which, arg)| {
                    let found = self.curvature(arg);
                    curvature.composes(monotonicity(atom, which), found)
                });
                if holds { curvature } else { Curvature::Unknown }
            }
        }
    }

    /// The smallest parts of an expression of unknown curvature whose own parts are all known.
    pub fn culprits<'e>(&self, e: &'e ExprRef) -> Vec<&'e ExprRef> {
        let unknown = |child: &&ExprRef| self.curvature(child) == Curvature::Unknown;
        let within: Vec<_> = operands(e)
            .into_iter()
            .filter(unknown)
            .flat_map(|child| self.culprits(child))
            .collect();
        if within.is_empty() { vec![e] } else { within }
    }

    /// The innermost call of a user's function that was expanded on the way down to a culprit.
    pub fn call_around<'e>(&self, e: &'e ExprRef, culprit: &ExprRef) -> Option<&'e ExprRef> {
        if Rc::ptr_eq(e, culprit) {
            return None;
        }
        let is_culprit = |other: &&ExprRef| Rc::ptr_eq(other, culprit);
        let unknown = |child: &&ExprRef| self.curvature(child) == Curvature::Unknown;
        let below = |child: &&ExprRef| self.culprits(child).iter().any(is_culprit);
        let child = operands(e).into_iter().filter(unknown).find(below)?;
        let own = matches!(e.kind, Kind::Called(_)).then_some(e);
        self.call_around(child, culprit).or(own)
    }
}

/// Of a sum, or of the largest, of what has the curvature.
fn convex(of: Curvature) -> Curvature {
    if of.is_convex() {
        Curvature::Convex
    } else {
        Curvature::Unknown
    }
}

/// Of the smallest of what has the curvature.
fn concave(of: Curvature) -> Curvature {
    if of.is_concave() {
        Curvature::Concave
    } else {
        Curvature::Unknown
    }
}

/// Whether a dimension is at least one: an index counts from zero.
fn is_positive(dim: &Dim) -> bool {
    (dim - &Dim::one()).is_nonneg_over(&[])
}

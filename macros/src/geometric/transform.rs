//! A geometric problem to a convex one: variables stand for their logarithms, and so does every expression.

use std::collections::HashMap;
use std::rc::Rc;

use super::structure::{placed, smallest, stack};
use crate::atoms::{self, Atom};
use crate::dims::{Dim, Loop, Shape, Symbol};
use crate::expr::{Expr, ExprRef, Kind, Move, Term, Window};
use crate::known;
use crate::model::{Claim, Constraint, Model, Objective};

/// The problem in the logarithms of the variables, of a geometric one that passed its check.
pub fn logarithmic(model: Model) -> Model {
    let mut logarithms = Logarithms {
        known: HashMap::new(),
        alive: Vec::new(),
        loops: model.loops,
    };
    let objective = model.objective.map(|objective| Objective {
        value: logarithms.of(&objective.value),
        ..objective
    });
    let constraints = model.constraints.into_iter().map(|constraint| Constraint {
        claim: match constraint.claim {
            Claim::Relation(relation, left, right) => {
                Claim::Relation(relation, logarithms.of(&left), logarithms.of(&right))
            }
            cone @ Claim::Cone(..) => cone,
        },
        ..constraint
    });
    Model {
        objective,
        constraints: constraints.collect(),
        ..model
    }
}

pub struct Logarithms {
    /// By the address of the expression.
    known: HashMap<*const Expr, ExprRef>,
    /// Expressions are kept alive, so that their addresses stay their own.
    alive: Vec<ExprRef>,
    loops: usize,
}

impl Logarithms {
    /// The logarithm of an expression, of its shape.
    pub fn of(&mut self, e: &ExprRef) -> ExprRef {
        if let Some(known) = self.known.get(&Rc::as_ptr(e)) {
            return known.clone();
        }
        let terms = self.terms(e);
        self.of_sum(e, terms)
    }

    /// The same of an expression whose terms are known: to find them twice at each product inside of a product would take
    /// forever.
    pub fn of_sum(&mut self, e: &ExprRef, mut terms: Vec<Term>) -> ExprRef {
        let key = Rc::as_ptr(e);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let logarithm = match terms.pop() {
            Some(only) if terms.is_empty() && only.loops.is_empty() => only.value,
            last => {
                terms.extend(last);
                Expr::log_sum_exp(terms, e.shape.clone(), &e.to_string(), e.extent)
            }
        };
        let logarithm = if logarithm.shape == e.shape {
            logarithm
        } else {
            Expr::repeat(logarithm, e.shape.clone())
        };
        self.known.insert(key, logarithm.clone());
        self.alive.push(e.clone());
        logarithm
    }

    /// Of what is no sum.
    pub fn of_product(&mut self, e: &ExprRef) -> ExprRef {
        if stack(e).is_some() || placed(e).is_some() {
            return self.in_places(e);
        }
        if let Some((range, arg)) = smallest(e) {
            let arg = self.of(arg);
            let largest = Expr::max_over(range.clone(), minus(arg), &range.to_string(), e.extent);
            return Expr::negate(largest, e.extent);
        }
        match &e.kind {
            Kind::Extreme(range, arg) => Expr::max_over(range.clone(), self.of(arg), &range.to_string(), e.extent),
            Kind::Move(change, arg) => self.moved(e, change, arg),
            Kind::Atom(atom, args) => self.atom(e, atom, args),
            // A variable.
            _ => e.clone(),
        }
    }

    fn moved(&mut self, e: &ExprRef, change: &Move, arg: &ExprRef) -> ExprRef {
        let arg = self.of(arg);
        let text = match change {
            Move::Repeat | Move::Place(..) => arg.to_string(),
            Move::Reshape => format!("reshape({arg})"),
            _ => format!("moved({arg})"),
        };
        Expr::moved(change.clone(), arg, e.shape.clone(), text, e.extent)
    }

    /// A stack, and what is in a place of its own in each turn: so are the logarithms.
    fn in_places(&mut self, e: &ExprRef) -> ExprRef {
        match &e.kind {
            Kind::Add(a, b) => {
                let (a, b) = (self.in_places(a), self.in_places(b));
                Expr::add(a, b, e.extent)
            }
            Kind::SumOver(range, arg) => {
                let arg = self.in_places(arg);
                Expr::sum_over(range.clone(), arg, &range.to_string(), e.extent)
            }
            Kind::Move(change, arg) => self.moved(e, change, arg),
            _ => self.of(e),
        }
    }

    fn atom(&mut self, e: &ExprRef, atom: &'static Atom, args: &[ExprRef]) -> ExprRef {
        let logs = |logarithms: &mut Self| -> Vec<_> { args.iter().map(|arg| logarithms.of(arg)).collect() };
        match atom.name {
            "max" | "min" | "maximum" | "minimum" | "exp" | "log" => apply(atom, logs(self), e),
            "norm_inf" => apply(find("max"), logs(self), e),
            "square" => times(2.0, self.of(&args[0])),
            "sqrt" => times(0.5, self.of(&args[0])),
            "inv_pos" => minus(self.of(&args[0])),
            "power" => times(exponent(&args[1]), self.of(&args[0])),
            "geo_mean" => self.weighted_mean(e, &args[0], &args[1]),
            "norm2" | "norm_fro" => self.norm(e, &args[0], 2.0),
            "pnorm" => self.norm(e, &args[0], exponent(&args[1])),
            "harmonic_mean" => {
                let size = constant(&Expr::size(args[0].shape.size(), e.extent));
                plus(size, self.norm(e, &args[0], -1.0))
            }
            other => unreachable!("`{other}` has no rule, or is a sum"),
        }
    }

    /// `log(Σ exp(p x)) / p`
    fn norm(&mut self, e: &ExprRef, arg: &ExprRef, p: f64) -> ExprRef {
        let powers = vec![single(times(p, self.of(arg)))];
        let terms = self.entries(&arg.shape, powers);
        let sum = Expr::log_sum_exp(terms, Shape::scalar(), &format!("power({e}, {p})"), e.extent);
        times(1.0 / p, sum)
    }

    fn weighted_mean(&mut self, e: &ExprRef, arg: &ExprRef, weights: &ExprRef) -> ExprRef {
        let logs = self.of(arg);
        if weights.shape.is_scalar() {
            let size = Expr::size(arg.shape.size(), e.extent);
            return Expr::divide(Expr::sum(logs, e.extent), size, e.extent);
        }
        let total = Expr::sum(weights.clone(), e.extent);
        let weighted = Expr::multiply(weights.clone(), logs, e.extent);
        Expr::divide(Expr::sum(weighted, e.extent), total, e.extent)
    }

    /// A loop over an axis, and its index; no loop where there is one entry.
    pub fn open(&mut self, extent: &Dim, name: &str) -> (Option<Loop>, Dim) {
        if extent.is_one() {
            return (None, Dim::zero());
        }
        self.loops += 1;
        let range = Loop::new(Symbol::Loop(self.loops, name.into()), extent.clone());
        let index = range.index();
        (Some(range), index)
    }
}

/// A term without loops.
pub fn single(value: ExprRef) -> Term {
    Term {
        loops: Vec::new(),
        value,
    }
}

/// The logarithm of what has no variables: a number, or a derived parameter.
pub fn constant(e: &ExprRef) -> ExprRef {
    let text = || format!("log({e})");
    if let Some(value) = known::number(e) {
        let text = if value == 1.0 { "0".into() } else { text() };
        return Expr::filled(value.ln(), e.shape.clone(), text, e.extent);
    }
    if let Kind::Literal(entries) = &e.kind {
        let logs = entries.iter().map(|entry| entry.ln()).collect();
        return Expr::literal(logs, e.shape.clone(), text(), e.extent);
    }
    apply(find("log"), vec![e.clone()], e)
}

/// The sum of two logarithms.
pub fn plus(a: ExprRef, b: ExprRef) -> ExprRef {
    let extent = a.extent;
    let adds_nothing = |zero: &Expr, other: &Expr| {
        let zero_everywhere = matches!(zero.kind, Kind::Number(0.0));
        zero_everywhere && (zero.shape.is_scalar() || zero.shape == other.shape)
    };
    if adds_nothing(&a, &b) {
        b
    } else if adds_nothing(&b, &a) {
        a
    } else {
        Expr::add(a, b, extent)
    }
}

pub fn minus(e: ExprRef) -> ExprRef {
    let extent = e.extent;
    match &e.kind {
        Kind::Number(0.0) => e,
        Kind::Negate(arg) => arg.clone(),
        _ => Expr::negate(e, extent),
    }
}

pub fn times(factor: f64, e: ExprRef) -> ExprRef {
    let extent = e.extent;
    if factor == 1.0 {
        return e;
    }
    if factor < 0.0 {
        return minus(times(-factor, e));
    }
    Expr::multiply(Expr::number(factor, extent), e, extent)
}

/// One entry; a scalar is the entry in every place.
pub fn entry(e: &ExprRef, row: Dim, col: Dim) -> ExprRef {
    window(e, row, col, Shape::scalar())
}

/// A part of an array; a scalar stands for every part.
pub fn window(e: &ExprRef, row: Dim, col: Dim, shape: Shape) -> ExprRef {
    if e.shape.is_scalar() {
        return e.clone();
    }
    let text = match (shape.rows.is_one(), shape.cols.is_one()) {
        (true, true) if e.shape.cols.is_one() => row.to_string(),
        (true, true) => format!("{row}, {col}"),
        (true, false) => format!("{row}, .."),
        _ => format!(".., {col}"),
    };
    Expr::slice(e.clone(), Window { row, col, text }, shape, e.extent)
}

fn exponent(e: &ExprRef) -> f64 {
    known::number(e).expect("the shape was checked")
}

fn find(name: &str) -> &'static Atom {
    atoms::find(name).expect("it is in the table")
}

fn apply(atom: &'static Atom, args: Vec<ExprRef>, e: &ExprRef) -> ExprRef {
    let text = crate::expr::call(atom.name, &args);
    Expr::atom(atom, args, e.shape.clone(), text, e.extent)
}

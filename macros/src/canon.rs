//! A checked problem to its conic form: each atom becomes cones, but for quadratic forms in the objective.

use std::collections::HashMap;

use crate::atoms::{Atom, Form};
use crate::conic::{Arrangement, Block, ConeKind, Conic, Graph, nowhere};
use crate::dims::{Dim, Loop, Shape, Symbol};
use crate::expr::{Expr, ExprRef, Kind, Move, Quadratic, Term, Window};
use crate::extent::Extent;
use crate::identity::Identities;
use crate::model::{Claim, Constraint, Model, Storage};
use crate::nest::lower;
use crate::sign::Sign;
use crate::syntax::ast::{Relation, Sense};

/// The conic form of a problem that passed every check.
pub fn canonicalize(model: &Model) -> Conic {
    let mut canon = Canon {
        graph: Graph::default(),
        around: Vec::new(),
        identities: Identities::default(),
        known: HashMap::new(),
    };
    for var in &model.vars {
        canon.graph.blocks.push(Block {
            name: var.name.to_string(),
            shape: var.shape.clone(),
            storage: var.attributes.storage_of_variable(),
            copies: Dim::one(),
        });
    }
    let objective = canon.objective(model);
    for constraint in &model.constraints {
        canon.constraint(constraint);
    }
    canon.signs(model);
    let lets = canon.lets(model);
    // The order in which solvers and their users expect the cones.
    canon.graph.cones.sort_by_key(|cone| cone.kind.order());
    Conic {
        graph: canon.graph,
        objective,
        lets,
    }
}

struct Canon {
    graph: Graph,
    /// The loops around the expression at hand, the outermost first.
    around: Vec<Loop>,
    identities: Identities,
    /// What an expression became, as an affine expression and as one that may hold quadratic forms: written twice, it
    /// becomes the same.
    known: HashMap<(usize, bool), ExprRef>,
}

impl Canon {
    fn objective(&mut self, model: &Model) -> ExprRef {
        let Some(objective) = &model.objective else {
            return Expr::number(0.0, nowhere());
        };
        let value = self.canonicalize(&objective.value, true);
        match objective.sense {
            Sense::Minimize => value,
            Sense::Maximize => Expr::negate(value, objective.value.extent),
        }
    }

    fn constraint(&mut self, constraint: &Constraint) {
        self.around.clone_from(&constraint.loops);
        let (kind, arrangement, parts) = match &constraint.claim {
            Claim::Relation(relation, left, right) => {
                let (left, right) = self.both(left, right, false);
                let (small, large) = match relation {
                    Relation::AtLeast | Relation::MatrixAtLeast => (right, left),
                    Relation::Equal | Relation::AtMost | Relation::MatrixAtMost => (left, right),
                };
                let (kind, arrangement) = match relation {
                    Relation::Equal => (ConeKind::Zero, Arrangement::Whole),
                    Relation::AtMost | Relation::AtLeast => (ConeKind::Nonneg, Arrangement::Whole),
                    Relation::MatrixAtMost | Relation::MatrixAtLeast => (ConeKind::Semidefinite, Arrangement::Triangle),
                };
                let difference = Expr::subtract(large, small, constraint.extent);
                (kind, arrangement, vec![difference])
            }
            Claim::Cone(kind, parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.canonicalize(part, false)).collect();
                let arrangement = match kind {
                    ConeKind::Exponential | ConeKind::Power(_) => Arrangement::Each(parts[0].shape.clone()),
                    _ => Arrangement::Whole,
                };
                (*kind, arrangement, parts)
            }
        };
        self.graph.loops = std::mem::take(&mut self.around);
        self.graph.push(kind, arrangement, parts);
        if let Some(cone) = self.graph.cones.last_mut() {
            cone.dual = constraint.dual;
        }
    }

    /// The constraints that `nonneg` and `nonpos` put on variables.
    fn signs(&mut self, model: &Model) {
        self.graph.loops.clear();
        for (id, var) in model.vars.iter().enumerate() {
            let (extent, name) = ((&var.name).into(), var.name.to_string());
            let free = if var.attributes.storage_of_variable() != Storage::Full {
                // Each free entry once: a row for each of two equal entries would make the dual ambiguous.
                let column = Shape::new(self.graph.blocks[id].size(), Dim::one());
                Expr::packed(id, &name, column, extent)
            } else {
                Expr::block(id, &name, var.shape.clone(), Sign::UNKNOWN, extent)
            };
            if var.attributes.psd {
                let whole = Expr::block(id, &name, var.shape.clone(), Sign::UNKNOWN, extent);
                self.graph.semidefinite(&whole);
            }
            if var.attributes.nsd {
                let whole = Expr::block(id, &name, var.shape.clone(), Sign::UNKNOWN, extent);
                self.graph.semidefinite(&Expr::negate(whole, extent));
            }
            // A logarithm has any sign.
            let pos = var.attributes.pos && model.geometric.is_none();
            if var.attributes.nonneg || pos {
                self.graph.nonneg(&free);
            }
            if var.attributes.nonpos {
                self.graph.nonneg(&Expr::negate(free, extent));
            }
        }
    }

    /// The `let`s that are there with the variables and the cones that the problem has anyway.
    fn lets(&mut self, model: &Model) -> Vec<(usize, ExprRef)> {
        self.graph.loops.clear();
        let mut lets = Vec::new();
        for (number, binding) in model.lets.iter().enumerate() {
            let (blocks, cones, known) = (self.graph.blocks.len(), self.graph.cones.len(), self.known.clone());
            let value = self.canonicalize(&binding.value, false);
            if self.graph.blocks.len() == blocks && self.graph.cones.len() == cones {
                lets.push((number, value));
            } else {
                self.graph.blocks.truncate(blocks);
                self.graph.cones.truncate(cones);
                self.known = known;
            }
        }
        lets
    }

    /// `quadratic`: whether only affine operations lie between the objective and `e`.
    fn canonicalize(&mut self, e: &ExprRef, quadratic: bool) -> ExprRef {
        let quadratic = quadratic && has_form(e);
        let key = (self.identities.of(e), quadratic);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let canonical = self.expand(e, quadratic);
        self.known.insert(key, canonical.clone());
        canonical
    }

    fn expand(&mut self, e: &ExprRef, quadratic: bool) -> ExprRef {
        let extent = e.extent;
        match &e.kind {
            Kind::Number(_)
            | Kind::Size(_)
            | Kind::Literal(_)
            | Kind::Param(..)
            | Kind::Data(..)
            | Kind::Block(_)
            | Kind::Packed(_)
            | Kind::Copy(..) => e.clone(),
            Kind::Named(value) | Kind::Called(value) => self.canonicalize(value, quadratic),
            Kind::Negate(arg) => Expr::negate(self.canonicalize(arg, quadratic), extent),
            Kind::Transpose(arg) => Expr::transpose(self.canonicalize(arg, quadratic), extent),
            Kind::Sum(arg) => Expr::sum(self.canonicalize(arg, quadratic), extent),
            Kind::SumOver(range, arg) => {
                self.around.push(range.clone());
                let arg = self.canonicalize(arg, quadratic);
                self.around.pop();
                Expr::sum_over(range.clone(), arg, &range.to_string(), extent)
            }
            Kind::Slice(arg, window) => {
                let arg = self.canonicalize(arg, quadratic);
                Expr::slice(arg, window.clone(), e.shape.clone(), extent)
            }
            Kind::LogSumExp(terms) => self.log_sum_exp(e, terms),
            Kind::Extreme(range, arg) if !arg.variables => {
                let arg = self.canonicalize(arg, false);
                Expr::max_over(range.clone(), arg, &range.to_string(), extent)
            }
            Kind::Extreme(range, arg) => {
                self.around.push(range.clone());
                let arg = self.canonicalize(arg, false);
                self.around.pop();
                self.enter(e);
                let largest = self.graph.fresh(&e.shape);
                self.graph.loops = self.around.clone();
                self.graph.loops.push(range.clone());
                self.graph.at_most(&arg, &largest);
                largest
            }
            Kind::Move(Move::Cumulate, arg) if arg.variables => {
                let arg = self.canonicalize(arg, false);
                self.cumulate(e, &arg)
            }
            Kind::Move(Move::Reshape, arg) => {
                let arg = self.canonicalize(arg, false);
                self.reshape(&arg, &e.shape, extent)
            }
            Kind::Move(change, arg) => {
                let arg = self.canonicalize(arg, quadratic);
                Expr::moved(change.clone(), arg, e.shape.clone(), e.to_string(), extent)
            }
            Kind::Add(a, b) => {
                let (a, b) = self.both(a, b, quadratic);
                Expr::add(a, b, extent)
            }
            Kind::Multiply(a, b) => {
                let (a, b) = self.both(a, b, quadratic);
                Expr::multiply(a, b, extent)
            }
            Kind::Divide(a, b) => {
                let (a, b) = self.both(a, b, quadratic);
                Expr::divide(a, b, extent)
            }
            Kind::Product(a, b) => {
                let (a, b) = self.both(a, b, quadratic);
                self.product(a, b, extent)
            }
            Kind::Atom(atom, args) => self.atom(e, atom, args, quadratic),
            Kind::Quadratic(_) => unreachable!("quadratic forms arise here"),
        }
    }

    fn atom(&mut self, e: &ExprRef, atom: &'static Atom, args: &[ExprRef], quadratic: bool) -> ExprRef {
        let canonical: Vec<_> = args.iter().map(|arg| self.canonicalize(arg, false)).collect();
        // A derived parameter.
        if !e.variables {
            return Expr::atom(atom, canonical, e.shape.clone(), e.to_string(), e.extent);
        }
        if let (Some(Form::Whole(form)), true) = (atom.quadratic, quadratic) {
            let form = self.direct(form(canonical));
            return Expr::quadratic(form, e.extent);
        }
        let graph = atom
            .graph
            .expect("an atom without cones outside the objective was refused");
        self.enter(e);
        let value = graph(&mut self.graph, &canonical, &e.shape);
        // Graphs may be made of further atoms.
        self.canonicalize(&value, quadratic)
    }

    /// `Σ exp(term - t) <= 1`, the sum over the turns of each term, for each entry.
    fn log_sum_exp(&mut self, e: &ExprRef, terms: &[Term]) -> ExprRef {
        self.enter(e);
        let t = self.graph.fresh(&e.shape);
        let outer = self.graph.loops.clone();
        let one = self.graph.constant(1.0);
        let mut sum: Option<ExprRef> = None;
        for Term { loops, value } in terms {
            self.around.extend(loops.iter().cloned());
            let value = self.canonicalize(value, false);
            self.around.truncate(self.around.len() - loops.len());
            self.graph.loops = outer.iter().chain(loops).cloned().collect();
            let u = self.graph.fresh(&e.shape);
            let below = self.graph.minus(&value, &t);
            self.graph.exponential_each(&e.shape, &below, &one, &u);
            let all = loops.iter().rev().fold(u, |all, range| {
                Expr::sum_over(range.clone(), all, &range.to_string(), nowhere())
            });
            sum = Some(match sum {
                Some(sum) => self.graph.plus(&sum, &all),
                None => all,
            });
        }
        self.graph.loops = outer;
        if let Some(sum) = sum {
            self.graph.at_most(&sum, &one);
        }
        t
    }

    /// `y` with `y[i] - y[i - 1] == x[i]` down each column: as sparse as `x`.
    fn cumulate(&mut self, e: &ExprRef, x: &ExprRef) -> ExprRef {
        self.enter(e);
        let y = self.graph.fresh(&e.shape);
        let window = Window {
            row: Dim::zero(),
            col: Dim::zero(),
            text: "..".into(),
        };
        let upper = Shape::new(&e.shape.rows - &Dim::one(), e.shape.cols.clone());
        let before = Expr::slice(y.clone(), window, upper, nowhere());
        let down = Move::Place(Dim::one(), Dim::zero());
        let before = Expr::moved(down, before, e.shape.clone(), format!("before({y})"), nowhere());
        let difference = Expr::subtract(y.clone(), before, nowhere());
        let equal = Expr::subtract(difference, x.clone(), nowhere());
        self.graph.push(ConeKind::Zero, Arrangement::Whole, vec![equal]);
        y
    }

    /// A reshaped expression, where entries in the order of columns are known by one index: elementwise arithmetic of
    /// blocks, parameters and vectors. What else has variables becomes a block.
    fn reshape(&mut self, e: &ExprRef, shape: &Shape, extent: Extent) -> ExprRef {
        let mut both = |a: &ExprRef, b: &ExprRef| (self.reshape(a, shape, extent), self.reshape(b, shape, extent));
        match &e.kind {
            _ if e.shape.is_scalar() || e.shape == *shape => e.clone(),
            Kind::Named(arg) | Kind::Called(arg) => self.reshape(arg, shape, extent),
            Kind::Negate(arg) => Expr::negate(self.reshape(arg, shape, extent), extent),
            Kind::Add(a, b) => {
                let (a, b) = both(a, b);
                Expr::add(a, b, extent)
            }
            Kind::Multiply(a, b) => {
                let (a, b) = both(a, b);
                Expr::multiply(a, b, extent)
            }
            Kind::Divide(a, b) => {
                let (a, b) = both(a, b);
                Expr::divide(a, b, extent)
            }
            Kind::Number(value) => Expr::filled(*value, shape.clone(), e.to_string(), extent),
            kind => {
                let stored = match kind {
                    Kind::Block(block) => self.graph.blocks[*block].storage == Storage::Full,
                    _ => !e.variables,
                };
                let arg = if stored || e.shape.is_vector() {
                    e.clone()
                } else {
                    self.materialize(e)
                };
                // Of a block inside a loop, only a window is this turn's: its columns follow each other.
                Expr::moved(Move::Reshape, arg, shape.clone(), format!("reshape({e})"), extent)
            }
        }
    }

    /// What is added to the graph from now on is for `e`: one copy for each turn of the loops that `e` depends on.
    fn enter(&mut self, e: &ExprRef) {
        let mut symbols: Vec<Symbol> = Vec::new();
        let mut loops = Vec::new();
        // From the inside out: a loop whose extent depends on another one brings that along.
        for range in self.around.iter().rev() {
            let is_in = matches!(&range.symbol, Symbol::Loop(number, _) if e.loops.contains(number));
            if is_in || symbols.contains(&range.symbol) {
                symbols.extend(range.extent.symbols().cloned());
                loops.push(range.clone());
            }
        }
        loops.reverse();
        self.graph.loops = loops;
    }

    fn materialize(&mut self, e: &ExprRef) -> ExprRef {
        self.enter(e);
        self.graph.materialize(e)
    }

    fn both(&mut self, a: &ExprRef, b: &ExprRef, quadratic: bool) -> (ExprRef, ExprRef) {
        (self.canonicalize(a, quadratic), self.canonicalize(b, quadratic))
    }

    /// A matrix product with at most one contraction over variables under it: a second one becomes a block, so that
    /// no coefficient is visited once for every inner index.
    fn product(&mut self, a: ExprRef, b: ExprRef, extent: Extent) -> ExprRef {
        if b.variables {
            if let Kind::Product(outer, inner) = &a.kind {
                let inner = self.product(inner.clone(), b, extent);
                return self.product(outer.clone(), inner, extent);
            }
            let b = if a.shape.rows.is_one() || !lower::has_contraction(&b, &self.graph.blocks) {
                b
            } else {
                self.materialize(&b)
            };
            return Expr::product(a, b, extent);
        }
        if a.variables {
            if let Kind::Product(inner, outer) = &b.kind {
                let inner = self.product(a, inner.clone(), extent);
                return self.product(inner, outer.clone(), extent);
            }
            let a = if b.shape.cols.is_one() || !lower::has_contraction(&a, &self.graph.blocks) {
                a
            } else {
                self.materialize(&a)
            };
            return Expr::product(a, b, extent);
        }
        Expr::product(a, b, extent)
    }

    /// A quadratic form of entries that are one variable each: anything else becomes a block first.
    fn direct(&mut self, form: Quadratic) -> Quadratic {
        match form {
            Quadratic::Square(arg) => Quadratic::Square(self.entries(arg)),
            Quadratic::SumSquares(arg) => Quadratic::SumSquares(self.entries(arg)),
            Quadratic::Form(x, p) => Quadratic::Form(self.entries(x), p),
        }
    }

    fn entries(&mut self, e: ExprRef) -> ExprRef {
        if lower::is_direct(&e, &self.graph.blocks) {
            e
        } else {
            self.materialize(&e)
        }
    }
}

/// Whether an atom with a quadratic form lies under affine operations only.
fn has_form(e: &ExprRef) -> bool {
    match &e.kind {
        Kind::Atom(atom, _) => atom.quadratic.is_some(),
        // Not an affine operation, and of the terms of a product each holds all others.
        Kind::LogSumExp(_) => false,
        _ => e.children().into_iter().any(has_form),
    }
}

//! One entry of an affine expression, as a sum of terms: a coefficient times a variable, under loops.

mod value;

use super::coef::Coef;
use super::guard::{self, Guard};
use crate::conic::Block;
use crate::dims::{Dim, Loop, Symbol};
use crate::expr::{Expr, ExprRef, Kind, Move, Quadratic};
use crate::model::Storage;

/// `coef * leaf`, summed over the loops where the guards hold.
#[derive(Clone, Debug)]
pub struct Term {
    pub loops: Vec<Loop>,
    pub guards: Vec<Guard>,
    pub coef: Coef,
    pub leaf: Leaf,
}

#[derive(Clone, Debug)]
pub enum Leaf {
    /// No variable; the term has no loops and no guards either, they are in the coefficient.
    Constant,
    Linear(Entry),
    /// Visited in both orders where the two differ.
    Quadratic(Entry, Entry),
}

impl Leaf {
    fn substitute(&self, symbol: &Symbol, value: &Dim) -> Leaf {
        match self {
            Leaf::Constant => Leaf::Constant,
            Leaf::Linear(entry) => Leaf::Linear(entry.substitute(symbol, value)),
            Leaf::Quadratic(one, other) => {
                Leaf::Quadratic(one.substitute(symbol, value), other.substitute(symbol, value))
            }
        }
    }
}

/// An entry of a block of variables.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub block: usize,
    pub name: String,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// An offset from the block's first column.
    Column(Dim),
    /// Row and column of a symmetric block, behind as many entries.
    Symmetric(Dim, Dim, Dim),
}

impl Entry {
    pub fn substitute(&self, symbol: &Symbol, value: &Dim) -> Entry {
        let place = match &self.place {
            Place::Column(offset) => Place::Column(offset.substitute(symbol, value)),
            Place::Symmetric(before, row, col) => Place::Symmetric(
                before.substitute(symbol, value),
                row.substitute(symbol, value),
                col.substitute(symbol, value),
            ),
        };
        Entry { place, ..self.clone() }
    }
}

type Index = (Dim, Dim);

/// Hands out loop indices.
pub struct Lowering<'a> {
    blocks: &'a [Block],
    next: usize,
}

/// Whether an entry of `e` sums over more than one variable entry by loops.
pub fn has_contraction(e: &ExprRef, blocks: &[Block]) -> bool {
    entry_terms(e, blocks).iter().any(|term| !term.loops.is_empty())
}

/// Whether each entry of `e` is at most one coefficient times one variable entry, plus a term without variables.
pub fn is_direct(e: &ExprRef, blocks: &[Block]) -> bool {
    let terms = entry_terms(e, blocks);
    let linear = terms.iter().filter(|term| !matches!(term.leaf, Leaf::Constant)).count();
    linear <= 1 && terms.iter().all(|term| term.loops.is_empty())
}

fn entry_terms(e: &ExprRef, blocks: &[Block]) -> Vec<Term> {
    let mut lowering = Lowering::new(blocks);
    let (_, row) = lowering.open(&e.shape.rows);
    let (_, col) = lowering.open(&e.shape.cols);
    lowering.settled(e, &(row, col))
}

impl<'a> Lowering<'a> {
    pub fn new(blocks: &'a [Block]) -> Lowering<'a> {
        Lowering { blocks, next: 0 }
    }

    /// A loop and its index; no loop, and the index zero, where the extent is one.
    pub fn open(&mut self, extent: &Dim) -> (Option<Loop>, Dim) {
        if extent.is_one() {
            return (None, Dim::zero());
        }
        let range = Loop::new(Symbol::Index(self.next), extent.clone());
        self.next += 1;
        let index = range.index();
        (Some(range), index)
    }

    /// The terms of entry `at` of `e`, of the only entry where `e` is a scalar; all constants together.
    pub fn lower(&mut self, e: &ExprRef, at: &Index) -> Vec<Term> {
        let mut constant = Coef::Number(0.0);
        let mut terms = Vec::new();
        for term in self.walk(e, at) {
            match term.leaf {
                Leaf::Constant => constant = constant.plus(term.coef),
                _ => terms.push(term),
            }
        }
        if constant != Coef::Number(0.0) {
            terms.push(free(constant));
        }
        terms
    }

    /// The same without loops whose index a guard fixes.
    fn settled(&mut self, e: &ExprRef, at: &Index) -> Vec<Term> {
        let settle = |mut term: Term| {
            if matches!(term.leaf, Leaf::Constant) {
                return Some(term);
            }
            let (guards, coef) = std::mem::replace(&mut term.coef, Coef::one()).unguarded();
            term.coef = coef;
            term.guards.extend(guards);
            for substitution in guard::settle(&mut term.loops, &mut term.guards)? {
                let (symbol, value) = (&substitution.symbol, &substitution.value);
                term.coef = term.coef.substitute(symbol, value);
                term.leaf = term.leaf.substitute(symbol, value);
            }
            Some(term)
        };
        self.lower(e, at).into_iter().filter_map(settle).collect()
    }

    fn walk(&mut self, e: &ExprRef, at: &Index) -> Vec<Term> {
        let scalar = (Dim::zero(), Dim::zero());
        let at = if e.shape.is_scalar() { &scalar } else { at };
        if !e.variables {
            return vec![free(self.coef(e, at))];
        }
        match &e.kind {
            Kind::Block(block) => vec![self.variable(*block, at)],
            Kind::Packed(block) => vec![self.packed(*block, at)],
            Kind::Copy(block, which) => vec![self.copy(*block, which, at)],
            Kind::Named(arg) | Kind::Called(arg) => self.walk(arg, at),
            Kind::Negate(arg) => map(self.walk(arg, at), Coef::negated),
            Kind::Transpose(arg) => self.walk(arg, &(at.1.clone(), at.0.clone())),
            Kind::Add(a, b) => {
                let mut terms = self.walk(a, at);
                terms.extend(self.walk(b, at));
                terms
            }
            Kind::Multiply(a, b) => {
                let (factor, other) = if a.variables { (b, a) } else { (a, b) };
                let factor = self.coef_of(factor, at);
                map(self.walk(other, at), |coef| factor.clone().times(coef))
            }
            Kind::Divide(a, b) => {
                let divisor = self.coef_of(b, at);
                map(self.walk(a, at), |coef| coef.over(divisor.clone()))
            }
            Kind::Product(a, b) => self.product(a, b, at),
            Kind::Sum(arg) => {
                let (loops, index) = self.every_entry(arg);
                let terms = self.walk(arg, &index);
                under(loops, terms)
            }
            Kind::SumOver(range, arg) => {
                let terms = self.walk(arg, at);
                turns(range, terms)
            }
            Kind::Slice(arg, window) => self.walk(arg, &(&at.0 + &window.row, &at.1 + &window.col)),
            Kind::Move(change, arg) => self.moved(change, e, arg, at),
            Kind::Quadratic(Quadratic::Square(arg)) => self.square(arg, at),
            Kind::Quadratic(Quadratic::SumSquares(arg)) => {
                let (loops, index) = self.every_entry(arg);
                let terms = self.square(arg, &index);
                under(loops, terms)
            }
            Kind::Quadratic(Quadratic::Form(x, p)) => self.form(x, p),
            Kind::Extreme(..)
            | Kind::LogSumExp(_)
            | Kind::Atom(..)
            | Kind::Number(_)
            | Kind::Size(_)
            | Kind::Literal(_)
            | Kind::Param(..)
            | Kind::Data(..) => {
                unreachable!("an affine expression holds no atom, and a constant no variable")
            }
        }
    }

    fn product(&mut self, a: &ExprRef, b: &ExprRef, at: &Index) -> Vec<Term> {
        let (range, k) = self.open(&a.shape.cols);
        let (left, right) = ((at.0.clone(), k.clone()), (k, at.1.clone()));
        let terms = if a.variables {
            let factor = self.coef_of(b, &right);
            map(self.walk(a, &left), |coef| coef.times(factor.clone()))
        } else {
            let factor = self.coef_of(a, &left);
            map(self.walk(b, &right), |coef| factor.clone().times(coef))
        };
        under(range.into_iter().collect(), terms)
    }

    fn moved(&mut self, change: &Move, e: &Expr, arg: &ExprRef, at: &Index) -> Vec<Term> {
        let (index, guards) = moved(change, e, arg, at);
        let terms = self.walk(arg, &index);
        where_all(&guards, terms)
    }

    fn copy(&self, block: usize, which: &Dim, at: &Index) -> Term {
        let Block { name, shape, .. } = &self.blocks[block];
        let before = which * &Dim::triangle(&shape.rows);
        linear(Entry {
            block,
            name: name.clone(),
            place: Place::Symmetric(before, at.0.clone(), at.1.clone()),
        })
    }

    fn packed(&self, block: usize, at: &Index) -> Term {
        linear(Entry {
            block,
            name: self.blocks[block].name.clone(),
            place: Place::Column(at.0.clone()),
        })
    }

    fn variable(&self, block: usize, at: &Index) -> Term {
        let mut term = linear(self.entry(block, at));
        if self.blocks[block].storage == Storage::Diagonal {
            term.guards.push(Guard::Zero(&at.0 - &at.1));
        }
        term
    }

    fn entry(&self, block: usize, at: &Index) -> Entry {
        let Block {
            name, shape, storage, ..
        } = &self.blocks[block];
        let place = match storage {
            Storage::Symmetric => Place::Symmetric(Dim::zero(), at.0.clone(), at.1.clone()),
            Storage::Diagonal => Place::Column(at.0.clone()),
            Storage::Full | Storage::Sparse => Place::Column(&at.0 + &(&shape.rows * &at.1)),
        };
        Entry {
            block,
            name: name.clone(),
            place,
        }
    }

    fn every_entry(&mut self, e: &ExprRef) -> (Vec<Loop>, Index) {
        // Columns outside: the entries are stored in this order.
        let (cols, col) = self.open(&e.shape.cols);
        let (rows, row) = self.open(&e.shape.rows);
        (cols.into_iter().chain(rows).collect(), (row, col))
    }

    /// `(c x + d)² = c² x² + 2 c d x + d²`
    fn square(&mut self, e: &ExprRef, at: &Index) -> Vec<Term> {
        let terms = self.settled(e, at);
        let mut squares = Vec::new();
        let constant = terms.iter().find(|term| matches!(term.leaf, Leaf::Constant)).cloned();
        for term in terms {
            let square = term.coef.clone().times(term.coef.clone());
            match term.leaf {
                Leaf::Linear(entry) => {
                    if let Some(constant) = &constant {
                        let cross = Coef::Number(2.0).times(term.coef).times(constant.coef.clone());
                        squares.push(Term {
                            loops: Vec::new(),
                            guards: term.guards.clone(),
                            coef: cross,
                            leaf: Leaf::Linear(entry.clone()),
                        });
                    }
                    squares.push(Term {
                        loops: Vec::new(),
                        guards: term.guards,
                        coef: square,
                        leaf: Leaf::Quadratic(entry.clone(), entry),
                    });
                }
                _ => squares.push(free(square)),
            }
        }
        squares
    }

    /// `Σᵢⱼ Pᵢⱼ xᵢ xⱼ`, both orders of each pair.
    fn form(&mut self, x: &ExprRef, p: &ExprRef) -> Vec<Term> {
        let (cols, j) = self.open(&x.shape.rows);
        let (rows, i) = self.open(&x.shape.rows);
        let weight = self.coef(p, &(i.clone(), j.clone()));
        let left = self.settled(x, &(i, Dim::zero()));
        let right = self.settled(x, &(j, Dim::zero()));
        let mut terms = Vec::new();
        for one in &left {
            for other in &right {
                let leaf = match (one.leaf.clone(), other.leaf.clone()) {
                    (Leaf::Linear(one), Leaf::Linear(other)) => Leaf::Quadratic(one, other),
                    (Leaf::Constant, leaf) | (leaf, _) => leaf,
                };
                terms.push(Term {
                    loops: Vec::new(),
                    guards: one.guards.iter().chain(&other.guards).cloned().collect(),
                    coef: weight.clone().times(one.coef.clone()).times(other.coef.clone()),
                    leaf,
                });
            }
        }
        under(cols.into_iter().chain(rows).collect(), terms)
    }
}

/// The entry of the argument that an entry of a moved expression is, and where it is one.
fn moved(change: &Move, e: &Expr, arg: &ExprRef, at: &Index) -> (Index, Vec<Guard>) {
    let (row, col) = at;
    match change {
        Move::Place(first_row, first_col) => {
            let index = (row - first_row, col - first_col);
            let mut guards = Vec::new();
            for (index, inner, outer) in [
                (&index.0, &arg.shape.rows, &e.shape.rows),
                (&index.1, &arg.shape.cols, &e.shape.cols),
            ] {
                if inner != outer {
                    guards.extend(guard::within(index, inner));
                }
            }
            (index, guards)
        }
        Move::ToDiagonal => ((row.clone(), Dim::zero()), vec![Guard::Zero(row - col)]),
        Move::AboveDiagonal => {
            let above = Guard::Nonneg(&(col - row) - &Dim::one());
            ((row.clone(), col.clone()), vec![above])
        }
        Move::Repeat => {
            let along = |extent: &Dim, index: &Dim| if extent.is_one() { Dim::zero() } else { index.clone() };
            let index = (along(&arg.shape.rows, row), along(&arg.shape.cols, col));
            (index, Vec::new())
        }
        Move::FromDiagonal => ((row.clone(), row.clone()), Vec::new()),
        Move::Reshape => {
            let place = row + &(&e.shape.rows * col);
            let index = if arg.shape.rows.is_one() {
                (Dim::zero(), place)
            } else {
                // Blocks and parameters are stored by columns without gaps.
                (place, Dim::zero())
            };
            (index, Vec::new())
        }
        Move::Cumulate => unreachable!("a cumulative sum of variables is a block of its own"),
    }
}

fn where_all(guards: &[Guard], mut terms: Vec<Term>) -> Vec<Term> {
    for term in &mut terms {
        if matches!(term.leaf, Leaf::Constant) {
            let coef = std::mem::replace(&mut term.coef, Coef::one());
            term.coef = coef.guarded(guards.to_vec());
        } else {
            term.guards.extend_from_slice(guards);
        }
    }
    terms
}

/// The terms in each turn of a loop.
fn turns(range: &Loop, terms: Vec<Term>) -> Vec<Term> {
    let (loops, guards) = guard::boxed(std::slice::from_ref(range));
    under(loops, where_all(&guards, terms))
}

fn free(coef: Coef) -> Term {
    Term {
        loops: Vec::new(),
        guards: Vec::new(),
        coef,
        leaf: Leaf::Constant,
    }
}

fn linear(entry: Entry) -> Term {
    Term {
        loops: Vec::new(),
        guards: Vec::new(),
        coef: Coef::one(),
        leaf: Leaf::Linear(entry),
    }
}

fn map(mut terms: Vec<Term>, f: impl Fn(Coef) -> Coef) -> Vec<Term> {
    for term in &mut terms {
        term.coef = f(std::mem::replace(&mut term.coef, Coef::one()));
    }
    terms
}

/// The terms under further loops, outside of their own.
fn under(loops: Vec<Loop>, mut terms: Vec<Term>) -> Vec<Term> {
    for term in &mut terms {
        if matches!(term.leaf, Leaf::Constant) {
            let coef = std::mem::replace(&mut term.coef, Coef::one());
            term.coef = coef.summed(loops.clone());
        } else {
            term.loops.splice(0..0, loops.iter().cloned());
        }
    }
    terms
}

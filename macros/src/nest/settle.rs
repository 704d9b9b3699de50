//! Nests that visit no more than what is there: conditions become bounds of loops, and loops over the rows and columns of a
//! sparse matrix become one loop over its stored entries.

use super::coef::{Coef, Function, ParamEntry};
use super::guard::{Guard, settle};
use super::{Nest, Target};
use crate::dims::{Dim, Loop, Part, Stored, Symbol};

/// Hands out the numbers of loops over stored entries.
#[derive(Default)]
pub struct Settler {
    next: usize,
}

impl Settler {
    /// A nest as nests that visit no more than what is there, as far as symbols tell.
    pub fn settle(&mut self, nest: Nest) -> Vec<Nest> {
        let parts = summands(nest.coef.clone()).into_iter().filter_map(|coef| {
            let part = Nest { coef, ..nest.clone() };
            let mut part = self.store(part)?;
            self.sums(&mut part.coef);
            Some(part)
        });
        parts.collect()
    }

    /// The same for the sums inside a coefficient.
    fn sums(&mut self, coef: &mut Coef) {
        if !is_partial(coef) {
            return;
        }
        if let Coef::Over(..) = coef {
            let sum = std::mem::replace(coef, Coef::Number(0.0));
            for piece in summands(sum) {
                let mut piece = self.sum(Nest::of(piece).unrolled());
                for child in piece.children_mut() {
                    self.sums(child);
                }
                *coef = std::mem::replace(coef, Coef::Number(0.0)).plus(piece);
            }
            return;
        }
        if let Coef::Extreme(range, body) = coef
            && let Some(stored) = self.extreme(range, body)
        {
            *coef = stored;
        }
        for child in coef.children_mut() {
            self.sums(child);
        }
    }

    fn sum(&mut self, nest: Nest) -> Coef {
        let Some(nest) = self.store(nest) else {
            return Coef::Number(0.0);
        };
        // What looks at none of the indices guards the whole sum.
        let bound: Vec<Symbol> = nest
            .loops
            .iter()
            .flat_map(Loop::bound)
            .map(|(symbol, _)| symbol)
            .collect();
        let looks = |guard: &Guard| bound.iter().any(|symbol| guard.dim().mentions(symbol));
        let (inner, outer) = nest.guards.into_iter().partition(looks);
        nest.coef.guarded(inner).summed(nest.loops).guarded(outer)
    }

    /// The largest of what is never negative, and zero where nothing is stored.
    fn extreme(&mut self, range: &Loop, body: &Coef) -> Option<Coef> {
        let (mut loops, mut innermost) = (vec![range.clone()], body);
        while let Coef::Extreme(range, body) = innermost {
            loops.push(range.clone());
            innermost = body;
        }
        let nonneg = matches!(innermost, Coef::Call(Function::Abs | Function::Positive, _));
        if !nonneg || loops.iter().any(|range| range.stored.is_some()) {
            return None;
        }
        let nest = Nest::of(innermost.clone());
        let nest = self.store(Nest { loops, ..nest })?;
        let stored = nest.loops.iter().any(|range| range.stored.is_some()) && nest.guards.is_empty();
        let largest = || nest.coef.extreme(nest.loops);
        // Where nothing is stored, nothing is looped over.
        stored.then(|| Coef::largest([Coef::Number(0.0), largest()]))
    }

    /// With guards and sums taken into the loops, and loops over stored entries where the coefficient is zero for all
    /// others. None where nothing is left.
    fn store(&mut self, mut nest: Nest) -> Option<Nest> {
        nest.pull_sums();
        let mut nest = nest.settled()?;
        let mut entries = Vec::new();
        sparse_entries(&nest.coef, &mut entries);
        for entry in entries {
            let tied = |range: &Loop| entry.row.mentions(&range.symbol) || entry.col.mentions(&range.symbol);
            if nest.loops.iter().any(tied)
                && vanishes_at(&nest.coef, &entry)
                && let Some(stored) = nest.stored(&entry, self.next)
            {
                self.next += 1;
                nest = stored;
            }
        }
        Some(nest)
    }
}

impl Nest {
    /// A coefficient by itself.
    fn of(coef: Coef) -> Nest {
        Nest {
            loops: Vec::new(),
            guards: Vec::new(),
            target: Target::R,
            coef,
        }
    }

    /// With every guard taken into the loops that can be. None where nothing is left.
    fn settled(mut self) -> Option<Nest> {
        self.lift();
        for substitution in settle(&mut self.loops, &mut self.guards)? {
            let (symbol, value) = (&substitution.symbol, &substitution.value);
            self.target = self.target.substitute(symbol, value);
            self.coef = self.coef.substitute(symbol, value);
        }
        Some(self)
    }

    /// The loops of sums become loops of the nest.
    fn unrolled(mut self) -> Nest {
        loop {
            self.coef = match self.coef {
                Coef::Over(range, body) => {
                    self.loops.push(range);
                    *body
                }
                Coef::Where(guards, body) => {
                    self.guards.extend(guards);
                    *body
                }
                coef => {
                    self.coef = coef;
                    return self;
                }
            };
        }
    }

    /// Takes out sums whose indices are tied to those of the nest: by a guard, or by an entry of a sparse matrix.
    fn pull_sums(&mut self) {
        self.lift();
        while let Some((range, body)) = self.tied_sum() {
            self.loops.push(range);
            self.coef = body;
            self.lift();
        }
    }

    /// Takes the guards of the coefficient.
    fn lift(&mut self) {
        let (guards, coef) = std::mem::replace(&mut self.coef, Coef::one()).unguarded();
        self.guards.extend(guards);
        self.coef = coef;
    }

    /// A sum that is the coefficient, or a factor of it.
    fn tied_sum(&self) -> Option<(Loop, Coef)> {
        let taken = |range: &Loop| self.loops.iter().any(|outer| outer.symbol == range.symbol);
        let pulled = |factor: &Coef| match factor {
            Coef::Over(range, body) if !taken(range) && self.is_tied(range, body) => {
                Some((range.clone(), (**body).clone()))
            }
            _ => None,
        };
        let Coef::Product(factors) = &self.coef else {
            return match &self.coef {
                Coef::Negate(arg) => pulled(arg).map(|(range, body)| (range, body.negated())),
                coef => pulled(coef),
            };
        };
        let (place, (range, body)) = factors
            .iter()
            .enumerate()
            .find_map(|(place, factor)| Some((place, pulled(factor)?)))?;
        let others = factors.iter().enumerate().filter(|(other, _)| *other != place);
        let mut others = others.map(|(_, factor)| factor.clone());
        // A sum over the same index in another factor would read this one's.
        let clash = others.clone().any(|other| binds(&other, &range.symbol));
        let product = others.try_fold(body, |all, factor| (!clash).then(|| factor.times(all)))?;
        Some((range, product))
    }

    /// Whether a sum, or one right inside it, is tied to a loop of the nest.
    fn is_tied(&self, range: &Loop, body: &Coef) -> bool {
        let (mut inner, mut innermost) = (vec![&range.symbol], body);
        let mut guards = Vec::new();
        loop {
            match innermost {
                Coef::Over(range, body) => {
                    inner.push(&range.symbol);
                    innermost = body;
                }
                Coef::Where(more, body) => {
                    guards.extend(more);
                    innermost = body;
                }
                _ => break,
            }
        }
        let tied_by_guard = guards.iter().any(|guard| {
            let solves = |outer: &Loop| matches!(guard.dim().linear_in(&outer.symbol), Some((1 | -1, _)));
            inner.iter().any(|symbol| guard.dim().mentions(symbol)) && self.loops.iter().any(solves)
        });
        let mut entries = Vec::new();
        sparse_entries(body, &mut entries);
        tied_by_guard
            || entries.iter().any(|entry| {
                let mentions = |symbol: &Symbol| entry.row.mentions(symbol) || entry.col.mentions(symbol);
                mentions(&range.symbol) && self.loops.iter().any(|outer| mentions(&outer.symbol))
            })
    }

    /// The nest with a loop over the stored entries of one matrix, where that leaves no condition between two loops.
    fn stored(&self, entry: &ParamEntry, number: usize) -> Option<Nest> {
        let of = |part| Dim::symbol(Symbol::Entry(number, part));
        let range = Loop::over_entries(Stored {
            matrix: entry.name.clone(),
            number,
            rows: entry.shape.rows.clone(),
            cols: entry.shape.cols.clone(),
        });
        let mut nest = self.clone();
        mark(&mut nest.coef, entry, &range.symbol);
        nest.loops.insert(0, range);
        nest.guards.push(Guard::Zero(&of(Part::Row) - &entry.row));
        nest.guards.push(Guard::Zero(&of(Part::Col) - &entry.col));
        // Where no entry can pass, the loop is as good as none.
        let nest = nest.settled()?;
        let own = |symbol: &Symbol| symbol.is_fixed() || matches!(symbol, Symbol::Entry(other, _) if *other == number);
        let is_own = |guard: &Guard| guard.dim().symbols().all(own);
        let mentions = |guard: &&Guard| guard.dim().symbols().any(|symbol| own(symbol) && !symbol.is_fixed());
        nest.guards.iter().filter(mentions).all(is_own).then_some(nest)
    }
}

/// The summands of a coefficient in which sums are met by what is zero almost everywhere.
fn summands(coef: Coef) -> Vec<Coef> {
    if !is_partial(&coef) {
        return vec![coef];
    }
    match coef {
        Coef::Sum(terms) => terms.into_iter().flat_map(summands).collect(),
        Coef::Negate(arg) => summands(*arg).into_iter().map(Coef::negated).collect(),
        Coef::Where(guards, arg) => {
            let parts = summands(*arg).into_iter();
            parts.map(|part| part.guarded(guards.clone())).collect()
        }
        Coef::Over(range, body) => {
            let parts = summands(*body).into_iter();
            parts.map(|part| part.summed(vec![range.clone()])).collect()
        }
        Coef::Quotient(dividend, divisor) => {
            let parts = summands(*dividend).into_iter();
            parts.map(|part| part.over((*divisor).clone())).collect()
        }
        Coef::Product(factors) => {
            let parts: Vec<_> = factors.iter().cloned().map(summands).collect();
            // The square of a difference stays one: its summands would cancel.
            if parts.iter().filter(|parts| parts.len() > 1).count() > 1 {
                return vec![Coef::Product(factors)];
            }
            parts.into_iter().fold(vec![Coef::one()], |products, parts| {
                let each = products
                    .iter()
                    .flat_map(|product| parts.iter().map(|part| product.clone().times(part.clone())));
                each.collect()
            })
        }
        other => vec![other],
    }
}

/// Whether anything in it is zero almost everywhere.
fn is_partial(coef: &Coef) -> bool {
    match coef {
        Coef::Where(..) => true,
        Coef::Param(entry) => entry.sparse,
        _ => coef.children().into_iter().any(is_partial),
    }
}

/// Adds the entries of sparse matrices that are not stored ones yet.
fn sparse_entries(coef: &Coef, entries: &mut Vec<ParamEntry>) {
    match coef {
        Coef::Param(entry) if entry.sparse && entry.stored.is_none() => {
            if !entries.contains(entry) {
                entries.push(entry.clone());
            }
        }
        _ => {
            for child in coef.children() {
                sparse_entries(child, entries);
            }
        }
    }
}

/// Whether the coefficient is zero where the entry is.
fn vanishes_at(coef: &Coef, entry: &ParamEntry) -> bool {
    match coef {
        Coef::Param(found) => found == entry,
        Coef::Negate(arg) | Coef::Where(_, arg) | Coef::Quotient(arg, _) => vanishes_at(arg, entry),
        Coef::Product(args) => args.iter().any(|arg| vanishes_at(arg, entry)),
        Coef::Sum(args) | Coef::Call(Function::Largest, args) => args.iter().all(|arg| vanishes_at(arg, entry)),
        Coef::Call(Function::Abs | Function::Positive | Function::Sqrt, args) => {
            args.iter().all(|arg| vanishes_at(arg, entry))
        }
        Coef::Over(range, body) => {
            let inside = entry.row.mentions(&range.symbol) || entry.col.mentions(&range.symbol);
            !inside && vanishes_at(body, entry)
        }
        Coef::Number(value) => *value == 0.0,
        Coef::Size(_) | Coef::Literal(..) | Coef::Derived(_) | Coef::Extreme(..) | Coef::Call(..) => false,
    }
}

/// Says of an entry where it is stored.
fn mark(coef: &mut Coef, entry: &ParamEntry, place: &Symbol) {
    match coef {
        Coef::Param(found) if found == entry => found.stored = Some(place.clone()),
        _ => {
            for child in coef.children_mut() {
                mark(child, entry, place);
            }
        }
    }
}

fn binds(coef: &Coef, symbol: &Symbol) -> bool {
    match coef {
        Coef::Over(range, body) | Coef::Extreme(range, body) => range.symbol == *symbol || binds(body, symbol),
        _ => coef.children().into_iter().any(|child| binds(child, symbol)),
    }
}

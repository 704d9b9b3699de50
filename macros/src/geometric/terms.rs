//! Sums of products: the logarithms of their terms. Sums of sums are one sum, and a product with one term goes into it.

use super::structure::{placed, stack};
use super::transform::{Logarithms, constant, entry, minus, plus, single, times, window};
use crate::dims::{Dim, Loop, Shape};
use crate::expr::{Expr, ExprRef, Kind, Move, Term};

impl Logarithms {
    /// Each has the shape of the expression, or is a scalar.
    pub fn terms(&mut self, e: &ExprRef) -> Vec<Term> {
        if !e.variables {
            return vec![single(constant(e))];
        }
        match &e.kind {
            Kind::Named(arg) | Kind::Called(arg) => self.terms(arg),
            Kind::Add(..) if stack(e).is_none() => self.sum(e),
            Kind::SumOver(range, arg) if placed(e).is_none() => {
                let terms = self.terms(arg);
                let under = |term: Term| Term {
                    loops: [range.clone()].into_iter().chain(term.loops).collect(),
                    ..term
                };
                terms.into_iter().map(under).collect()
            }
            Kind::Sum(arg) => self.sum_of_entries(arg),
            Kind::Multiply(a, b) => self.multiply(a, b),
            Kind::Product(a, b) => self.product(a, b, &e.shape),
            Kind::Divide(a, b) => {
                let divisor = minus(self.of(b));
                each(self.terms(a), |value| plus(value, divisor.clone()))
            }
            Kind::Atom(atom, args) => match atom.name {
                "abs" | "pos" => self.terms(&args[0]),
                "norm1" => self.sum_of_entries(&args[0]),
                "sum_squares" => self.sum_of_squares(&args[0]),
                "quad_over_lin" => {
                    let divisor = minus(self.of(&args[1]));
                    each(self.sum_of_squares(&args[0]), |value| plus(value, divisor.clone()))
                }
                "quad_form" => self.form(&args[0], &args[1]),
                _ => vec![single(self.of_product(e))],
            },
            _ => self.rearranged(e),
        }
    }

    /// What picks entries picks them from each term.
    fn rearranged(&mut self, e: &ExprRef) -> Vec<Term> {
        let array = |value: &ExprRef| !value.shape.is_scalar();
        match &e.kind {
            Kind::Transpose(arg) => each(self.terms(arg), |value| match array(&value) {
                true => Expr::transpose(value, e.extent),
                false => value,
            }),
            Kind::Slice(arg, part) => each(self.terms(arg), |value| match array(&value) {
                true => Expr::slice(value, part.clone(), e.shape.clone(), e.extent),
                false => value,
            }),
            Kind::Move(Move::FromDiagonal, arg) => each(self.terms(arg), |value| match array(&value) {
                true => {
                    let text = format!("diag({value})");
                    Expr::moved(Move::FromDiagonal, value, e.shape.clone(), text, e.extent)
                }
                false => value,
            }),
            _ => vec![single(self.of_product(e))],
        }
    }

    /// What has no variables is one term.
    fn sum(&mut self, e: &ExprRef) -> Vec<Term> {
        let mut addends = Vec::new();
        collect(e, &mut addends);
        let (moving, fixed): (Vec<_>, Vec<_>) = addends.into_iter().partition(|addend| addend.variables);
        let mut terms = Vec::new();
        for addend in moving {
            terms.extend(self.terms(&addend));
        }
        let fixed = fixed.into_iter().reduce(|a, b| Expr::add(a, b, e.extent));
        terms.extend(fixed.map(|fixed| single(constant(&fixed))));
        terms
    }

    fn sum_of_entries(&mut self, arg: &ExprRef) -> Vec<Term> {
        let terms = self.terms(arg);
        self.entries(&arg.shape, terms)
    }

    fn sum_of_squares(&mut self, arg: &ExprRef) -> Vec<Term> {
        let squares = vec![single(times(2.0, self.of(arg)))];
        self.entries(&arg.shape, squares)
    }

    /// The sum over the entries of an array of the shape.
    pub fn entries(&mut self, shape: &Shape, terms: Vec<Term>) -> Vec<Term> {
        let mut sum = Vec::new();
        for Term { loops, value } in terms {
            if value.shape.is_scalar() {
                // As many times as there are entries.
                let count = constant(&Expr::size(shape.size(), value.extent));
                let value = plus(count, value);
                sum.push(Term { loops, value });
                continue;
            }
            let (cols, j) = self.open(&shape.cols, "j");
            let (rows, i) = self.open(&shape.rows, "i");
            sum.push(Term {
                loops: cols.into_iter().chain(rows).chain(loops).collect(),
                value: entry(&value, i, j),
            });
        }
        sum
    }

    fn multiply(&mut self, a: &ExprRef, b: &ExprRef) -> Vec<Term> {
        let (left, right) = (self.terms(a), self.terms(b));
        match (is_product(&left), is_product(&right)) {
            (true, _) => {
                let factor = self.of_sum(a, left);
                each(right, |value| plus(factor.clone(), value))
            }
            (false, true) => {
                let factor = self.of_sum(b, right);
                each(left, |value| plus(value, factor.clone()))
            }
            (false, false) => vec![single(plus(self.of_sum(a, left), self.of_sum(b, right)))],
        }
    }

    /// A matrix product: over the inner index, the column of one and the row of the other.
    fn product(&mut self, a: &ExprRef, b: &ExprRef, shape: &Shape) -> Vec<Term> {
        let (mut left, mut right) = (self.terms(a), self.terms(b));
        // A sum on either side goes into the other: sums on both sides would multiply.
        if is_product(&left) || !is_product(&right) {
            left = vec![single(self.of_sum(a, left))];
        }
        if is_product(&right) {
            right = vec![single(self.of_sum(b, right))];
        }
        let mut terms = Vec::new();
        for one in &left {
            for other in &right {
                let (range, k) = self.open(&a.shape.cols, "k");
                let column = Shape::new(a.shape.rows.clone(), Dim::one());
                let row = Shape::new(Dim::one(), b.shape.cols.clone());
                let column = window(&one.value, Dim::zero(), k.clone(), column);
                let row = window(&other.value, k, Dim::zero(), row);
                terms.push(Term {
                    loops: around(range, one, other),
                    value: plus(spread(column, shape), spread(row, shape)),
                });
            }
        }
        terms
    }

    /// `Σᵢⱼ Pᵢⱼ xᵢ xⱼ`
    fn form(&mut self, x: &ExprRef, p: &ExprRef) -> Vec<Term> {
        let (x, p) = (self.of(x), self.of(p));
        let (cols, j) = self.open(&p.shape.cols, "j");
        let (rows, i) = self.open(&p.shape.rows, "i");
        let zero = Dim::zero;
        let weight = entry(&p, i.clone(), j.clone());
        let both = plus(entry(&x, i, zero()), entry(&x, j, zero()));
        vec![Term {
            loops: cols.into_iter().chain(rows).collect(),
            value: plus(weight, both),
        }]
    }
}

/// The addends of a sum, those of sums in it too.
fn collect(e: &ExprRef, addends: &mut Vec<ExprRef>) {
    match &e.kind {
        Kind::Named(arg) | Kind::Called(arg) if matches!(arg.kind, Kind::Add(..)) && stack(arg).is_none() => {
            collect(arg, addends);
        }
        Kind::Add(a, b) if e.variables && stack(e).is_none() => {
            collect(a, addends);
            collect(b, addends);
        }
        _ => addends.push(e.clone()),
    }
}

/// Whether there is one term, and no sum.
fn is_product(terms: &[Term]) -> bool {
    matches!(terms, [only] if only.loops.is_empty())
}

fn each(terms: Vec<Term>, change: impl Fn(ExprRef) -> ExprRef) -> Vec<Term> {
    let changed = terms.into_iter().map(|term| Term {
        value: change(term.value),
        ..term
    });
    changed.collect()
}

fn around(range: Option<Loop>, one: &Term, other: &Term) -> Vec<Loop> {
    let inner = one.loops.iter().chain(&other.loops).cloned();
    range.into_iter().chain(inner).collect()
}

/// A row or a column in every row or column of a shape.
fn spread(e: ExprRef, shape: &Shape) -> ExprRef {
    if e.shape.is_scalar() || e.shape == *shape {
        e
    } else {
        Expr::repeat(e, shape.clone())
    }
}

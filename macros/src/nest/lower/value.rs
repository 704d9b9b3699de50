//! Entries of expressions without variables: coefficients.

use super::{Index, Lowering, moved};
use crate::atoms::{Atom, Value};
use crate::dims::{Dim, Loop, Symbol};
use crate::expr::{Expr, ExprRef, Kind, Move, Quadratic};
use crate::model::Storage;
use crate::nest::coef::{Coef, Function, ParamEntry};
use crate::nest::guard::{self, Guard};

impl Lowering<'_> {
    fn form_value(&mut self, x: &ExprRef, p: &ExprRef) -> Coef {
        let terms = self.form(x, p);
        terms
            .into_iter()
            .fold(Coef::Number(0.0), |sum, term| sum.plus(term.coef))
    }

    /// An atom of arguments without variables.
    fn value(&mut self, atom: &Atom, args: &[ExprRef], at: &Index) -> Coef {
        match atom.value {
            Value::Each(function) => function(args.iter().map(|arg| self.coef_of(arg, at)).collect()),
            Value::Sum(each, last) => {
                let (loops, index) = self.every_entry(&args[0]);
                last(each(self.coef_of(&args[0], &index)).summed(loops))
            }
            Value::Largest(each, last) => {
                let (loops, index) = self.every_entry(&args[0]);
                last(each(self.coef_of(&args[0], &index)).extreme(loops))
            }
            Value::SumOfLargest => self.sum_of_largest(&args[0], &args[1]),
            Value::As(other) => {
                let other = other(args);
                self.coef_of(&other, at)
            }
            Value::Form => self.form_value(&args[0], &args[1]),
            Value::Power(power) => power(self.coef_of(&args[0], at), args),
            Value::LogSumExp => self.log_sum_exp(&args[0]),
            Value::Unknown => unreachable!("an atom without a value was refused"),
        }
    }

    /// The largest, and how much more it is.
    fn log_sum_exp(&mut self, arg: &ExprRef) -> Coef {
        let (loops, index) = self.every_entry(arg);
        let entry = self.coef_of(arg, &index);
        let largest = entry.clone().extreme(loops);
        let (loops, index) = self.every_entry(arg);
        let above = self.coef_of(arg, &index).plus(largest.clone().negated());
        let sum = Coef::Call(Function::Exp, vec![above]).summed(loops);
        largest.plus(Coef::Call(Function::Log, vec![sum]))
    }

    /// The least over all entries, as a threshold `q`, of `k q` and what exceeds it: without sorting.
    fn sum_of_largest(&mut self, x: &ExprRef, k: &ExprRef) -> Coef {
        let (thresholds, place) = self.every_entry(x);
        let (others, index) = self.every_entry(x);
        let (threshold, other) = (self.coef_of(x, &place), self.coef_of(x, &index));
        let amount = self.coef_of(k, &place);
        let excess = other.plus(threshold.clone().negated()).positive().summed(others);
        let sum = amount.times(threshold).plus(excess);
        sum.negated().extreme(thresholds).negated()
    }

    pub(super) fn coef_of(&mut self, e: &ExprRef, at: &Index) -> Coef {
        if e.shape.is_scalar() {
            self.coef(e, &(Dim::zero(), Dim::zero()))
        } else {
            self.coef(e, at)
        }
    }

    /// An entry of an expression without variables.
    pub(super) fn coef(&mut self, e: &ExprRef, at: &Index) -> Coef {
        match &e.kind {
            Kind::Number(value) => Coef::Number(*value),
            Kind::Size(dim) => Coef::Size(dim.clone()),
            Kind::Literal(entries) => Coef::Literal(entries.clone(), &at.0 + &(&e.shape.rows * &at.1)),
            Kind::Param(param, storage) | Kind::Data(param, storage) => given(e, *param, *storage, at),
            Kind::Named(arg) | Kind::Called(arg) => self.coef(arg, at),
            Kind::Negate(arg) => self.coef(arg, at).negated(),
            Kind::Transpose(arg) => self.coef(arg, &(at.1.clone(), at.0.clone())),
            Kind::Add(a, b) => self.coef_of(a, at).plus(self.coef_of(b, at)),
            Kind::Multiply(a, b) => self.coef_of(a, at).times(self.coef_of(b, at)),
            Kind::Divide(a, b) => self.coef_of(a, at).over(self.coef_of(b, at)),
            Kind::Product(a, b) => {
                let (range, k) = self.open(&a.shape.cols);
                let left = self.coef_of(a, &(at.0.clone(), k.clone()));
                let right = self.coef_of(b, &(k, at.1.clone()));
                left.times(right).summed(range.into_iter().collect())
            }
            Kind::Sum(arg) => {
                let (loops, index) = self.every_entry(arg);
                self.coef_of(arg, &index).summed(loops)
            }
            Kind::SumOver(range, arg) => {
                let (loops, guards) = guard::boxed(std::slice::from_ref(range));
                self.coef(arg, at).guarded(guards).summed(loops)
            }
            Kind::Slice(arg, window) => self.coef(arg, &(&at.0 + &window.row, &at.1 + &window.col)),
            Kind::Move(Move::Cumulate, arg) => {
                let range = Loop::new(Symbol::Index(self.next), &at.0 + &Dim::one());
                self.next += 1;
                let entry = self.coef(arg, &(range.index(), at.1.clone()));
                Coef::Over(range, Box::new(entry))
            }
            Kind::Move(change, arg) => {
                let (index, guards) = moved(change, e, arg, at);
                self.coef_of(arg, &index).guarded(guards)
            }
            Kind::Quadratic(Quadratic::Square(arg)) => {
                let entry = self.coef_of(arg, at);
                entry.clone().times(entry)
            }
            Kind::Quadratic(Quadratic::SumSquares(arg)) => {
                let (loops, index) = self.every_entry(arg);
                let entry = self.coef_of(arg, &index);
                entry.clone().times(entry).summed(loops)
            }
            Kind::Quadratic(Quadratic::Form(x, p)) => self.form_value(x, p),
            Kind::Extreme(range, arg) => self.coef(arg, at).extreme(vec![range.clone()]),
            Kind::Atom(atom, args) => self.value(atom, args, at),
            Kind::LogSumExp(_) | Kind::Block(_) | Kind::Packed(_) | Kind::Copy(..) => {
                unreachable!("a coefficient holds no variables")
            }
        }
    }
}

/// An entry of a parameter or of data.
fn given(e: &Expr, param: usize, storage: Storage, at: &Index) -> Coef {
    let entry = Coef::Param(ParamEntry {
        data: matches!(e.kind, Kind::Data(..)),
        param,
        name: e.to_string(),
        sparse: storage == Storage::Sparse,
        shape: e.shape.clone(),
        row: at.0.clone(),
        col: at.1.clone(),
        stored: None,
    });
    match storage {
        Storage::Diagonal => entry.guarded(vec![Guard::Zero(&at.0 - &at.1)]),
        _ => entry,
    }
}

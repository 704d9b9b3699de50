//! Coefficients: scalar expressions in the entries of parameters.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};
use std::rc::Rc;

use super::guard::{self, Guard};
use crate::dims::{Dim, Loop, Shape, Symbol};

#[derive(Clone, Debug, PartialEq)]
pub enum Coef {
    Number(f64),
    Size(Dim),
    Param(ParamEntry),
    Negate(Box<Coef>),
    Sum(Vec<Coef>),
    Product(Vec<Coef>),
    Quotient(Box<Coef>, Box<Coef>),
    /// A sum over a loop.
    Over(Loop, Box<Coef>),
    /// The largest over a loop.
    Extreme(Loop, Box<Coef>),
    Call(Function, Vec<Coef>),
    /// A number that is computed once, for all places.
    Derived(usize),
    /// Zero unless all guards hold.
    Where(Vec<Guard>, Box<Coef>),
    /// An entry of a literal array, by its place among all entries.
    Literal(Rc<[f64]>, Dim),
}

/// Functions of one number, but for `Largest`, of two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Function {
    Abs,
    /// The positive part.
    Positive,
    Largest,
    Sqrt,
    Exp,
    Log,
    /// `log(1 + x)`
    Log1p,
    /// `-x log(x)`
    Entropy,
    /// `log(1 + eˣ)`
    Logistic,
    /// `xᵖ`
    Power(f64),
}

/// An entry of a parameter, or of data.
#[derive(Clone, Debug, PartialEq)]
pub struct ParamEntry {
    /// Whether it is one of data, which have no derivative.
    pub data: bool,
    pub param: usize,
    pub name: String,
    pub sparse: bool,
    pub shape: Shape,
    pub row: Dim,
    pub col: Dim,
    /// Its place among the stored entries, inside a loop over them.
    pub stored: Option<Symbol>,
}

impl ParamEntry {
    /// Among all entries, by columns.
    pub fn place(&self) -> Dim {
        &self.row + &(&self.shape.rows * &self.col)
    }
}

impl Coef {
    pub fn one() -> Coef {
        Coef::Number(1.0)
    }

    pub fn abs(self) -> Coef {
        Coef::Call(Function::Abs, vec![self])
    }

    pub fn positive(self) -> Coef {
        Coef::Call(Function::Positive, vec![self])
    }

    pub fn sqrt(self) -> Coef {
        Coef::Call(Function::Sqrt, vec![self])
    }

    pub fn squared(self) -> Coef {
        self.clone().times(self)
    }

    /// The largest of some.
    pub fn largest(args: impl IntoIterator<Item = Coef>) -> Coef {
        let largest = |a, b| Coef::Call(Function::Largest, vec![a, b]);
        args.into_iter().reduce(largest).unwrap_or(Coef::Number(0.0))
    }

    /// The largest over the loops.
    pub fn extreme(self, loops: Vec<Loop>) -> Coef {
        loops
            .into_iter()
            .rev()
            .fold(self, |body, range| Coef::Extreme(range, Box::new(body)))
    }

    pub fn negated(self) -> Coef {
        match self {
            Coef::Number(value) => Coef::Number(-value),
            Coef::Negate(inner) => *inner,
            Coef::Where(guards, inner) => inner.negated().guarded(guards),
            other => Coef::Negate(Box::new(other)),
        }
    }

    /// Zero unless the guards hold.
    pub fn guarded(self, guards: Vec<Guard>) -> Coef {
        match self {
            coef if guards.is_empty() || coef == Coef::Number(0.0) => coef,
            Coef::Where(mut inner, coef) => {
                inner.extend(guards);
                Coef::Where(inner, coef)
            }
            coef => Coef::Where(guards, Box::new(coef)),
        }
    }

    /// The guards, and what stands under them.
    pub fn unguarded(self) -> (Vec<Guard>, Coef) {
        match self {
            Coef::Where(guards, coef) => (guards, *coef),
            coef => (Vec::new(), coef),
        }
    }

    pub fn substitute(&self, symbol: &Symbol, value: &Dim) -> Coef {
        let all = |args: &[Coef]| args.iter().map(|arg| arg.substitute(symbol, value)).collect();
        let boxed = |arg: &Coef| Box::new(arg.substitute(symbol, value));
        match self {
            Coef::Number(_) => self.clone(),
            Coef::Size(dim) => Coef::Size(dim.substitute(symbol, value)),
            Coef::Param(entry) => Coef::Param(ParamEntry {
                row: entry.row.substitute(symbol, value),
                col: entry.col.substitute(symbol, value),
                ..entry.clone()
            }),
            Coef::Literal(entries, place) => Coef::Literal(entries.clone(), place.substitute(symbol, value)),
            Coef::Negate(arg) => Coef::Negate(boxed(arg)),
            Coef::Sum(args) => Coef::Sum(all(args)),
            Coef::Product(args) => Coef::Product(all(args)),
            Coef::Quotient(a, b) => Coef::Quotient(boxed(a), boxed(b)),
            Coef::Over(range, body) => Coef::Over(range.substitute(symbol, value), boxed(body)),
            Coef::Extreme(range, body) => Coef::Extreme(range.substitute(symbol, value), boxed(body)),
            Coef::Call(function, args) => Coef::Call(*function, all(args)),
            Coef::Derived(number) => Coef::Derived(*number),
            Coef::Where(guards, body) => {
                let guards = guards.iter().map(|guard| guard.substitute(symbol, value));
                Coef::Where(guards.collect(), boxed(body))
            }
        }
    }

    pub fn plus(self, other: Coef) -> Coef {
        let (mut terms, rest) = (flat_sum(self), flat_sum(other));
        terms.extend(rest);
        terms.retain(|term| *term != Coef::Number(0.0));
        match terms.len() {
            0 => Coef::Number(0.0),
            1 => terms.remove(0),
            _ => Coef::Sum(terms),
        }
    }

    /// The product, its guards outside, then its sign, and its number in front.
    pub fn times(self, other: Coef) -> Coef {
        let (mut guards, one) = self.unguarded();
        let (others, other) = other.unguarded();
        guards.extend(others);
        one.times_unguarded(other).guarded(guards)
    }

    fn times_unguarded(self, other: Coef) -> Coef {
        let mut number = 1.0;
        let mut factors = Vec::new();
        for factor in [self, other] {
            collect_factors(factor, &mut number, &mut factors);
        }
        if number == 0.0 {
            return Coef::Number(0.0);
        }
        let magnitude = f64::abs(number);
        if magnitude != 1.0 || factors.is_empty() {
            factors.insert(0, Coef::Number(magnitude));
        }
        let product = if factors.len() == 1 {
            factors.remove(0)
        } else {
            Coef::Product(factors)
        };
        if number < 0.0 { product.negated() } else { product }
    }

    pub fn over(self, divisor: Coef) -> Coef {
        match (self, divisor) {
            (Coef::Number(a), Coef::Number(b)) if b != 0.0 => Coef::Number(a / b),
            (Coef::Negate(dividend), divisor) => dividend.over(divisor).negated(),
            (Coef::Where(guards, dividend), divisor) => dividend.over(divisor).guarded(guards),
            (dividend, divisor) => Coef::Quotient(Box::new(dividend), Box::new(divisor)),
        }
    }

    /// Summed over the loops, the first of them outermost.
    pub fn summed(self, loops: Vec<Loop>) -> Coef {
        loops.into_iter().rev().fold(self, |body, range| match body {
            Coef::Negate(body) => Coef::Over(range, body).negated(),
            body => Coef::Over(range, Box::new(body)),
        })
    }

    /// Adds the parameters that occur, those of derived ones too.
    pub fn collect_params(&self, derived: &[Coef], params: &mut BTreeSet<usize>) {
        match self {
            Coef::Param(entry) if !entry.data => drop(params.insert(entry.param)),
            Coef::Derived(number) => derived[*number].collect_params(derived, params),
            _ => {
                for child in self.children() {
                    child.collect_params(derived, params);
                }
            }
        }
    }

    /// Whether it looks at an index of a loop around it.
    pub fn mentions(&self, symbol: &Symbol) -> bool {
        let own = match self {
            Coef::Size(dim) | Coef::Literal(_, dim) => dim.mentions(symbol),
            Coef::Param(entry) => {
                entry.row.mentions(symbol) || entry.col.mentions(symbol) || entry.stored.as_ref() == Some(symbol)
            }
            Coef::Over(range, _) | Coef::Extreme(range, _) => range.extent.mentions(symbol),
            Coef::Where(guards, _) => guards.iter().any(|guard| guard.dim().mentions(symbol)),
            _ => false,
        };
        own || self.children().into_iter().any(|child| child.mentions(symbol))
    }

    /// Its operands.
    pub fn children(&self) -> Vec<&Coef> {
        match self {
            Coef::Number(_) | Coef::Size(_) | Coef::Literal(..) | Coef::Param(_) | Coef::Derived(_) => vec![],
            Coef::Negate(arg) | Coef::Over(_, arg) | Coef::Extreme(_, arg) | Coef::Where(_, arg) => vec![arg],
            Coef::Sum(args) | Coef::Product(args) | Coef::Call(_, args) => args.iter().collect(),
            Coef::Quotient(a, b) => vec![a, b],
        }
    }

    /// Its operands, to be changed.
    pub fn children_mut(&mut self) -> Vec<&mut Coef> {
        match self {
            Coef::Number(_) | Coef::Size(_) | Coef::Literal(..) | Coef::Param(_) | Coef::Derived(_) => vec![],
            Coef::Negate(arg) | Coef::Over(_, arg) | Coef::Extreme(_, arg) | Coef::Where(_, arg) => vec![arg],
            Coef::Sum(args) | Coef::Product(args) | Coef::Call(_, args) => args.iter_mut().collect(),
            Coef::Quotient(a, b) => vec![a, b],
        }
    }

    pub fn has_params(&self) -> bool {
        match self {
            Coef::Param(entry) => !entry.data,
            Coef::Derived(_) => true,
            _ => self.children().into_iter().any(Coef::has_params),
        }
    }
}

fn flat_sum(coef: Coef) -> Vec<Coef> {
    match coef {
        Coef::Sum(terms) => terms,
        other => vec![other],
    }
}

fn collect_factors(coef: Coef, number: &mut f64, factors: &mut Vec<Coef>) {
    match coef {
        Coef::Number(value) => *number *= value,
        Coef::Negate(inner) => {
            *number = -*number;
            collect_factors(*inner, number, factors);
        }
        Coef::Product(inner) => {
            for factor in inner {
                collect_factors(factor, number, factors);
            }
        }
        other => factors.push(other),
    }
}

impl Display for Coef {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let list = |args: &[Coef], separator: &str| {
            let args: Vec<_> = args.iter().map(Coef::to_string).collect();
            args.join(separator)
        };
        match self {
            Coef::Number(value) => write!(f, "{value}"),
            Coef::Size(dim) => write!(f, "({dim})"),
            Coef::Param(ParamEntry {
                name,
                stored: Some(place),
                ..
            }) => write!(f, "{name}.{place}"),
            Coef::Param(entry) => write!(f, "{}[{}, {}]", entry.name, entry.row, entry.col),
            Coef::Negate(arg) => write!(f, "-{arg}"),
            Coef::Sum(args) => write!(f, "({})", list(args, " + ")),
            Coef::Product(args) => f.write_str(&list(args, " * ")),
            Coef::Quotient(a, b) => write!(f, "({a}) / ({b})"),
            Coef::Over(range, body) => write!(f, "sum({range}, {body})"),
            Coef::Extreme(range, body) => write!(f, "max({range}, {body})"),
            Coef::Call(function, args) => write!(f, "{function}({})", list(args, ", ")),
            Coef::Derived(number) => write!(f, "derived {number}"),
            Coef::Where(guards, body) => write!(f, "({body} {})", guard::text(guards)),
            Coef::Literal(entries, place) => write!(f, "{entries:?}[{place}]"),
        }
    }
}

impl Display for Function {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Function::Abs => "abs",
            Function::Positive => "pos",
            Function::Largest => "max",
            Function::Sqrt => "sqrt",
            Function::Exp => "exp",
            Function::Log => "log",
            Function::Log1p => "log1p",
            Function::Entropy => "entr",
            Function::Logistic => "logistic",
            Function::Power(exponent) => return write!(f, "power {exponent}"),
        })
    }
}

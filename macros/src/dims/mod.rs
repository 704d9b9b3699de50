//! Symbolic dimensions: polynomials in dimension names and loop indices, equal when their terms are.

mod shape;
mod symbol;
#[cfg(test)]
mod tests;
mod turns;

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::ops::{Add, Mul, Sub};

pub use shape::Shape;
pub use symbol::{Part, Symbol};
pub use turns::{Loop, Stored, turn};

/// The most remainders that are tried.
const MOST_CASES: i64 = 10_000;

type Monomial = Vec<Symbol>;

/// A polynomial with integer coefficients over a common positive denominator.
///
/// The denominator is there for triangular numbers, `n (n + 1) / 2`, which are integers all the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dim {
    terms: BTreeMap<Monomial, i64>,
    over: i64,
}

impl Dim {
    pub fn literal(value: usize) -> Dim {
        Dim::of_terms([(Vec::new(), i64::try_from(value).unwrap_or(i64::MAX))], 1)
    }

    pub fn symbol(symbol: Symbol) -> Dim {
        Dim::of_terms([(vec![symbol], 1)], 1)
    }

    pub fn zero() -> Dim {
        Dim::literal(0)
    }

    pub fn one() -> Dim {
        Dim::literal(1)
    }

    /// The number of entries on and above the diagonal of an `n × n` matrix.
    pub fn triangle(n: &Dim) -> Dim {
        let mut product = n * &(n + &Dim::one());
        product.over = product.over.saturating_mul(2);
        product.reduce()
    }

    /// The quotient, where it is whole for all values of the symbols: that is seen from all remainders.
    pub fn divided(&self, by: usize) -> Option<Dim> {
        let mut quotient = self.clone();
        quotient.over = quotient
            .over
            .checked_mul(i64::try_from(by).ok().filter(|by| *by > 0)?)?;
        let quotient = quotient.reduce();
        let mut symbols: Vec<&Symbol> = quotient.symbols().collect();
        symbols.sort();
        symbols.dedup();
        let cases = (0..symbols.len()).try_fold(1_i64, |cases, _| cases.checked_mul(quotient.over))?;
        if cases > MOST_CASES {
            return None;
        }
        let whole = (0..cases).all(|case| {
            let remainder = |symbol: &Symbol| {
                let place = symbols.iter().take_while(|other| **other != symbol);
                place.fold(case, |rest, _| rest / quotient.over) % quotient.over
            };
            let term = |(symbols, coefficient): (&Monomial, &i64)| {
                let factors = symbols.iter().map(remainder);
                factors.fold(coefficient % quotient.over, |product, factor| {
                    product * factor % quotient.over
                })
            };
            quotient.terms.iter().map(term).sum::<i64>() % quotient.over == 0
        });
        whole.then_some(quotient)
    }

    fn of_terms(terms: impl IntoIterator<Item = (Monomial, i64)>, over: i64) -> Dim {
        let mut sum = Dim {
            terms: BTreeMap::new(),
            over,
        };
        for (mut monomial, coefficient) in terms {
            monomial.sort();
            let entry = sum.terms.entry(monomial).or_insert(0);
            *entry = entry.saturating_add(coefficient);
        }
        sum.reduce()
    }

    fn reduce(mut self) -> Dim {
        self.terms.retain(|_, coefficient| *coefficient != 0);
        let common = self.terms.values().fold(self.over, |a, &b| gcd(a, b.saturating_abs()));
        for coefficient in self.terms.values_mut() {
            *coefficient /= common;
        }
        self.over /= common;
        self
    }

    /// The value, where no name is left.
    pub fn value(&self) -> Option<i64> {
        match self.terms.len() {
            0 => Some(0),
            1 if self.over == 1 => self.terms.get(&Vec::new()).copied(),
            _ => None,
        }
    }

    pub fn symbols(&self) -> impl Iterator<Item = &Symbol> {
        self.terms.keys().flatten()
    }

    /// The least value over all turns of a loop, as a polynomial without its index. None where that depends on the
    /// dimensions, or the index occurs in a power.
    pub fn least_over(&self, range: &Loop) -> Option<Dim> {
        self.least(&range.symbol, &range.extent)
    }

    fn least(&self, index: &Symbol, extent: &Dim) -> Option<Dim> {
        let (slope, rest) = self.line(index)?;
        if slope.terms.values().all(|coefficient| *coefficient >= 0) {
            Some(rest)
        } else if slope.terms.values().all(|coefficient| *coefficient <= 0) {
            Some(&rest + &(&slope * &(extent - &Dim::one())))
        } else {
            None
        }
    }

    /// Slope and rest as a function of an index. None where it occurs in a power.
    pub fn line(&self, index: &Symbol) -> Option<(Dim, Dim)> {
        let (mut slope, mut rest) = (Vec::new(), Vec::new());
        for (symbols, &coefficient) in &self.terms {
            match symbols.iter().filter(|symbol| *symbol == index).count() {
                0 => rest.push((symbols.clone(), coefficient)),
                1 => {
                    let others = symbols.iter().filter(|symbol| *symbol != index).cloned().collect();
                    slope.push((others, coefficient));
                }
                _ => return None,
            }
        }
        Some((Dim::of_terms(slope, self.over), Dim::of_terms(rest, self.over)))
    }

    /// Whether the value is at least one for all dimensions that are: None where that depends on them.
    pub fn is_positive(&self) -> Option<bool> {
        let constant = self.terms.get(&Vec::new()).copied().unwrap_or(0);
        let others: Vec<i64> = self
            .terms
            .iter()
            .filter(|(symbols, _)| !symbols.is_empty())
            .map(|(_, &c)| c)
            .collect();
        let at_ones = others
            .iter()
            .fold(constant, |sum, &coefficient| sum.saturating_add(coefficient));
        if others.iter().all(|&coefficient| coefficient >= 0) && at_ones >= self.over {
            Some(true)
        } else if others.iter().all(|&coefficient| coefficient <= 0) && at_ones < self.over {
            Some(false)
        } else {
            None
        }
    }

    /// The coefficient of a symbol and the rest, where the symbol occurs alone and once.
    pub fn linear_in(&self, symbol: &Symbol) -> Option<(i64, Dim)> {
        let mut coefficient = 0;
        let mut rest = Vec::new();
        for (symbols, &value) in &self.terms {
            if symbols.as_slice() == std::slice::from_ref(symbol) {
                coefficient = value;
            } else if symbols.contains(symbol) {
                return None;
            } else {
                rest.push((symbols.clone(), value));
            }
        }
        let whole = coefficient != 0 && coefficient % self.over == 0;
        whole.then(|| (coefficient / self.over, Dim::of_terms(rest, self.over)))
    }

    pub fn substitute(&self, symbol: &Symbol, value: &Dim) -> Dim {
        let mut sum = Dim::of_terms(Vec::new(), 1);
        for (symbols, &coefficient) in &self.terms {
            let others = symbols.iter().filter(|other| *other != symbol).cloned().collect();
            let mut term = Dim::of_terms([(others, coefficient)], self.over);
            for _ in symbols.iter().filter(|other| *other == symbol) {
                term = &term * value;
            }
            sum = &sum + &term;
        }
        sum
    }

    /// The sum over `symbol` from zero to below `count`.
    pub fn summed(&self, symbol: &Symbol, count: &Dim) -> Dim {
        let mut sum = Dim::zero();
        for (symbols, &coefficient) in &self.terms {
            let power = symbols.iter().filter(|other| *other == symbol).count();
            let others = symbols.iter().filter(|other| *other != symbol).cloned().collect();
            let term = Dim::of_terms([(others, coefficient)], self.over);
            sum = &sum + &(&term * &sum_of_powers(power, count));
        }
        sum
    }

    /// Two sums without negative terms whose difference has the sign of this.
    pub fn sides(&self) -> (Dim, Dim) {
        let side = |sign: i64| {
            let terms = self.terms.iter().filter(|(_, coefficient)| **coefficient * sign > 0);
            Dim::of_terms(
                terms.map(|(symbols, coefficient)| (symbols.clone(), coefficient * sign)),
                1,
            )
        };
        (side(1), side(-1))
    }

    /// Whether the value is known to be zero or more in every turn of the loops.
    pub fn is_nonneg_over(&self, loops: &[Loop]) -> bool {
        let least = loops
            .iter()
            .rev()
            .flat_map(Loop::bound)
            .try_fold(self.clone(), |least, (index, extent)| least.least(&index, extent));
        least.is_some_and(|least| least.is_nonneg())
    }

    /// Whether the value is known to be zero or more for positive dimensions and any indices.
    fn is_nonneg(&self) -> bool {
        let is_dim = |symbol: &Symbol| matches!(symbol, Symbol::Dim(_));
        let mut least = 0_i64;
        for (symbols, &coefficient) in &self.terms {
            if coefficient < 0 && !symbols.is_empty() {
                return false;
            }
            if symbols.iter().all(is_dim) {
                least = least.saturating_add(coefficient);
            }
        }
        least >= 0
    }

    pub fn mentions(&self, symbol: &Symbol) -> bool {
        self.symbols().any(|found| found == symbol)
    }

    /// How many terms it has, and how many factors the longest.
    pub fn size(&self) -> [usize; 2] {
        [self.terms.len(), self.terms.keys().map(Vec::len).max().unwrap_or(0)]
    }

    pub fn is_one(&self) -> bool {
        self.value() == Some(1)
    }

    /// The terms as coefficient and factors, the positive ones first, and the denominator.
    pub fn parts(&self) -> (Vec<(i64, &[Symbol])>, i64) {
        let mut parts: Vec<_> = self
            .terms
            .iter()
            .map(|(monomial, &coefficient)| (coefficient, monomial.as_slice()))
            .collect();
        parts.sort_by_key(|(coefficient, symbols)| (*coefficient < 0, std::cmp::Reverse(symbols.len())));
        (parts, self.over)
    }

    fn combine(&self, other: &Dim, sign: i64) -> Dim {
        let scaled = |dim: &Dim, factor: i64| -> Vec<(Monomial, i64)> {
            dim.terms
                .iter()
                .map(|(monomial, coefficient)| (monomial.clone(), coefficient.saturating_mul(factor)))
                .collect()
        };
        let mut terms = scaled(self, other.over);
        terms.extend(scaled(other, self.over.saturating_mul(sign)));
        Dim::of_terms(terms, self.over.saturating_mul(other.over))
    }
}

impl Add for &Dim {
    type Output = Dim;
    fn add(self, other: &Dim) -> Dim {
        self.combine(other, 1)
    }
}

impl Sub for &Dim {
    type Output = Dim;
    fn sub(self, other: &Dim) -> Dim {
        self.combine(other, -1)
    }
}

impl Mul for &Dim {
    type Output = Dim;
    fn mul(self, other: &Dim) -> Dim {
        let products = self.terms.iter().flat_map(|(left, a)| {
            other.terms.iter().map(move |(right, b)| {
                let monomial = left.iter().chain(right).cloned().collect();
                (monomial, a.saturating_mul(*b))
            })
        });
        Dim::of_terms(products, self.over.saturating_mul(other.over))
    }
}

/// `0ᵖ + 1ᵖ + … + (n - 1)ᵖ`, from `nᵖ⁺¹ = Σₖ (p + 1 over k) Sₖ(n)` for the sums of all lower powers.
fn sum_of_powers(power: usize, n: &Dim) -> Dim {
    let mut sum = (0..=power).fold(Dim::one(), |product, _| &product * n);
    let mut binomial = 1;
    for lower in 0..power {
        sum = &sum - &(&Dim::literal(binomial) * &sum_of_powers(lower, n));
        binomial = binomial * (power + 1 - lower) / (lower + 1);
    }
    sum.over = sum.over.saturating_mul(i64::try_from(power + 1).unwrap_or(i64::MAX));
    sum.reduce()
}

/// Of positive numbers, or zero.
fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

impl Display for Dim {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (parts, over) = self.parts();
        if parts.is_empty() {
            return f.write_str("0");
        }
        if over != 1 {
            f.write_str("(")?;
        }
        for (position, (coefficient, symbols)) in parts.iter().enumerate() {
            match (position, *coefficient < 0) {
                (0, false) => {}
                (0, true) => f.write_str("-")?,
                (_, false) => f.write_str(" + ")?,
                (_, true) => f.write_str(" - ")?,
            }
            let magnitude = coefficient.unsigned_abs();
            let mut factors: Vec<String> = Vec::new();
            if magnitude != 1 || symbols.is_empty() {
                factors.push(magnitude.to_string());
            }
            factors.extend(symbols.iter().map(Symbol::to_string));
            f.write_str(&factors.join(" * "))?;
        }
        if over != 1 {
            write!(f, ") / {over}")?;
        }
        Ok(())
    }
}

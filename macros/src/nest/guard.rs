//! Conditions on loop indices: solved for an index where they can be, so that loops run over what is there; otherwise
//! left for run time.

use std::fmt::{self, Display, Formatter};

use crate::dims::{Dim, Loop, Symbol};

#[derive(Clone, Debug, PartialEq)]
pub enum Guard {
    /// `dim == 0`
    Zero(Dim),
    /// `dim >= 0`
    Nonneg(Dim),
}

/// The conditions of `0 <= index < extent`.
pub fn within(index: &Dim, extent: &Dim) -> Vec<Guard> {
    if extent.is_one() {
        return vec![Guard::Zero(index.clone())];
    }
    let above = &(extent - index) - &Dim::one();
    vec![Guard::Nonneg(index.clone()), Guard::Nonneg(above)]
}

/// Loops whose extents depend on no index, and the conditions that the turns meet.
pub fn boxed(loops: &[Loop]) -> (Vec<Loop>, Vec<Guard>) {
    let within = |range: &Loop| Guard::Nonneg(&(&range.extent - &range.index()) - &Dim::one());
    let dependent = loops.iter().filter(|range| range.extent != range.most);
    let guards = dependent.map(within).collect();
    let free = |range: &Loop| match range.extent == range.most {
        true => range.clone(),
        false => Loop::new(range.symbol.clone(), range.most.clone()),
    };
    (loops.iter().map(free).collect(), guards)
}

impl Guard {
    pub fn dim(&self) -> &Dim {
        let (Guard::Zero(dim) | Guard::Nonneg(dim)) = self;
        dim
    }

    pub fn substitute(&self, symbol: &Symbol, value: &Dim) -> Guard {
        match self {
            Guard::Zero(dim) => Guard::Zero(dim.substitute(symbol, value)),
            Guard::Nonneg(dim) => Guard::Nonneg(dim.substitute(symbol, value)),
        }
    }

    /// The loop's index where the guard fixes it.
    fn fixes(&self, range: &Loop) -> Option<Dim> {
        let Guard::Zero(dim) = self else { return None };
        match dim.linear_in(&range.symbol)? {
            (1, rest) => Some(&Dim::zero() - &rest),
            (-1, rest) => Some(rest),
            _ => None,
        }
    }

    fn holds(&self, loops: &[Loop]) -> bool {
        match self {
            Guard::Zero(dim) => *dim == Dim::zero(),
            Guard::Nonneg(dim) => dim.is_nonneg_over(loops),
        }
    }

    fn fails(&self, loops: &[Loop]) -> bool {
        let negative = |dim: &Dim| (&(&Dim::zero() - dim) - &Dim::one()).is_nonneg_over(loops);
        match self {
            Guard::Zero(dim) => negative(dim) || negative(&(&Dim::zero() - dim)),
            Guard::Nonneg(dim) => negative(dim),
        }
    }
}

/// An index that is replaced, in all that the loops surround.
pub struct Substitution {
    pub symbol: Symbol,
    pub value: Dim,
}

/// Takes guards into the bounds of loops, as far as symbols tell. None where no turn passes the guards.
///
/// No extent depends on a loop, before and after.
pub fn settle(loops: &mut Vec<Loop>, guards: &mut Vec<Guard>) -> Option<Vec<Substitution>> {
    let mut substitutions = Vec::new();
    loop {
        guards.retain(|guard| !guard.holds(loops));
        if guards.iter().any(|guard| guard.fails(loops)) {
            return None;
        }
        let Some(substitution) = fix(loops, guards).or_else(|| narrow(loops, guards)) else {
            return Some(substitutions);
        };
        let Substitution { symbol, value } = &substitution;
        for guard in guards.iter_mut() {
            *guard = guard.substitute(symbol, value);
        }
        substitutions.push(substitution);
    }
}

/// Removes one loop whose index a guard fixes, the outermost if there are several: rows are more than what is summed.
fn fix(loops: &mut Vec<Loop>, guards: &mut Vec<Guard>) -> Option<Substitution> {
    for place in 0..loops.len() {
        let fixed = guards.iter().position(|guard| guard.fixes(&loops[place]).is_some());
        if let Some(guard) = fixed {
            let range = loops.remove(place);
            let value = guards.remove(guard).fixes(&range)?;
            guards.extend(within(&value, &range.extent));
            return Some(Substitution {
                symbol: range.symbol,
                value,
            });
        }
    }
    None
}

/// Narrows one loop to the turns that pass its guards.
fn narrow(loops: &mut [Loop], guards: &mut Vec<Guard>) -> Option<Substitution> {
    for place in (0..loops.len()).rev() {
        let Loop { symbol, extent, .. } = &loops[place];
        let bound = |sign: i64| {
            let mut found = guards.iter().enumerate().filter_map(|(which, guard)| match guard {
                Guard::Nonneg(dim) => match dim.linear_in(symbol) {
                    Some((coefficient, rest)) if coefficient == sign => Some((which, rest)),
                    _ => None,
                },
                Guard::Zero(_) => None,
            });
            let first = found.next();
            first.filter(|_| found.next().is_none())
        };
        let (lower, upper) = (bound(1), bound(-1));
        if lower.is_none() && upper.is_none() {
            continue;
        }
        let first = lower.as_ref().map_or_else(Dim::zero, |(_, rest)| &Dim::zero() - rest);
        let end = upper
            .as_ref()
            .map_or_else(|| extent.clone(), |(_, rest)| rest + &Dim::one());
        let count = &end - &first;
        let known = first.is_nonneg_over(loops)
            && (extent - &end).is_nonneg_over(loops)
            && count.symbols().all(Symbol::is_fixed)
            && count.is_nonneg_over(&[]);
        if !known {
            continue;
        }
        let mut used: Vec<usize> = [lower, upper].into_iter().flatten().map(|(which, _)| which).collect();
        used.sort_unstable();
        for which in used.into_iter().rev() {
            guards.remove(which);
        }
        let symbol = symbol.clone();
        let value = &Dim::symbol(symbol.clone()) + &first;
        loops[place].extent = count;
        return Some(Substitution { symbol, value });
    }
    None
}

pub fn text(guards: &[Guard]) -> String {
    let guards: Vec<_> = guards.iter().map(Guard::to_string).collect();
    format!("where {}", guards.join(" and "))
}

impl Display for Guard {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Guard::Zero(dim) => write!(f, "{dim} == 0"),
            Guard::Nonneg(dim) => write!(f, "{dim} >= 0"),
        }
    }
}

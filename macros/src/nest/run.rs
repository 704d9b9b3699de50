//! Runs: turns of an innermost loop that go up a matrix in the order of its nonzeros, with values that are those of one
//! parameter in steps, or all the same.

use super::coef::{Coef, ParamEntry};
use super::lower::{Entry, Place};
use super::{Nest, Row, Target};
use crate::dims::{Dim, Loop, Symbol};

/// The innermost loop of a nest over a matrix.
pub struct Run {
    pub range: Loop,
    /// What does not change in it.
    pub scale: Coef,
    /// What the scale multiplies.
    pub values: Option<Steps>,
    /// Where one place of `P` may be that of the square of a variable, which counts twice: the one that moves, in the
    /// first turn, and the one that stays.
    pub meeting: Option<(Entry, Entry)>,
}

/// Entries of an array, a step apart.
pub struct Steps {
    /// In the first turn.
    pub first: ParamEntry,
    pub step: Dim,
}

impl Nest {
    /// With the loop innermost that makes the best run; the order of the others remains.
    pub fn ordered(mut self) -> Nest {
        let last = self.loops.len().saturating_sub(1);
        let best = (0..self.loops.len()).max_by_key(|&place| (self.worth(place), place));
        if let Some(place) = best
            && place != last
        {
            let range = self.loops.remove(place);
            self.loops.push(range);
        }
        self
    }

    /// How well what a loop visits lies side by side: in the matrix above all, which is written.
    fn worth(&self, place: usize) -> u8 {
        let range = &self.loops[place];
        let Some(run) = self.run_of(range) else { return 0 };
        let stays = |entry: &Entry| entry.rise(&range.symbol) == Some(Dim::zero());
        let matrix = match &self.target {
            Target::A(row, entry) => stays(entry) && row.rise(&range.symbol).is_some_and(|rise| rise.is_one()),
            _ => true,
        };
        let values = run.values.is_none_or(|values| values.step.is_one());
        1 + 2 * u8::from(matrix) + u8::from(values)
    }

    /// The run that the innermost loop is, if it is one, and if it is for more than once.
    pub fn run(&self) -> Option<Run> {
        let run = self.run_of(self.loops.last()?)?;
        self.coef.has_params().then_some(run)
    }

    fn run_of(&self, range: &Loop) -> Option<Run> {
        let index = &range.symbol;
        let guarded = self.guards.iter().any(|guard| guard.dim().mentions(index));
        if range.stored.is_some() || guarded {
            return None;
        }
        let meeting = match &self.target {
            Target::A(row, entry) => {
                let (row, column) = (row.rise(index)?, entry.rise(index)?);
                let up = is_up(&column) || column == Dim::zero() && is_up(&row);
                up.then_some(None)?
            }
            Target::P(one, other) if one == other => is_up(&one.rise(index)?).then_some(None)?,
            Target::P(one, other) => {
                let (moves, stays) = if one.rise(index)?.is_one() {
                    (one, other)
                } else {
                    (other, one)
                };
                let first = || (moves.substitute(index, &Dim::zero()), stays.clone());
                let runs = moves.rise(index)?.is_one() && stays.rise(index)? == Dim::zero();
                runs.then(|| (one.block == other.block).then(first))?
            }
            Target::Q(_) | Target::R | Target::B(_) => return None,
        };
        let (scale, values) = split(&self.coef, index)?;
        Some(Run {
            range: range.clone(),
            scale,
            values,
            meeting,
        })
    }
}

/// Whether it is above zero in every turn of the loops around.
fn is_up(rise: &Dim) -> bool {
    rise.symbols().all(|symbol| matches!(symbol, Symbol::Dim(_))) && rise.is_positive() == Some(true)
}

/// A coefficient as a product of what does not depend on an index and of entries in steps.
fn split(coef: &Coef, index: &Symbol) -> Option<(Coef, Option<Steps>)> {
    if !coef.mentions(index) {
        return Some((coef.clone(), None));
    }
    match coef {
        Coef::Param(entry) if !entry.sparse => {
            let (step, _) = entry.place().line(index)?;
            let first = ParamEntry {
                row: entry.row.substitute(index, &Dim::zero()),
                col: entry.col.substitute(index, &Dim::zero()),
                ..entry.clone()
            };
            is_up(&step).then_some((Coef::one(), Some(Steps { first, step })))
        }
        Coef::Negate(arg) => split(arg, index).map(|(scale, values)| (scale.negated(), values)),
        Coef::Product(factors) => {
            let moving = factors.iter().position(|factor| factor.mentions(index))?;
            let (mut scale, values) = split(&factors[moving], index)?;
            for (_, factor) in factors.iter().enumerate().filter(|(place, _)| *place != moving) {
                if factor.mentions(index) {
                    return None;
                }
                scale = scale.times(factor.clone());
            }
            Some((scale, values))
        }
        Coef::Quotient(dividend, divisor) if !divisor.mentions(index) => {
            let (scale, values) = split(dividend, index)?;
            Some((scale.over((**divisor).clone()), values))
        }
        _ => None,
    }
}

impl Row {
    /// By how much it moves from one turn to the next. None where that is not the same in all.
    fn rise(&self, index: &Symbol) -> Option<Dim> {
        let plain = self.triangle.is_none();
        plain.then(|| slope(&self.offset, index))?
    }
}

impl Entry {
    fn rise(&self, index: &Symbol) -> Option<Dim> {
        match &self.place {
            Place::Column(offset) => slope(offset, index),
            Place::Symmetric(..) => None,
        }
    }
}

fn slope(offset: &Dim, index: &Symbol) -> Option<Dim> {
    offset.line(index).map(|(slope, _)| slope)
}

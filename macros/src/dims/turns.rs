//! Loops, and how often their bodies run.

use std::fmt::{self, Display, Formatter};
use std::rc::Rc;

use super::{Dim, Part, Symbol};

/// A loop of an index over `0..extent`.
#[derive(Clone, Debug, PartialEq)]
pub struct Loop {
    pub symbol: Symbol,
    /// It may depend on the indices of loops further out.
    pub extent: Dim,
    /// The largest that the extent is in any turn of those.
    pub most: Dim,
    /// Where it is over the stored entries of a matrix.
    pub stored: Option<Rc<Stored>>,
}

/// A matrix whose stored entries are looped over.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub matrix: String,
    /// The number of the loop.
    pub number: usize,
    pub rows: Dim,
    pub cols: Dim,
}

impl Loop {
    pub fn new(symbol: Symbol, extent: Dim) -> Loop {
        Loop {
            symbol,
            most: extent.clone(),
            extent,
            stored: None,
        }
    }

    /// A loop inside others, on whose indices its extent may depend. None where that rises and falls.
    pub fn inside(around: &[Loop], symbol: Symbol, extent: Dim) -> Option<Loop> {
        let fewest = &Dim::zero() - &extent;
        let fewest = around
            .iter()
            .rev()
            .try_fold(fewest, |fewest, range| fewest.least_over(range))?;
        Some(Loop {
            most: &Dim::zero() - &fewest,
            ..Loop::new(symbol, extent)
        })
    }

    /// A loop over the stored entries of a matrix.
    pub fn over_entries(stored: Stored) -> Loop {
        let extent = Dim::symbol(Symbol::Stored(stored.matrix.clone()));
        Loop {
            stored: Some(Rc::new(stored.clone())),
            ..Loop::new(Symbol::Entry(stored.number, Part::Place), extent)
        }
    }

    pub fn index(&self) -> Dim {
        Dim::symbol(self.symbol.clone())
    }

    pub fn substitute(&self, symbol: &Symbol, value: &Dim) -> Loop {
        Loop {
            extent: self.extent.substitute(symbol, value),
            ..self.clone()
        }
    }

    /// The symbols that it binds, each with the number of its values.
    pub fn bound(&self) -> Vec<(Symbol, &Dim)> {
        let mut bound = vec![(self.symbol.clone(), &self.extent)];
        if let Some(stored) = &self.stored {
            bound.push((Symbol::Entry(stored.number, Part::Row), &stored.rows));
            bound.push((Symbol::Entry(stored.number, Part::Col), &stored.cols));
        }
        bound
    }
}

/// The turn of nested loops, the first of them outermost, and how many turns there are.
pub fn turn(loops: &[Loop]) -> (Dim, Dim) {
    // From the inside out: how many turns of the inner loops there are in one turn of the outer ones.
    loops
        .iter()
        .rev()
        .fold((Dim::zero(), Dim::one()), |(turn, turns), range| {
            let before = turns.summed(&range.symbol, &range.index());
            (&before + &turn, turns.summed(&range.symbol, &range.extent))
        })
}

impl Display for Loop {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.stored {
            Some(stored) => write!(f, "{} in {}", self.symbol, stored.matrix),
            None => write!(f, "{} in 0..{}", self.symbol, self.extent),
        }
    }
}

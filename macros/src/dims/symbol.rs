//! What stands for a number that is known at run time.

use std::fmt::{self, Display, Formatter};

/// A name that stands for a number at run time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Symbol {
    /// A declared run-time dimension.
    Dim(String),
    /// A loop index, numbered within its nest.
    Index(usize),
    /// The index of a loop that the user wrote, counted from zero: its number, and its name.
    Loop(usize, String),
    /// The number of stored entries of a sparse parameter, or of sparse data, by its name.
    Stored(String),
    /// Of a loop over stored entries, by its number: the entry, its row or its column.
    Entry(usize, Part),
}

/// What is known of a stored entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Its place among the stored entries.
    Place,
    Row,
    Col,
}

impl Symbol {
    /// Of the index of a loop that the user wrote.
    pub fn number(&self) -> Option<usize> {
        match self {
            Symbol::Loop(number, _) => Some(*number),
            _ => None,
        }
    }

    /// Whether it stands for one number in all loops.
    pub fn is_fixed(&self) -> bool {
        matches!(self, Symbol::Dim(_) | Symbol::Stored(_))
    }
}

impl Display for Symbol {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Symbol::Dim(name) => f.write_str(name),
            Symbol::Index(index) => write!(f, "i{index}"),
            Symbol::Loop(_, name) => f.write_str(name),
            Symbol::Stored(matrix) => write!(f, "stored({matrix})"),
            Symbol::Entry(number, Part::Place) => write!(f, "e{number}"),
            Symbol::Entry(number, Part::Row) => write!(f, "row(e{number})"),
            Symbol::Entry(number, Part::Col) => write!(f, "col(e{number})"),
        }
    }
}

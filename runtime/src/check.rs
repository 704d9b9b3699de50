//! What is asked of the arguments before anything is done with them.

use sprs::{CsStructure, CsStructureView};

use crate::vector::{norm_inf, not_finite};
use crate::{Argument, Attributes, Error, Record, definite};

/// Entries of a symmetric matrix may differ from their mirror images by this, relative to the
/// largest entry.
const ASYMMETRY: f64 = 1e-10;

/// One field of a record.
struct Field<'a> {
    argument: Argument,
    name: &'static str,
    shape: [usize; 2],
    entries: &'a [f64],
    pattern: Option<CsStructureView<'a>>,
}

/// What the fields of a record must be.
#[derive(Clone, Debug)]
pub(crate) struct Shapes {
    fields: Vec<[usize; 2]>,
    patterns: Vec<Option<CsStructure>>,
}

impl Shapes {
    pub(crate) fn of<R: Record>(record: &R) -> Self {
        let fields = 0..R::NAMES.len();
        Self {
            fields: fields.clone().map(|field| record.shape(field)).collect(),
            patterns: fields
                .map(|field| record.pattern(field).map(|pattern| pattern.to_owned()))
                .collect(),
        }
    }

    /// The number of entries of each field.
    pub(crate) fn sizes(&self) -> impl Iterator<Item = usize> {
        let fields = self.fields.iter().zip(&self.patterns);
        fields.map(|([rows, cols], pattern)| pattern.as_ref().map_or(rows * cols, |pattern| pattern.nnz()))
    }

    pub(crate) fn pattern(&self, field: usize) -> Option<CsStructureView<'_>> {
        self.patterns[field].as_ref().map(|pattern| pattern.view())
    }
}

/// Shapes as expected, and patterns, which data have of their own.
pub(crate) fn shapes<R: Record>(argument: Argument, record: &R, expected: &Shapes) -> Result<(), Error> {
    for (field, name) in R::NAMES.iter().enumerate() {
        let (found, expected_shape) = (record.shape(field), expected.fields[field]);
        let pattern = record.pattern(field);
        let [rows, cols] = expected_shape;
        let complete = pattern.is_some() || record.entries(field).len() == rows * cols;
        if found != expected_shape || !complete {
            return Err(Error::Shape {
                argument,
                name,
                expected: expected_shape,
                found,
            });
        }
        if argument != Argument::Data && pattern != expected.pattern(field) {
            return Err(Error::Pattern { argument, name });
        }
    }
    Ok(())
}

/// Shapes and patterns as expected, and finite entries.
pub(crate) fn finite<R: Record>(argument: Argument, record: &R, expected: &Shapes) -> Result<(), Error> {
    shapes(argument, record, expected)?;
    fields(argument, record).try_for_each(|field| field.finite())
}

/// A direction of the parameters: shapes, finite entries, symmetry.
pub(crate) fn direction<R: Record>(record: &R, expected: &Shapes, attributes: &[Attributes]) -> Result<(), Error> {
    finite(Argument::Direction, record, expected)?;
    for (field, attributes) in fields(Argument::Direction, record).zip(attributes) {
        if attributes.symmetric || attributes.psd || attributes.nsd {
            field.symmetric()?;
        }
        if attributes.diagonal {
            field.diagonal()?;
        }
    }
    Ok(())
}

fn fields<R: Record>(argument: Argument, record: &R) -> impl Iterator<Item = Field<'_>> {
    R::NAMES.iter().enumerate().map(move |(field, name)| Field {
        argument,
        name,
        shape: record.shape(field),
        entries: record.entries(field),
        pattern: record.pattern(field),
    })
}

/// The checks of parameters, with the last positive semidefinite matrices found good.
#[derive(Debug)]
pub(crate) struct Checker {
    good: Vec<Vec<f64>>,
    scratch: Vec<f64>,
}

impl Checker {
    pub(crate) fn new(fields: usize) -> Self {
        Self {
            good: vec![Vec::new(); fields],
            scratch: Vec::new(),
        }
    }

    /// Shapes, patterns, finite entries, attributes.
    pub(crate) fn record<R: Record>(
        &mut self,
        argument: Argument,
        params: &R,
        expected: &Shapes,
        attributes: &[Attributes],
    ) -> Result<(), Error> {
        shapes(argument, params, expected)?;
        for (index, (field, attributes)) in fields(argument, params).zip(attributes).enumerate() {
            if !attributes.pattern {
                field.finite()?;
                self.attributes(index, &field, *attributes)?;
            }
        }
        Ok(())
    }

    fn attributes(&mut self, index: usize, field: &Field<'_>, attributes: Attributes) -> Result<(), Error> {
        if attributes.pos {
            field.sign("pos", |value| value > 0.0)?;
        }
        if attributes.nonneg {
            field.sign("nonneg", |value| value >= 0.0)?;
        }
        if attributes.nonpos {
            field.sign("nonpos", |value| value <= 0.0)?;
        }
        if attributes.diagonal {
            field.diagonal()?;
        }
        if attributes.psd || attributes.nsd {
            let good = &mut self.good[index];
            if good.as_slice() != field.entries || good.is_empty() {
                field.symmetric()?;
                let sign = if attributes.psd { 1.0 } else { -1.0 };
                field.semidefinite(sign, &mut self.scratch)?;
                good.clear();
                good.extend_from_slice(field.entries);
            }
        } else if attributes.symmetric {
            field.symmetric()?;
        }
        Ok(())
    }
}

impl Field<'_> {
    /// Row and column of an entry.
    fn place(&self, index: usize) -> (usize, usize) {
        let dense = || (index % self.shape[0], index / self.shape[0]);
        match &self.pattern {
            Some(pattern) => pattern.iter().nth(index).map_or_else(dense, |(_, place)| place),
            None => dense(),
        }
    }

    fn at(&self, row: usize, col: usize) -> f64 {
        match &self.pattern {
            Some(pattern) => pattern.nnz_index(row, col).map_or(0.0, |place| self.entries[place.0]),
            None => self.entries[row + self.shape[0] * col],
        }
    }

    /// Visits each entry that may not be zero, with its row and column.
    fn each(&self, mut visit: impl FnMut(usize, usize, f64)) {
        if let Some(pattern) = &self.pattern {
            for ((_, (row, col)), value) in pattern.iter().zip(self.entries) {
                visit(row, col, *value);
            }
            return;
        }
        for (col, entries) in self.entries.chunks(self.shape[0].max(1)).enumerate() {
            for (row, value) in entries.iter().enumerate() {
                visit(row, col, *value);
            }
        }
    }

    fn finite(&self) -> Result<(), Error> {
        match not_finite(self.entries) {
            None => Ok(()),
            Some(index) => {
                let (row, col) = self.place(index);
                let value = self.entries[index];
                Err(Error::NotFinite {
                    argument: self.argument,
                    name: self.name,
                    row,
                    col,
                    value,
                })
            }
        }
    }

    fn sign(&self, attribute: &'static str, good: impl Fn(f64) -> bool) -> Result<(), Error> {
        match self.entries.iter().position(|value| !good(*value)) {
            None => Ok(()),
            Some(index) => {
                let (row, col) = self.place(index);
                Err(Error::Sign {
                    name: self.name,
                    attribute,
                    row,
                    col,
                    value: self.entries[index],
                })
            }
        }
    }

    fn diagonal(&self) -> Result<(), Error> {
        let mut found = None;
        self.each(|row, col, value| {
            if row != col && value != 0.0 {
                found = found.or(Some((row, col, value)));
            }
        });
        match found {
            None => Ok(()),
            Some((row, col, value)) => Err(Error::OffDiagonal {
                argument: self.argument,
                name: self.name,
                row,
                col,
                value,
            }),
        }
    }

    fn symmetric(&self) -> Result<(), Error> {
        let (mut worst, mut place) = (0.0, None);
        self.each(|row, col, value| {
            let difference = (value - self.at(col, row)).abs();
            if difference > worst {
                (worst, place) = (difference, Some((row.min(col), row.max(col))));
            }
        });
        match place {
            Some((row, col)) if worst > ASYMMETRY * norm_inf(self.entries) => Err(Error::Asymmetric {
                argument: self.argument,
                name: self.name,
                row,
                col,
                value: self.at(row, col),
                mirrored: self.at(col, row),
            }),
            _ => Ok(()),
        }
    }

    /// Semidefinite with the given sign.
    fn semidefinite(&self, sign: f64, scratch: &mut Vec<f64>) -> Result<(), Error> {
        let indefinite = if self.pattern.is_none() {
            definite::dense(sign, self.entries, self.shape[0], scratch)
        } else {
            let mut upper = Vec::new();
            self.each(|row, col, value| {
                if row <= col {
                    upper.push((row, col, value));
                }
            });
            definite::sparse(sign, &upper, self.shape[0])
        };
        match indefinite {
            None => Ok(()),
            Some(eigenvalue) => Err(Error::Indefinite {
                name: self.name,
                eigenvalue,
            }),
        }
    }
}

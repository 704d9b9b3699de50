//! What is asked of the arguments before anything is done with them.

use crate::{Argument, Attributes, Error, Record};

/// Entries of a symmetric matrix may differ from their mirror images by this, relative to the
/// largest entry.
const ASYMMETRY: f64 = 1e-10;

/// Eigenvalues of a positive semidefinite matrix may be negative by this, relative to the largest
/// entry.
const INDEFINITENESS: f64 = 1e-9;

/// One field of a record.
struct Field<'a> {
    argument: Argument,
    name: &'static str,
    shape: [usize; 2],
    entries: &'a [f64],
}

/// The shapes of the fields of a record.
pub(crate) type Shapes = Vec<[usize; 2]>;

pub(crate) fn shapes_of<R: Record>(record: &R) -> Shapes {
    (0..R::NAMES.len()).map(|field| record.shape(field)).collect()
}

/// Shapes as expected.
pub(crate) fn shapes<R: Record>(argument: Argument, record: &R, expected: &Shapes) -> Result<(), Error> {
    for (field, (name, expected)) in R::NAMES.iter().zip(expected).enumerate() {
        let (found, expected) = (record.shape(field), *expected);
        if found != expected || record.entries(field).len() != expected[0] * expected[1] {
            return Err(Error::Shape {
                argument,
                name,
                expected,
                found,
            });
        }
    }
    Ok(())
}

/// Shapes as expected, and finite entries.
pub(crate) fn finite<R: Record>(argument: Argument, record: &R, expected: &Shapes) -> Result<(), Error> {
    shapes(argument, record, expected)?;
    fields(argument, record).try_for_each(|field| field.finite())
}

/// A direction of the parameters: shapes, finite entries, symmetry.
pub(crate) fn direction<R: Record>(record: &R, expected: &Shapes, attributes: &[Attributes]) -> Result<(), Error> {
    finite(Argument::Direction, record, expected)?;
    for (field, attributes) in fields(Argument::Direction, record).zip(attributes) {
        if attributes.symmetric || attributes.psd {
            field.symmetric()?;
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

    /// Shapes, finite entries, attributes.
    pub(crate) fn record<R: Record>(
        &mut self,
        argument: Argument,
        params: &R,
        expected: &Shapes,
        attributes: &[Attributes],
    ) -> Result<(), Error> {
        finite(argument, params, expected)?;
        for (index, (field, attributes)) in fields(argument, params).zip(attributes).enumerate() {
            self.attributes(index, &field, *attributes)?;
        }
        Ok(())
    }

    fn attributes(&mut self, index: usize, field: &Field<'_>, attributes: Attributes) -> Result<(), Error> {
        if attributes.nonneg {
            field.sign("nonneg", |value| value >= 0.0)?;
        }
        if attributes.nonpos {
            field.sign("nonpos", |value| value <= 0.0)?;
        }
        if attributes.psd {
            let good = &mut self.good[index];
            if good.as_slice() != field.entries || good.is_empty() {
                field.symmetric()?;
                field.semidefinite(&mut self.scratch)?;
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
    fn place(&self, index: usize) -> (usize, usize) {
        (index % self.shape[0], index / self.shape[0])
    }

    fn finite(&self) -> Result<(), Error> {
        match self.entries.iter().position(|value| !value.is_finite()) {
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

    fn largest(&self) -> f64 {
        crate::program::norm_inf(self.entries)
    }

    fn symmetric(&self) -> Result<(), Error> {
        let size = self.shape[0];
        let (mut worst, mut place) = (0.0, None);
        for col in 0..size.min(self.shape[1]) {
            for row in 0..col {
                let difference = (self.entries[row + size * col] - self.entries[col + size * row]).abs();
                if difference > worst {
                    (worst, place) = (difference, Some((row, col)));
                }
            }
        }
        match place {
            Some((row, col)) if worst > ASYMMETRY * self.largest() => Err(Error::Asymmetric {
                argument: self.argument,
                name: self.name,
                row,
                col,
                value: self.entries[row + size * col],
                mirrored: self.entries[col + size * row],
            }),
            _ => Ok(()),
        }
    }

    /// A Cholesky factorization of the matrix plus a small shift, row by row of the lower triangle.
    /// Where it breaks down, back substitution gives a direction of negative curvature.
    fn semidefinite(&self, factor: &mut Vec<f64>) -> Result<(), Error> {
        let size = self.shape[0];
        let shift = INDEFINITENESS * self.largest();
        if shift == 0.0 {
            return Ok(());
        }
        factor.clear();
        factor.resize(size * size, 0.0);
        for row in 0..size {
            for col in 0..=row {
                let (upper, lower) = factor.split_at_mut(row * size);
                let current = &mut lower[..size];
                let entry = self.entries[col + size * row] + if row == col { shift } else { 0.0 };
                if col < row {
                    let other = &upper[col * size..col * size + col + 1];
                    let sum = crate::program::dot(&current[..col], &other[..col]);
                    current[col] = (entry - sum) / other[col];
                } else {
                    let pivot = entry - crate::program::dot(&current[..col], &current[..col]);
                    if pivot <= 0.0 {
                        let direction = negative_direction(factor, size, row);
                        let eigenvalue = pivot / direction - shift;
                        return Err(Error::Indefinite {
                            name: self.name,
                            eigenvalue,
                        });
                    }
                    current[col] = pivot.sqrt();
                }
            }
        }
        Ok(())
    }
}

/// `‖v‖²` of `v = (−L⁻ᵀl, 1)`, along which the curvature is the failed pivot of row `row`.
fn negative_direction(factor: &mut [f64], size: usize, row: usize) -> f64 {
    let (done, current) = factor.split_at_mut(row * size);
    let v = &mut current[..row];
    let mut square = 1.0;
    for col in (0..row).rev() {
        let value = v[col] / done[col * size + col];
        for k in 0..col {
            v[k] -= done[col * size + k] * value;
        }
        square += value * value;
    }
    square
}

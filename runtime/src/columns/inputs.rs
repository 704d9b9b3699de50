//! The arrays that a batch reads.

use crate::check::Shapes;
use crate::{Argument, Error, Record};

/// An array for each field of a record, of all samples or of one that is broadcast.
#[derive(Debug)]
pub(crate) struct Inputs<'a> {
    fields: Vec<Input<'a>>,
}

#[derive(Clone, Copy, Debug)]
struct Input<'a> {
    numbers: &'a [f64],
    size: usize,
    broadcast: bool,
}

impl<'a> Inputs<'a> {
    /// Checks the lengths of arrays that are fields of a record of a problem.
    pub(crate) fn new<R: Record>(
        argument: Argument,
        shapes: &Shapes,
        batch: usize,
        arrays: &'a [impl AsRef<[f64]>],
    ) -> Result<Self, Error> {
        let wrong = |name, expected, found| Error::Length {
            argument,
            name,
            expected,
            found,
        };
        if arrays.len() != R::NAMES.len() {
            return Err(Error::Arrays {
                argument,
                names: R::NAMES,
                found: arrays.len(),
            });
        }
        let fields = arrays.iter().zip(shapes.sizes()).zip(R::NAMES);
        let inputs = fields.map(|((array, size), name)| {
            let numbers = array.as_ref();
            let all = size.saturating_mul(batch);
            if numbers.len() != all && numbers.len() != size {
                return Err(wrong(name, all, numbers.len()));
            }
            Ok(Input {
                numbers,
                size,
                broadcast: numbers.len() != all,
            })
        });
        let fields = inputs.collect::<Result<_, _>>()?;
        Ok(Self { fields })
    }

    /// Whether all samples share a field.
    pub(crate) fn broadcast(&self) -> impl Iterator<Item = bool> {
        self.fields.iter().map(|input| input.broadcast)
    }

    /// Overwrites a record with the numbers of a sample.
    pub(crate) fn copy_to<R: Record>(&self, sample: usize, record: &mut R) {
        for (field, input) in self.fields.iter().enumerate() {
            let first = if input.broadcast { 0 } else { sample * input.size };
            let numbers = &input.numbers[first..first + input.size];
            record.entries_mut(field).copy_from_slice(numbers);
        }
    }
}

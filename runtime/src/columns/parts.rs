//! The arrays that a batch writes, cut into parts that are written at the same time.

use std::ops::Range;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::Record;

/// Parts of a batch: enough for many threads, and few enough to hold a sum for each.
const PARTS: usize = 64;

/// An array with a place for each sample, or one place for their sum.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    /// The numbers of one sample.
    pub(crate) size: usize,
    pub(crate) sum: bool,
}

impl Output {
    /// The numbers of so many samples.
    fn length(self, samples: usize) -> usize {
        self.size * if self.sum { 1 } else { samples }
    }
}

/// Samples in a row, and their slices of the outputs.
#[derive(Debug)]
pub(crate) struct Part<'a> {
    pub(crate) samples: Range<usize>,
    outputs: &'a [Output],
    slices: Vec<&'a mut [f64]>,
}

impl Part<'_> {
    /// Writes the numbers of a sample, or adds them to the sum.
    pub(crate) fn write(&mut self, output: usize, sample: usize, numbers: &[f64]) {
        let Output { size, sum } = self.outputs[output];
        let slice = &mut self.slices[output];
        if sum {
            slice.iter_mut().zip(numbers).for_each(|(sum, number)| *sum += number);
        } else {
            let first = size * (sample - self.samples.start);
            slice[first..first + size].copy_from_slice(numbers);
        }
    }

    /// Writes all fields of a record to outputs from `first` on.
    pub(crate) fn write_record<R: Record>(&mut self, first: usize, sample: usize, record: &R) {
        for field in 0..R::NAMES.len() {
            self.write(first + field, sample, record.entries(field));
        }
    }
}

/// Runs the parts of a batch on all threads. Returns the outputs, which are `empty` where nothing was written, and what
/// the parts return, in order.
///
/// The samples of a part are added up in their order, and so are the parts, whose number does not depend on the threads.
pub(crate) fn in_parts<T: Send>(
    batch: usize,
    outputs: &[Output],
    empty: f64,
    run: impl Fn(Part<'_>) -> Vec<T> + Sync + Send,
) -> (Vec<Vec<f64>>, Vec<T>) {
    let step = batch.div_ceil(PARTS).max(1);
    let ranges = || (0..batch).step_by(step).map(|first| first..batch.min(first + step));
    let length = |output: &Output| ranges().map(|samples| output.length(samples.len())).sum();
    let mut arrays: Vec<Vec<f64>> = outputs
        .iter()
        .map(|output| vec![if output.sum { 0.0 } else { empty }; length(output)])
        .collect();
    let mut rests: Vec<&mut [f64]> = arrays.iter_mut().map(Vec::as_mut_slice).collect();
    let parts: Vec<Part<'_>> = ranges()
        .map(|samples| {
            let both = rests.iter_mut().zip(outputs);
            let slices = both
                .map(|(rest, output)| cut(rest, output.length(samples.len())))
                .collect();
            Part {
                samples,
                outputs,
                slices,
            }
        })
        .collect();
    let returned: Vec<Vec<T>> = parts.into_par_iter().map(run).collect();
    for (array, output) in arrays.iter_mut().zip(outputs).filter(|(_, output)| output.sum) {
        *array = sum(output.size, array);
    }
    (arrays, returned.into_iter().flatten().collect())
}

/// Takes the first numbers of a slice off it.
fn cut<'a>(rest: &mut &'a mut [f64], length: usize) -> &'a mut [f64] {
    rest.split_off_mut(..length).unwrap_or_default()
}

fn sum(size: usize, parts: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; size];
    for part in parts.chunks_exact(size.max(1)) {
        sum.iter_mut().zip(part).for_each(|(sum, number)| *sum += number);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::{Output, PARTS, in_parts};

    #[test]
    fn every_sample_has_its_place_and_sums_are_of_all() {
        let outputs = [(2, false), (1, true), (0, false)].map(|(size, sum)| Output { size, sum });
        for batch in [0, 1, PARTS - 1, PARTS, 3 * PARTS + 1] {
            let (arrays, samples) = in_parts(batch, &outputs, 0.0, |mut part| {
                let samples = part.samples.clone();
                for sample in samples.clone() {
                    part.write(0, sample, &[sample as f64, 0.5]);
                    part.write(1, sample, &[sample as f64]);
                    part.write(2, sample, &[]);
                }
                samples.collect()
            });
            assert_eq!(samples, (0..batch).collect::<Vec<_>>());
            let expected: Vec<f64> = (0..batch).flat_map(|sample| [sample as f64, 0.5]).collect();
            assert_eq!(arrays[0], expected);
            assert_eq!(arrays[1], [samples.iter().sum::<usize>() as f64]);
            assert_eq!(arrays[2], [0.0; 0]);
        }
    }
}

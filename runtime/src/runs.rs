//! Runs of visits: nonzeros of a matrix that come one behind the other, and are those of a slice where nothing is between
//! them.

use std::iter::repeat_n;
use std::ops::Range;

use crate::vector::{self, LONG};

/// A run of fewer visits is not asked whether it is a slice.
const SHORT: usize = 16;

/// Places among the nonzeros of a matrix, each behind the one before.
pub struct Run<'a> {
    slots: &'a [u32],
    /// The visit that counts twice.
    twice: Option<usize>,
}

/// Entries of an array, some steps apart.
#[derive(Clone, Copy)]
pub struct Steps<'a> {
    /// The array.
    pub values: &'a [f64],
    /// The place of the first entry.
    pub first: usize,
    /// How far it is to the next one, one at least.
    pub step: usize,
}

impl<'a> Run<'a> {
    /// So many visits, of which the first is given.
    #[inline]
    pub fn new(slots: &'a [u32], first: usize, count: usize) -> Self {
        Self {
            slots: &slots[first..first + count],
            twice: None,
        }
    }

    /// Visits of the products of a variable and of neighbours, the first of which is `moves`: one may be its square.
    #[inline]
    pub fn meeting(slots: &'a [u32], first: usize, count: usize, moves: usize, stays: usize) -> Self {
        Self {
            twice: stays.checked_sub(moves).filter(|turn| *turn < count),
            ..Self::new(slots, first, count)
        }
    }

    /// Adds the values to the entries, or overwrites these where no other visit meets them.
    #[inline(always)]
    pub fn fill(&self, entries: &mut [f64], steps: Steps<'_>, scale: f64, alone: bool) {
        if alone && steps.step == 1 && self.len() < SHORT && self.twice.is_none() {
            let pairs = self.slots.iter().zip(steps.slice(self.len()));
            return pairs.for_each(|(slot, value)| entries[*slot as usize] = scale * value);
        }
        self.fill_long(entries, steps, scale, alone);
    }

    #[inline(never)]
    fn fill_long(&self, entries: &mut [f64], steps: Steps<'_>, scale: f64, alone: bool) {
        if !alone {
            return self.add(entries, steps, scale);
        }
        match self.slice() {
            Some(range) if steps.step == 1 && self.len() >= LONG => {
                vector::scale(scale, steps.slice(self.len()), &mut entries[range])
            }
            _ if steps.step == 1 => self.write(entries, steps.slice(self.len()).iter(), |entry, value| {
                *entry = scale * value
            }),
            _ => self.write(entries, steps.iter(), |entry, value| *entry = scale * value),
        }
        self.write_twice(entries, |turn| scale * steps.at(turn));
    }

    /// Adds the values to the entries.
    #[inline]
    pub fn add(&self, entries: &mut [f64], steps: Steps<'_>, scale: f64) {
        if steps.step == 1 {
            self.write(entries, steps.slice(self.len()).iter(), |entry, value| {
                *entry += scale * value
            });
        } else {
            self.write(entries, steps.iter(), |entry, value| *entry += scale * value);
        }
        self.write_twice(entries, |turn| scale * steps.at(turn));
    }

    /// Adds one value to all entries, or overwrites these where no other visit meets them.
    #[inline]
    pub fn fill_same(&self, entries: &mut [f64], value: f64, alone: bool) {
        if !alone {
            return self.add_same(entries, value);
        }
        self.write(entries, repeat_n(value, self.len()), |entry, value| *entry = value);
        self.write_twice(entries, |_| value);
    }

    /// Adds one value to all entries.
    #[inline]
    pub fn add_same(&self, entries: &mut [f64], value: f64) {
        self.write(entries, repeat_n(value, self.len()), |entry, value| *entry += value);
        self.write_twice(entries, |_| value);
    }

    /// The sum of the entries, the adjoint of `add_same`.
    #[inline]
    pub fn sum(&self, entries: &[f64]) -> f64 {
        let mut sum = 0.0;
        self.read(entries, repeat_n((), self.len()), |entry, ()| sum += entry);
        sum + self.read_twice(entries).map_or(0.0, |(_, entry)| entry)
    }

    /// The sum of the entries times the values, the adjoint of `add` in its scale.
    #[inline]
    pub fn dot(&self, entries: &[f64], steps: Steps<'_>) -> f64 {
        let mut sum = 0.0;
        self.read(entries, steps.iter(), |entry, value| sum += entry * value);
        sum + self
            .read_twice(entries)
            .map_or(0.0, |(turn, entry)| entry * steps.at(turn))
    }

    /// Adds the entries to those of a gradient, the first and how far it is to the next one: the adjoint of `add` in its
    /// values.
    #[inline(always)]
    pub fn pull(&self, entries: &[f64], gradient: &mut [f64], [first, step]: [usize; 2], scale: f64) {
        // A run of no visits may begin behind the array.
        if self.slots.is_empty() {
            return;
        }
        if step == 1 && self.len() >= LONG {
            self.pull_long(entries, &mut gradient[first..first + self.len()], scale);
        } else if step == 1 {
            let gradient = gradient[first..first + self.len()].iter_mut();
            self.read(entries, gradient, |entry, gradient| *gradient += scale * entry);
        } else {
            let gradient = gradient[first..].iter_mut().step_by(step);
            self.read(entries, gradient, |entry, gradient| *gradient += scale * entry);
        }
        if let Some((turn, entry)) = self.read_twice(entries) {
            gradient[first + step * turn] += scale * entry;
        }
    }

    #[inline(never)]
    fn pull_long(&self, entries: &[f64], gradient: &mut [f64], scale: f64) {
        match self.slice() {
            Some(range) => vector::add(scale, &entries[range], gradient),
            None => self.read(entries, gradient.iter_mut(), |entry, gradient| {
                *gradient += scale * entry
            }),
        }
    }

    fn len(&self) -> usize {
        self.slots.len()
    }

    /// The nonzeros, where there are no others between them.
    fn slice(&self) -> Option<Range<usize>> {
        let (first, last) = (*self.slots.first()? as usize, *self.slots.last()? as usize);
        (last + 1 - first == self.len()).then_some(first..last + 1)
    }

    fn write<T>(&self, entries: &mut [f64], values: impl Iterator<Item = T>, change: impl Fn(&mut f64, T)) {
        match self.slice() {
            Some(range) => entries[range]
                .iter_mut()
                .zip(values)
                .for_each(|(entry, value)| change(entry, value)),
            None => self
                .slots
                .iter()
                .zip(values)
                .for_each(|(slot, value)| change(&mut entries[*slot as usize], value)),
        }
    }

    fn write_twice(&self, entries: &mut [f64], value: impl Fn(usize) -> f64) {
        if let Some(turn) = self.twice {
            entries[self.slots[turn] as usize] += value(turn);
        }
    }

    fn read<T>(&self, entries: &[f64], others: impl Iterator<Item = T>, mut take: impl FnMut(f64, T)) {
        match self.slice() {
            Some(range) => entries[range]
                .iter()
                .zip(others)
                .for_each(|(entry, other)| take(*entry, other)),
            None => self
                .slots
                .iter()
                .zip(others)
                .for_each(|(slot, other)| take(entries[*slot as usize], other)),
        }
    }

    fn read_twice(&self, entries: &[f64]) -> Option<(usize, f64)> {
        self.twice.map(|turn| (turn, entries[self.slots[turn] as usize]))
    }
}

impl<'a> Steps<'a> {
    fn slice(self, count: usize) -> &'a [f64] {
        // A run of no visits may begin behind the array.
        self.values.get(self.first..self.first + count).unwrap_or_default()
    }

    fn iter(self) -> impl Iterator<Item = &'a f64> {
        let values = self.values.get(self.first..).unwrap_or_default();
        values.iter().step_by(self.step)
    }

    fn at(self, turn: usize) -> f64 {
        self.values[self.first + self.step * turn]
    }
}

#[cfg(test)]
mod tests {
    use super::{Run, Steps};

    const VALUES: [f64; 6] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];

    fn steps(first: usize, step: usize) -> Steps<'static> {
        Steps {
            values: &VALUES,
            first,
            step,
        }
    }

    /// Side by side and apart, each with values side by side and apart.
    #[test]
    fn a_run_writes_what_it_visits_and_nothing_else() {
        for (slots, step, expected) in [
            ([2, 3, 4], 1, [7.0, 7.0, 11.0, 13.0, 15.0, 7.0, 7.0]),
            ([1, 3, 6], 1, [7.0, 11.0, 7.0, 13.0, 7.0, 7.0, 15.0]),
            ([2, 3, 4], 2, [7.0, 7.0, 11.0, 15.0, 19.0, 7.0, 7.0]),
            ([1, 3, 6], 2, [7.0, 11.0, 7.0, 15.0, 7.0, 7.0, 19.0]),
        ] {
            let run = Run::new(&slots, 0, 3);
            let mut entries = [7.0; 7];
            run.add(&mut entries, steps(1, step), 2.0);
            assert_eq!(entries, expected);
            let mut entries = [7.0; 7];
            run.fill(&mut entries, steps(1, step), 2.0, true);
            let expected = expected.map(|entry| if entry == 7.0 { 7.0 } else { entry - 7.0 });
            assert_eq!(entries, expected);
        }
    }

    #[test]
    fn the_square_of_a_variable_counts_twice() {
        let slots = [9, 0, 1, 3];
        let run = Run::meeting(&slots, 1, 3, 4, 5);
        let mut entries = [0.0; 4];
        run.fill(&mut entries, steps(0, 1), 1.0, true);
        assert_eq!(entries, [1.0, 4.0, 0.0, 3.0]);
        let apart = Run::meeting(&slots, 1, 3, 4, 7);
        apart.fill_same(&mut entries, 1.0, false);
        assert_eq!(entries, [2.0, 5.0, 0.0, 4.0]);
    }

    #[test]
    fn what_reads_is_the_adjoint_of_what_writes() {
        let (slots, cotangent) = ([0, 2, 3], [0.3, -1.0, 0.7, 0.2]);
        let dot = |entries: &[f64]| entries.iter().zip(cotangent).map(|(x, y)| x * y).sum::<f64>();
        for stays in [4, 5, 6, 9] {
            let run = Run::meeting(&slots, 0, 3, 4, stays);
            let mut entries = [0.0; 4];
            run.add(&mut entries, steps(1, 2), 0.5);
            let mut gradient = [0.0; 6];
            run.pull(&cotangent, &mut gradient, [1, 2], 0.5);
            let pulled: f64 = gradient.iter().zip(VALUES).map(|(x, y)| x * y).sum();
            assert!((dot(&entries) - pulled).abs() < 1e-14);
            assert!((dot(&entries) - 0.5 * run.dot(&cotangent, steps(1, 2))).abs() < 1e-14);
            let mut entries = [0.0; 4];
            run.add_same(&mut entries, 0.5);
            assert!((dot(&entries) - 0.5 * run.sum(&cotangent)).abs() < 1e-14);
        }
    }

    #[test]
    fn no_visits_are_no_mistake() {
        let run = Run::new(&[], 0, 0);
        run.fill(&mut [], steps(6, 1), 1.0, true);
        run.add(&mut [], steps(9, 3), 1.0);
        run.pull(&[], &mut [], [9, 3], 1.0);
        assert_eq!((run.sum(&[]), run.dot(&[], steps(9, 1))), (0.0, 0.0));
    }
}

//! Between the numbers of the cone program and those of the user's problem.

use crate::check::Shapes;
use crate::derivative::Workspace;
use crate::{Family, Record};

/// The cone program minimizes what the user maximizes, negated.
pub(super) fn user_sense<F: Family>(value: f64) -> f64 {
    if F::MAXIMIZE { -value } else { value }
}

/// What the derivatives of the cone program's optimal value are multiplied by for those of the user's objective, at the point
/// that is differentiated.
pub(super) fn slope<F: Family>(workspace: &Workspace) -> f64 {
    if F::GEOMETRIC {
        let value = workspace.program.objective(&workspace.point.x);
        user_sense::<F>(user_sense::<F>(value).exp())
    } else {
        user_sense::<F>(1.0)
    }
}

/// Between tangents of the variables and of their logarithms `x`, and likewise cotangents.
pub(super) fn scale_by_variables<F: Family>(x: &[f64], dx: &mut [f64]) {
    if F::GEOMETRIC {
        // What is zero may be auxiliary, and its exponential too large.
        let moving = dx.iter_mut().zip(x).filter(|(dx, _)| **dx != 0.0);
        moving.for_each(|(dx, x)| *dx *= x.exp());
    }
}

pub(super) fn exponentiate<R: Record>(vars: &mut R) {
    for field in 0..R::NAMES.len() {
        vars.entries_mut(field)
            .iter_mut()
            .for_each(|entry| *entry = entry.exp());
    }
}

pub(super) fn symmetrize<F: Family>(gradient: &mut F::Params, shapes: &Shapes) {
    for (field, attributes) in F::ATTRIBUTES.iter().enumerate() {
        let [size, columns] = gradient.shape(field);
        if !(attributes.symmetric || attributes.psd) || size != columns {
            continue;
        }
        let entries = gradient.entries_mut(field);
        let mut both = |one: usize, other: usize| {
            let mean = 0.5 * (entries[one] + entries[other]);
            entries[one] = mean;
            entries[other] = mean;
        };
        if let Some(pattern) = shapes.pattern(field) {
            for (place, (_, (row, column))) in pattern.iter().enumerate() {
                if let Some(mirror) = pattern.nnz_index(column, row).filter(|mirror| mirror.0 > place) {
                    both(place, mirror.0);
                }
            }
            continue;
        }
        for column in 0..size {
            for row in 0..column {
                both(row + size * column, column + size * row);
            }
        }
    }
}

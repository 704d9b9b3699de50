//! What the numbers of a literal array show.

use crate::dims::{Dim, Shape};
use crate::expr::Promise;
use crate::sign::Sign;

/// The entries are by columns.
pub fn promise(entries: &[f64], shape: &Shape) -> Promise {
    let sign = Sign {
        nonneg: entries.iter().all(|entry| *entry >= 0.0),
        nonpos: entries.iter().all(|entry| *entry <= 0.0),
    };
    let order = entries.len().isqrt();
    let square = *shape == Shape::new(Dim::literal(order), Dim::literal(order));
    let mirrored = |place: usize| entries[place / order + order * (place % order)];
    let symmetric = square && (0..entries.len()).all(|place| entries[place] == mirrored(place));
    let definite = Sign {
        nonneg: symmetric && semidefinite(entries.to_vec(), order),
        nonpos: symmetric && semidefinite(entries.iter().map(|entry| -entry).collect(), order),
    };
    Promise {
        sign,
        definite,
        symmetric,
    }
}

/// Whether elimination meets no negative pivot, and none of zero with anything beside it; up to rounding.
fn semidefinite(mut entries: Vec<f64>, order: usize) -> bool {
    let largest = entries.iter().fold(0.0, |largest: f64, entry| largest.max(entry.abs()));
    let noise = largest * order as f64 * f64::EPSILON;
    for step in 0..order {
        let column: Vec<f64> = (step..order).map(|row| entries[row + order * step]).collect();
        let (pivot, below) = (column[0], &column[1..]);
        if pivot <= noise {
            if pivot < -noise || below.iter().any(|entry| entry.abs() > noise) {
                return false;
            }
            continue;
        }
        for (i, a) in below.iter().enumerate() {
            for (j, b) in below.iter().enumerate() {
                entries[step + 1 + i + order * (step + 1 + j)] -= a * b / pivot;
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(entries: &[f64], rows: usize, cols: usize) -> Promise {
        promise(entries, &Shape::new(Dim::literal(rows), Dim::literal(cols)))
    }

    #[test]
    fn matrices_that_are_semidefinite() {
        for entries in [
            [2.0, -1.0, -1.0, 2.0],
            [1.0, 1.0, 1.0, 1.0],
            [0.0, 0.0, 0.0, 3.0],
            [0.04, 0.012, 0.012, 0.0036],
        ] {
            let found = of(&entries, 2, 2);
            assert!(
                found.symmetric && found.definite.nonneg && !found.definite.nonpos,
                "{entries:?}"
            );
            let negated = entries.map(|entry| -entry);
            assert!(of(&negated, 2, 2).definite.nonpos, "{negated:?}");
        }
        let zero = of(&[0.0; 9], 3, 3).definite;
        assert!(zero.nonneg && zero.nonpos);
    }

    #[test]
    fn matrices_that_are_not() {
        for entries in [[1.0, 2.0, 2.0, 1.0], [0.0, 1.0, 1.0, 5.0], [1.0, 0.0, 0.0, -1.0]] {
            let found = of(&entries, 2, 2);
            assert!(found.symmetric, "{entries:?}");
            assert!(!found.definite.nonneg && !found.definite.nonpos, "{entries:?}");
        }
        assert!(!of(&[1.0, 0.5, 0.25, 1.0], 2, 2).symmetric);
        assert!(!of(&[1.0, 2.0, 2.0, 1.0], 1, 4).symmetric);
    }
}

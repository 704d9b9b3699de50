//! What the tests of `cvxlayers` share; each test is a file of its own beside this one.

use cvxlayers::{Attributes, Error, Family, Polish, Problem, Record, Settings};
use rand::RngExt;

/// Settings for reference points of finite differences: the polished point of a tight solve.
pub fn tight() -> Settings {
    Settings::default().with_gap_tolerance(1e-11).with_polish(Polish::Solve)
}

/// `x + alpha y`
pub fn shifted<R: Record>(x: &R, alpha: f64, y: &R) -> R {
    let mut shifted = x.clone();
    shifted.axpy(alpha, y);
    shifted
}

/// All entries of all fields.
pub fn flat<R: Record>(x: &R) -> Vec<f64> {
    (0..R::NAMES.len())
        .flat_map(|field| x.entries(field).to_vec())
        .collect()
}

/// Sets every entry to a draw from the uniform distribution on `[-1, 1]`, symmetric where the parameter is.
pub fn randomize<R: Record>(x: &mut R, attributes: &[Attributes], rng: &mut impl RngExt) {
    for field in 0..R::NAMES.len() {
        let [size, _] = x.shape(field);
        let symmetric = attributes.get(field).is_some_and(|attributes| attributes.symmetric);
        let entries = x.entries_mut(field);
        entries.fill_with(|| rng.random_range(-1.0..1.0));
        if symmetric {
            for column in 0..size {
                for row in 0..column {
                    entries[column + size * row] = entries[row + size * column];
                }
            }
        }
    }
}

/// The central finite difference of the variables along a direction of the parameters.
///
/// # Errors
///
/// Those of the two solves.
pub fn difference<F: Family, C>(
    problem: &mut Problem<F, C>,
    params: &F::Params,
    direction: &F::Params,
    step: f64,
) -> Result<Vec<f64>, Error> {
    let above = flat(&problem.solve(&shifted(params, step, direction))?.vars);
    let below = flat(&problem.solve(&shifted(params, -step, direction))?.vars);
    Ok(above
        .iter()
        .zip(below)
        .map(|(above, below)| (above - below) / (2.0 * step))
        .collect())
}

/// The largest difference, relative to the largest expected entry where that is above one.
pub fn distance(found: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let scale = expected.iter().fold(1.0, |scale: f64, x| scale.max(x.abs()));
    found
        .iter()
        .zip(expected)
        .map(|(found, expected)| (found - expected).abs() / scale)
        .fold(0.0, f64::max)
}

/// # Panics
///
/// If the two are further apart than the tolerance.
pub fn assert_close(what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    let distance = distance(found, expected);
    assert!(
        distance <= tolerance,
        "{what}: off by {distance:.1e}\n found    {found:?}\n expected {expected:?}"
    );
}

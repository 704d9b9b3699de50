//! What the tests of `cvxlayers` share; each test is a file of its own beside this one.

use cvxlayers::nalgebra::DMatrix;
use cvxlayers::{Attributes, Cotangent, Error, Exactness, Family, Polish, Problem, Record, Settings};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

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
        let attributes = attributes.get(field).copied().unwrap_or_default();
        let mirrored: Option<Vec<_>> = x.pattern(field).map(|pattern| {
            let mirror = |(row, col)| pattern.nnz_index(col, row).map(|place| place.0);
            pattern.iter().map(|(_, place)| mirror(place)).collect()
        });
        let entries = x.entries_mut(field);
        entries.fill_with(|| rng.random_range(-1.0..1.0));
        for place in 0..entries.len() {
            let (row, col) = (place % size, place / size);
            if attributes.diagonal && row != col {
                entries[place] = 0.0;
            }
            let mirror = match &mirrored {
                Some(mirrored) => mirrored[place].filter(|mirror| *mirror > place),
                None => Some(col + size * row).filter(|_| row < col),
            };
            if let Some(mirror) = mirror.filter(|_| attributes.symmetric) {
                entries[place] = entries[mirror];
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

/// A matrix of draws from the uniform distribution on `[-1, 1]`.
pub fn random_matrix(rows: usize, columns: usize, rng: &mut impl RngExt) -> DMatrix<f64> {
    DMatrix::from_fn(rows, columns, |_, _| rng.random_range(-1.0..1.0))
}

/// Both modes of differentiation, along a random direction that the caller may restrict and with a random cotangent:
/// against central finite differences, and against each other.
///
/// # Errors
///
/// Those of the solves and of the derivatives.
///
/// # Panics
///
/// If a derivative is not exact, or not the one that was found otherwise.
pub fn check_derivatives<F: Family, C>(
    problem: &mut Problem<F, C>,
    params: &F::Params,
    restrict: impl Fn(&mut F::Params),
    tolerance: f64,
) -> Result<(), Error> {
    let mut rng = StdRng::seed_from_u64(11);
    let (mut direction, mut cotangent) = (problem.zero_params(), problem.zero_vars());
    randomize(&mut direction, F::ATTRIBUTES, &mut rng);
    randomize(&mut cotangent, &[], &mut rng);
    restrict(&mut direction);

    let solution = problem.solve(params)?;
    let (mut tangent, mut gradient) = (problem.zero_vars(), problem.zero_params());
    let forward = solution.jvp_into(&direction, &mut tangent)?;
    let reverse = solution.vjp_into(Cotangent::vars(&cotangent), &mut gradient)?;
    assert_eq!(forward.kind, Exactness::Exact, "{forward:?}");
    assert_eq!(reverse.kind, Exactness::Exact, "{reverse:?}");

    let (one, other) = (tangent.dot(&cotangent), gradient.dot(&direction));
    let products = flat(&direction).into_iter().zip(flat(&gradient));
    let size = 1.0 + products.map(|(x, y)| (x * y).abs()).sum::<f64>();
    assert!((one - other).abs() <= 1e-9 * size, "adjoint: {one} and {other}");

    check_other_derivatives(problem, params, &direction, forward.unique == Some(true), tolerance)?;
    let quotient = difference(problem, params, &direction, 1e-6)?;
    assert!(quotient.iter().any(|x| x.abs() > 1e-3), "nothing moves");
    assert_close("jvp", &flat(&tangent), &quotient, tolerance);
    let slope = quotient.iter().zip(flat(&cotangent)).map(|(x, y)| x * y).sum();
    assert_close("vjp", &[other], &[slope], tolerance);
    check_objective_derivatives(problem, params, restrict, tolerance)
}

/// The derivatives of `let`s along a direction, as [`check_derivatives`], and where they are unique those of the labelled
/// dual variables; and of everything together.
fn check_other_derivatives<F: Family, C>(
    problem: &mut Problem<F, C>,
    params: &F::Params,
    direction: &F::Params,
    unique: bool,
    tolerance: f64,
) -> Result<(), Error> {
    let mut rng = StdRng::seed_from_u64(13);
    let (mut cotangent, mut of_duals, mut of_lets) = (problem.zero_vars(), problem.zero_duals(), problem.zero_lets());
    randomize(&mut cotangent, &[], &mut rng);
    if unique {
        randomize(&mut of_duals, &[], &mut rng);
    }
    randomize(&mut of_lets, &[], &mut rng);
    let solution = problem.solve(params)?;
    let tangent = solution.tangent(direction)?;
    let all = Cotangent::vars(&cotangent)
        .and_duals(&of_duals)
        .and_lets(&of_lets)
        .and_objective(0.7);
    let gradient = solution.vjp(all)?;
    let one = tangent.vars.dot(&cotangent)
        + tangent.duals.dot(&of_duals)
        + tangent.lets.dot(&of_lets)
        + 0.7 * tangent.objective;
    let products = flat(direction).into_iter().zip(flat(&gradient));
    let size = 1.0 + products.map(|(x, y)| (x * y).abs()).sum::<f64>();
    let other = gradient.dot(direction);
    assert!(
        (one - other).abs() <= 1e-9 * size,
        "adjoint of everything: {one} and {other}"
    );

    let step = 1e-6;
    let above = problem.solve(&shifted(params, step, direction))?;
    let below = problem.solve(&shifted(params, -step, direction))?;
    let quotient = |above: Vec<f64>, below: Vec<f64>| -> Vec<f64> {
        let pairs = above.into_iter().zip(below);
        pairs.map(|(above, below)| (above - below) / (2.0 * step)).collect()
    };
    let of_lets = quotient(flat(&above.lets), flat(&below.lets));
    assert_close("tangent of lets", &flat(&tangent.lets), &of_lets, 10.0 * tolerance);
    if !unique {
        return Ok(());
    }
    let quotient = quotient(flat(&above.duals), flat(&below.duals));
    assert_close("tangent of duals", &flat(&tangent.duals), &quotient, 10.0 * tolerance);
    Ok(())
}

/// As [`check_derivatives`], of the optimal value alone: it has them where the point has none.
///
/// # Errors
///
/// Those of the solves.
///
/// # Panics
///
/// If a derivative is not the one that was found otherwise.
pub fn check_objective_derivatives<F: Family, C>(
    problem: &mut Problem<F, C>,
    params: &F::Params,
    restrict: impl Fn(&mut F::Params),
    tolerance: f64,
) -> Result<(), Error> {
    let mut direction = problem.zero_params();
    randomize(&mut direction, F::ATTRIBUTES, &mut StdRng::seed_from_u64(12));
    restrict(&mut direction);
    let solution = problem.solve(params)?;
    let slope = solution.objective_jvp(&direction)?;
    let gradient = solution.objective_gradient()?;
    assert_close("objective gradient", &[gradient.dot(&direction)], &[slope], 1e-9);
    let step = 1e-5;
    let above = problem.solve(&shifted(params, step, &direction))?.objective;
    let below = problem.solve(&shifted(params, -step, &direction))?.objective;
    assert_close("slope", &[slope], &[(above - below) / (2.0 * step)], tolerance);
    Ok(())
}

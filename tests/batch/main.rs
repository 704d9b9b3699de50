//! Batches: each sample as if it were alone, whatever the number of threads.
#![allow(missing_docs)]

mod columns;
mod memory;

use std::time::Duration;

use cvxlayers::nalgebra::{DMatrix, DVector};
use cvxlayers::{Argument, Cotangent, Error, Family, Polish, Problem, Record, Settings, Solution, cvx};
use cvxlayers_tests::{assert_close, flat, random_matrix, randomize, tight};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

cvx! {
    pub problem Portfolio(n, k) {
        param mu: [n];
        param sigma: [k, k] psd;
        param factors: [n, k];
        param gamma: pos;
        param most: nonneg;
        var w: [n];
        let exposure = factors.T * w;
        maximize mu.T * w - gamma * (quad_form(exposure, sigma) + sum_squares(w)) - norm2(w) / 4;
        subject_to { budget: sum(w) == 1; limits: 0 <= w <= most; }
    }
}

const DIMS: PortfolioDims = PortfolioDims { n: 7, k: 2 };

pub fn portfolio() -> Result<Portfolio, Error> {
    Portfolio::new(DIMS)
}

pub fn samples(batch: usize) -> Vec<PortfolioParams> {
    let mut rng = StdRng::seed_from_u64(17);
    let sample = |_| {
        let root = random_matrix(DIMS.k, DIMS.k, &mut rng);
        PortfolioParams {
            mu: DVector::from_fn(DIMS.n, |_, _| rng.random_range(-1.0..1.0)),
            sigma: &root * root.transpose(),
            factors: random_matrix(DIMS.n, DIMS.k, &mut rng),
            gamma: rng.random_range(0.3..3.0),
            most: rng.random_range(0.3..0.6),
        }
    };
    (0..batch).map(sample).collect()
}

pub fn random<R: Record>(zero: &R, batch: usize) -> Vec<R> {
    let mut rng = StdRng::seed_from_u64(23);
    let draw = |_| {
        let mut record = zero.clone();
        randomize(&mut record, &[], &mut rng);
        record
    };
    (0..batch).map(draw).collect()
}

fn directions(batch: usize) -> Result<Vec<PortfolioParams>, Error> {
    let mut directions = random(&portfolio()?.zero_params(), batch);
    for direction in &mut directions {
        direction.sigma = &direction.sigma + direction.sigma.transpose();
    }
    Ok(directions)
}

pub fn on_threads<T: Send>(threads: usize, run: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.expect("threads").install(run)
}

pub fn settings() -> impl Iterator<Item = Settings> {
    let polish = [Polish::Off, Polish::Derivative, Polish::Solve];
    let polished = polish.map(|polish| Settings::default().with_polish(polish));
    polished.into_iter().chain([Settings::default().with_smoothing(1e-3)])
}

/// All numbers of a solution.
fn numbers<F: Family>(solution: &Solution<F>) -> Vec<f64> {
    let records = [flat(&solution.vars), flat(&solution.duals), flat(&solution.lets)];
    let points = [solution.cone_x(), solution.cone_s(), solution.cone_z()].map(<[f64]>::to_vec);
    let mut numbers = [records.concat(), points.concat()].concat();
    numbers.extend([solution.objective, solution.residual()]);
    numbers
}

type Derivatives = (Vec<PortfolioParams>, Vec<PortfolioVars>);

fn derivatives(solutions: &[Solution<PortfolioFamily>]) -> Result<Derivatives, Error> {
    let cotangents = random(&portfolio()?.zero_vars(), solutions.len());
    let gradients = Solution::vjp_batch(solutions, &cotangents)
        .into_iter()
        .collect::<Result<_, _>>()?;
    let tangents = Solution::jvp_batch(solutions, &directions(solutions.len())?);
    Ok((gradients, tangents.into_iter().collect::<Result<_, _>>()?))
}

#[test]
fn a_batch_is_its_samples_one_by_one() -> Result<(), Error> {
    let params = samples(20);
    let cotangents = random(&portfolio()?.zero_vars(), params.len());
    let directions = directions(params.len())?;
    for settings in settings() {
        let (mut one_by_one, mut at_once) = (
            portfolio()?.with_settings(settings),
            portfolio()?.with_settings(settings),
        );
        let solutions = at_once
            .solve_batch(&params)
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?;
        let (gradients, tangents) = derivatives(&solutions)?;
        for (sample, params) in params.iter().enumerate() {
            let expected = one_by_one.solve(params)?;
            assert_eq!(numbers(&solutions[sample]), numbers(&expected));
            assert_eq!(solutions[sample].params(), params);
            let (gradient, tangent) = (expected.vjp(&cotangents[sample])?, expected.jvp(&directions[sample])?);
            assert_close("gradient", &flat(&gradients[sample]), &flat(&gradient), 1e-9);
            assert_close("tangent", &flat(&tangents[sample]), &flat(&tangent), 1e-9);
        }
        // The two scale alike: `solve` after a batch is as the batch, too.
        assert_eq!(numbers(&at_once.solve(&params[3])?), numbers(&solutions[3]));
    }
    Ok(())
}

#[test]
fn a_batch_scales_by_the_first_solve() -> Result<(), Error> {
    let params = samples(8);
    let mut problem = portfolio()?.with_settings(tight());
    let mut first = params[0].clone();
    first.mu *= 1e3;
    problem.solve(&first)?;
    let expected = params
        .iter()
        .map(|params| problem.solve(params))
        .collect::<Result<Vec<_>, _>>()?;
    let mut other = portfolio()?.with_settings(tight());
    for ((expected, found), other) in expected
        .iter()
        .zip(problem.solve_batch(&params))
        .zip(other.solve_batch(&params))
    {
        assert_eq!(numbers(expected), numbers(&found?));
        assert_close("variables", &flat(&other?.vars), &flat(&expected.vars), 1e-9);
    }
    Ok(())
}

/// Whatever the number of threads, and whatever else they have solved and differentiated.
#[test]
fn the_last_digits_do_not_depend_on_threads() -> Result<(), Error> {
    let params = samples(24);
    for settings in settings() {
        let mut reference = None;
        for threads in [1, 2, 3, 8] {
            let mut problem = portfolio()?.with_settings(settings);
            let outcome = on_threads(threads, || {
                // The first sample is the one by which all are scaled.
                problem.solve(&params[0])?;
                let reversed: Vec<_> = params.iter().rev().skip(threads).cloned().collect();
                let others = problem
                    .solve_batch(&reversed)
                    .into_iter()
                    .collect::<Result<Vec<_>, _>>()?;
                let solutions = problem
                    .solve_batch(&params)
                    .into_iter()
                    .collect::<Result<Vec<_>, _>>()?;
                let weights = problem.zero_vars();
                for solution in others.iter().chain(&solutions[threads..3 * threads.min(8)]) {
                    solution.vjp(&weights)?;
                }
                let once = derivatives(&solutions)?;
                assert_eq!(once, derivatives(&solutions)?, "once more");
                Ok::<_, Error>((solutions.iter().map(numbers).collect::<Vec<_>>(), once))
            })?;
            assert_eq!(
                reference.get_or_insert_with(|| outcome.clone()),
                &outcome,
                "{threads} threads"
            );
        }
    }
    Ok(())
}

#[test]
fn bad_samples_are_errors_at_their_places_and_change_nothing_else() -> Result<(), Error> {
    let good = samples(12);
    let mut bad = good.clone();
    bad[0].mu[2] = f64::NAN;
    bad[3].most = 0.01;
    bad[5].factors = DMatrix::zeros(DIMS.n, DIMS.k + 1);
    bad[6].gamma = -1.0;
    bad[8].sigma[(0, 0)] = -5.0;
    bad[9].mu.fill(f64::MAX);
    let all_bad: Vec<_> = [0, 5, 6].map(|sample| bad[sample].clone()).into();
    for threads in [1, 2, 3] {
        on_threads(threads, || {
            let (mut problem, mut one_by_one) = (portfolio()?, portfolio()?);
            assert!(problem.solve_batch(&all_bad).iter().all(Result::is_err));
            let results = problem.solve_batch(&bad);
            for (sample, (result, params)) in results.iter().zip(&bad).enumerate() {
                let expected = one_by_one.solve(params);
                match (result, &expected) {
                    (Ok(found), Ok(expected)) => assert_eq!(numbers(found), numbers(expected), "{sample}"),
                    // Not a number is not equal to itself.
                    (Err(found), Err(expected)) => assert_eq!(format!("{found:?}"), format!("{expected:?}")),
                    _ => panic!("{sample}: {result:?} instead of {expected:?}"),
                }
            }
            assert!(matches!(results[0], Err(Error::NotFinite { name: "mu", row: 2, .. })));
            assert!(matches!(results[3], Err(Error::Infeasible { .. })));
            assert!(matches!(results[5], Err(Error::Shape { name: "factors", .. })));
            let solved: Vec<_> = results.iter().flatten().collect();
            let weights = random(&problem.zero_vars(), 1);
            let gradients = Solution::vjp_batch(solved.iter().copied(), solved.iter().map(|_| &weights[0]));
            for (gradient, solution) in gradients.into_iter().zip(solved) {
                assert_close("gradient", &flat(&gradient?), &flat(&solution.vjp(&weights[0])?), 1e-9);
            }
            assert!(
                problem.solve_batch(&good).iter().all(Result::is_ok),
                "the problem stays usable"
            );
            Ok::<_, Error>(())
        })?;
    }
    Ok(())
}

#[test]
fn settings_are_those_of_each_sample() -> Result<(), Error> {
    let params = samples(6);
    let mut problem = portfolio()?.with_settings(Settings::default().with_time_limit(Duration::ZERO));
    let results = problem.solve_batch(&params);
    assert!(
        results
            .iter()
            .all(|result| matches!(result, Err(Error::TimeLimit { .. })))
    );
    *problem.settings_mut() = Settings::default();
    let results = problem.solve_batch(&params);
    let expected = portfolio()?.solve_batch(&params);
    for (found, expected) in results.into_iter().zip(expected) {
        assert_eq!(numbers(&found?), numbers(&expected?));
    }
    Ok(())
}

#[test]
fn parameters_may_be_shared() -> Result<(), Error> {
    let params: Vec<_> = samples(3).into_iter().map(std::sync::Arc::new).collect();
    for (result, params) in portfolio()?.solve_batch(&params).iter().zip(&params) {
        let solution = result.as_ref().map_err(Clone::clone)?;
        assert!(std::ptr::eq(solution.params(), &**params));
    }
    Ok(())
}

#[test]
fn cotangents_are_whatever_converts_into_one() -> Result<(), Error> {
    let mut problem: Problem<_, _> = portfolio()?;
    let solutions = problem
        .solve_batch(&samples(2))
        .into_iter()
        .collect::<Result<Vec<_>, _>>()?;
    let (vars, duals) = (random(&problem.zero_vars(), 2), random(&problem.zero_duals(), 2));
    let both: Vec<_> = vars
        .iter()
        .zip(&duals)
        .map(|(vars, duals)| Cotangent::vars(vars).and_duals(duals))
        .collect();
    let of_slices = Solution::vjp_batch(&solutions, &both);
    let of_values = Solution::vjp_batch(&solutions, both.iter().copied());
    assert_eq!(of_slices, of_values);
    let of_duals = Solution::vjp_batch(&solutions, &duals);
    for (((all, duals), vars), solution) in of_slices.into_iter().zip(of_duals).zip(&vars).zip(&solutions) {
        let sum = solution.vjp(vars)? + duals?;
        assert_close("sum", &flat(&all?), &flat(&sum), 1e-9);
    }
    Ok(())
}

#[test]
fn there_is_one_cotangent_a_solution() -> Result<(), Error> {
    let mut problem = portfolio()?;
    let solutions = problem
        .solve_batch(&samples(2))
        .into_iter()
        .collect::<Result<Vec<_>, _>>()?;
    let weights = problem.zero_vars();
    let results = Solution::vjp_batch(&solutions, [&weights; 3]);
    let error = Error::Length {
        argument: Argument::Cotangent,
        name: "Portfolio",
        expected: 2,
        found: 3,
    };
    assert_eq!(results, [Err(error.clone()), Err(error.clone())]);
    let message = "expected the cotangent of `Portfolio` to be of length 2, found 3";
    assert_eq!(error.to_string(), message);
    let results = Solution::jvp_batch(&solutions, [&problem.zero_params()]);
    assert!(matches!(
        results[..],
        [Err(Error::Length { found: 1, .. }), Err(Error::Length { .. })]
    ));
    Ok(())
}

#[test]
fn a_batch_may_be_empty() -> Result<(), Error> {
    let mut problem = portfolio()?;
    assert!(problem.solve_batch::<PortfolioParams>(&[]).is_empty());
    let none: [Solution<PortfolioFamily>; 0] = [];
    let (cotangents, directions): ([PortfolioVars; 0], [PortfolioParams; 0]) = ([], []);
    assert!(Solution::vjp_batch(&none, &cotangents).is_empty());
    assert!(Solution::jvp_batch(&none, &directions).is_empty());
    problem.solve(&samples(1)[0])?;
    Ok(())
}

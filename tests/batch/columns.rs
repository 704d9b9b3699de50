//! Batches as flat arrays.

use cvxlayers::nalgebra::DVector;
use cvxlayers::sprs::{CsMat, TriMat};
use cvxlayers::{Argument, Cotangent, CotangentColumns, Error, Record, Solution, cvx};
use cvxlayers_tests::{assert_close, flat};

use super::{DIMS, Portfolio, PortfolioParams, on_threads, portfolio, random, samples, settings};

cvx! {
    problem Fit(m, n) {
        param a: [m, n] sparse;
        param b: [m];
        var x: [n];
        minimize sum_squares(a * x - b) + sum_squares(x) / 10;
    }

    problem Container geometric {
        param wall: pos;
        param floor: pos;
        var h: pos;
        var w: pos;
        maximize h * w / (1 + w);
        subject_to { walls: h * w + h <= wall; floors: w <= floor; }
    }
}

/// An array for each field.
fn columns<R: Record>(records: &[R]) -> Vec<Vec<f64>> {
    let field = |field| {
        records
            .iter()
            .flat_map(|record| record.entries(field))
            .copied()
            .collect()
    };
    (0..R::NAMES.len()).map(field).collect()
}

/// As [`samples`], with one `sigma` and one `gamma` for all.
fn broadcast(batch: usize) -> (Vec<PortfolioParams>, Vec<Vec<f64>>) {
    let mut params = samples(batch);
    let (sigma, gamma) = (params[0].sigma.clone(), params[0].gamma);
    for params in &mut params {
        (params.sigma, params.gamma) = (sigma.clone(), gamma);
    }
    let mut arrays = columns(&params);
    arrays[1].truncate(DIMS.k * DIMS.k);
    arrays[3].truncate(1);
    (params, arrays)
}

#[test]
fn columns_are_the_batch() -> Result<(), Error> {
    let params = samples(70);
    let cotangents = random(&portfolio()?.zero_vars(), params.len());
    for settings in settings() {
        let solved = portfolio()?
            .with_settings(settings)
            .solve_columns(params.len(), columns(&params))?;
        let solutions = portfolio()?.with_settings(settings).solve_batch(&params);
        let solutions = solutions.into_iter().collect::<Result<Vec<_>, _>>()?;
        assert_eq!(solved.batch(), params.len());
        assert!(
            solved
                .status
                .iter()
                .zip(&solutions)
                .all(|(status, solution)| *status == Ok(solution.status))
        );
        assert_eq!(solved.vars.names, ["w"]);
        assert_eq!(
            solved.vars.fields,
            columns(&solutions.iter().map(|s| s.vars.clone()).collect::<Vec<_>>())
        );
        assert_eq!(
            solved.duals.fields,
            columns(&solutions.iter().map(|s| s.duals.clone()).collect::<Vec<_>>())
        );
        assert_eq!(
            solved.lets.fields,
            columns(&solutions.iter().map(|s| s.lets.clone()).collect::<Vec<_>>())
        );
        assert_eq!(
            solved.objective,
            solutions.iter().map(|s| s.objective).collect::<Vec<_>>()
        );

        let (gradient, accuracy) = solved.vjp(columns(&cotangents))?;
        assert!(accuracy.iter().all(Result::is_ok));
        let expected = Solution::vjp_batch(&solutions, &cotangents);
        let expected = expected.into_iter().collect::<Result<Vec<_>, _>>()?;
        assert_eq!(gradient.fields, columns(&expected));
        assert_eq!(&gradient["mu"], gradient.fields[0]);
        let directions: Vec<_> = params.iter().map(|params| params.clone() * 0.5).collect();
        let (tangent, _) = solved.jvp(columns(&directions))?;
        let expected = Solution::jvp_batch(&solutions, &directions);
        assert_eq!(
            tangent.fields,
            columns(&expected.into_iter().collect::<Result<Vec<_>, _>>()?)
        );
    }
    Ok(())
}

#[test]
fn the_gradient_of_what_is_broadcast_is_the_sum() -> Result<(), Error> {
    let batch = 150;
    let (params, arrays) = broadcast(batch);
    let cotangents = random(&portfolio()?.zero_vars(), batch);
    let mut reference = None;
    for threads in [1, 2, 3] {
        let gradient = on_threads(threads, || {
            let solved = portfolio()?.solve_columns(batch, &arrays)?;
            let (gradient, accuracy) = solved.vjp(columns(&cotangents))?;
            assert!(accuracy.iter().all(Result::is_ok));
            Ok::<_, Error>(gradient)
        })?;
        assert_eq!(
            reference.get_or_insert_with(|| gradient.clone()),
            &gradient,
            "{threads} threads"
        );
    }
    let gradient = reference.expect("it has been computed");
    let solutions = portfolio()?
        .solve_batch(&params)
        .into_iter()
        .collect::<Result<Vec<_>, _>>()?;
    let gradients = Solution::vjp_batch(&solutions, &cotangents);
    let gradients = gradients.into_iter().collect::<Result<Vec<_>, _>>()?;
    let sum = gradients
        .iter()
        .fold(portfolio()?.zero_params(), |sum, gradient| sum + gradient.clone());
    assert_close("sigma", &gradient["sigma"], sum.sigma.as_slice(), 1e-12);
    assert_close("gamma", &gradient["gamma"], &[sum.gamma], 1e-12);
    assert_eq!(gradient.fields[0], columns(&gradients)[0]);

    // One cotangent for all, and one sample for all.
    let solved = portfolio()?.solve_columns(batch, &arrays)?;
    let ones = [1.0; DIMS.n];
    let all = vec![1.0; DIMS.n * batch];
    assert_eq!(solved.vjp([&ones[..]])?.0, solved.vjp([&all])?.0);
    let same = portfolio()?.solve_columns(3, columns(&params[..1]))?;
    let thrice = portfolio()?.solve_columns(3, columns(&[&params[0]; 3].map(Clone::clone)))?;
    assert_eq!(same.vars, thrice.vars);
    let (one, three) = (same.vjp([&ones])?.0, thrice.vjp([&ones])?.0);
    let sum: f64 = three["gamma"].iter().sum();
    assert_close("thrice", &one["gamma"], &[sum], 1e-12);
    Ok(())
}

#[test]
fn a_bad_sample_is_left_out() -> Result<(), Error> {
    let batch = 9;
    let (params, mut arrays) = broadcast(batch);
    let expected = portfolio()?.solve_columns(batch, arrays.clone())?;
    arrays[0][4 * DIMS.n + 1] = f64::INFINITY;
    arrays[4][6] = 0.0;
    let solved = portfolio()?.solve_columns(batch, &arrays)?;
    let ones = [1.0; DIMS.n];
    let weights = std::array::from_fn::<_, { DIMS.n }, _>(|entry| entry as f64);
    assert!(matches!(
        solved.status[4],
        Err(Error::NotFinite { name: "mu", row: 1, .. })
    ));
    assert!(matches!(solved.status[6], Err(Error::Infeasible { .. })));
    let (gradient, accuracy) = solved.vjp([&weights])?;
    let (tangent, forward) = solved.jvp(columns(&params))?;
    let mut gamma = 0.0;
    for sample in 0..batch {
        let of = |array: &[f64]| array[sample * DIMS.n..][..DIMS.n].to_vec();
        let bad = [4, 6].contains(&sample);
        assert_eq!(
            (accuracy[sample].is_err(), forward[sample].is_err()),
            (bad, bad),
            "{sample}"
        );
        if bad {
            assert!(
                of(&solved.vars["w"])
                    .iter()
                    .chain(&of(&tangent["w"]))
                    .all(|x| x.is_nan())
            );
            assert!(solved.objective[sample].is_nan());
            assert_eq!(of(&gradient["mu"]), [0.0; DIMS.n]);
            assert_eq!(accuracy[sample].as_ref().err(), solved.status[sample].as_ref().err());
        } else {
            assert_eq!(of(&solved.vars["w"]), of(&expected.vars["w"]));
            let solution = portfolio()?.solve(&params[sample])?;
            let weights = super::PortfolioVars {
                w: DVector::from_row_slice(&weights),
            };
            gamma += solution.vjp(&weights)?.gamma;
        }
    }
    assert_close("gamma", &gradient["gamma"], &[gamma], 1e-6);
    // A cotangent that is no number concerns its own sample only.
    let mut cotangent = ones.repeat(batch);
    cotangent[2 * DIMS.n] = f64::NAN;
    let (gradient, accuracy) = solved.vjp([&cotangent])?;
    assert!(matches!(
        accuracy[2],
        Err(Error::NotFinite {
            argument: Argument::Cotangent,
            ..
        })
    ));
    assert!(accuracy[3].is_ok() && gradient["gamma"][0].is_finite());
    Ok(())
}

/// Cotangents and tangents of everything, against those of the solutions one by one.
#[test]
fn they_are_of_duals_and_lets_and_the_objective() -> Result<(), Error> {
    let mut problem = portfolio()?;
    let params = samples(9);
    let solved = problem.solve_columns(params.len(), columns(&params))?;
    let solutions = portfolio()?.solve_batch(&params);
    let solutions = solutions.into_iter().collect::<Result<Vec<_>, _>>()?;
    let vars = random(&problem.zero_vars(), params.len());
    let duals = random(&problem.zero_duals(), params.len());
    let lets = random(&problem.zero_lets(), params.len());
    let weights: Vec<f64> = (0..params.len()).map(|sample| 0.5 - sample as f64).collect();
    let cotangent = CotangentColumns::vars(columns(&vars))
        .and_duals(columns(&duals))
        .and_lets(columns(&lets))
        .and_objective(weights.clone());
    let (gradient, accuracy) = solved.vjp(cotangent)?;
    let cotangents = (0..params.len()).map(|sample| {
        Cotangent::vars(&vars[sample])
            .and_duals(&duals[sample])
            .and_lets(&lets[sample])
            .and_objective(weights[sample])
    });
    let gradients = Solution::vjp_batch(&solutions, cotangents.collect::<Vec<_>>());
    let gradients = gradients.into_iter().collect::<Result<Vec<_>, _>>()?;
    assert!(accuracy.iter().all(Result::is_ok));
    assert_eq!(gradient.fields, columns(&gradients));

    let broadcast = CotangentColumns::duals(columns(&duals[..1])).and_objective(vec![2.0]);
    let (gradient, _) = solved.vjp(broadcast)?;
    let cotangents: Vec<_> = solutions
        .iter()
        .map(|_| Cotangent::duals(&duals[0]).and_objective(2.0))
        .collect();
    let gradients = Solution::vjp_batch(&solutions, cotangents);
    let gradients = gradients.into_iter().collect::<Result<Vec<_>, _>>()?;
    assert_eq!(gradient.fields, columns(&gradients));

    let directions = random(&problem.zero_params(), params.len());
    let directions: Vec<_> = directions
        .into_iter()
        .map(|mut direction| {
            direction.sigma = &direction.sigma + direction.sigma.transpose();
            direction
        })
        .collect();
    let tangent = solved.tangent(columns(&directions))?;
    let each = solutions
        .iter()
        .zip(&directions)
        .map(|(solution, direction)| solution.tangent(direction));
    let each = each.collect::<Result<Vec<_>, _>>()?;
    assert!(tangent.accuracy.iter().all(Result::is_ok));
    let parts = |part: &dyn Fn(usize) -> Vec<f64>| (0..each.len()).flat_map(part).collect::<Vec<_>>();
    assert_close(
        "vars",
        &tangent.vars["w"],
        &parts(&|sample| flat(&each[sample].vars)),
        1e-12,
    );
    assert_close(
        "duals",
        &tangent.duals["budget"],
        &parts(&|sample| vec![each[sample].duals.budget]),
        1e-11,
    );
    assert_close(
        "lets",
        &tangent.lets["exposure"],
        &parts(&|sample| flat(&each[sample].lets)),
        1e-12,
    );
    assert_close(
        "objective",
        &tangent.objective,
        &parts(&|sample| vec![each[sample].objective]),
        1e-12,
    );
    assert_eq!(solved.jvp(columns(&directions))?.0, tangent.vars);
    Ok(())
}

#[test]
fn lengths_are_checked() -> Result<(), Error> {
    let mut problem = portfolio()?;
    let arrays = columns(&samples(3));
    let length = |argument, name, expected, found| {
        Some(Error::Length {
            argument,
            name,
            expected,
            found,
        })
    };
    let mut short = arrays.clone();
    short[2].pop();
    let expected = length(
        Argument::Parameter,
        "factors",
        3 * DIMS.n * DIMS.k,
        3 * DIMS.n * DIMS.k - 1,
    );
    assert_eq!(problem.solve_columns(3, &short).err(), expected);
    let error = problem
        .solve_columns(3, &arrays[..4])
        .map(drop)
        .expect_err("there are five");
    assert!(matches!(
        error,
        Error::Arrays {
            argument: Argument::Parameter,
            found: 4,
            ..
        }
    ));
    let expected = "expected an array for each of `mu`, `sigma`, `factors`, `gamma`, `most`, found 4";
    assert_eq!(error.to_string(), expected);
    let solved = problem.solve_columns(3, &arrays)?;
    let expected = length(Argument::Cotangent, "w", 3 * DIMS.n, 2);
    assert_eq!(solved.vjp([[1.0; 2]]).err(), expected);
    let error = solved.jvp::<Vec<f64>>([]).map(drop);
    assert!(matches!(
        error,
        Err(Error::Arrays {
            argument: Argument::Direction,
            found: 0,
            ..
        })
    ));
    let expected = length(Argument::Cotangent, "objective", 3, 2);
    assert_eq!(solved.vjp(CotangentColumns::objective([1.0; 2])).err(), expected);
    Ok(())
}

#[test]
fn columns_may_be_empty() -> Result<(), Error> {
    let solved = portfolio()?.solve_columns(0, [&[][..], &[], &[], &[2.0], &[]])?;
    assert_eq!(
        (solved.batch(), solved.vars["w"].len(), solved.objective.len()),
        (0, 0, 0)
    );
    let (gradient, accuracy) = solved.vjp([[0.0; 0]])?;
    assert_eq!(
        (&gradient["mu"], &gradient["gamma"], accuracy.len()),
        (&[][..], &[0.0][..], 0)
    );
    Ok(())
}

#[test]
#[should_panic(expected = "no field is called `v`, of [\"w\"]")]
fn a_name_that_is_no_field_s() {
    let solved = portfolio().and_then(|mut problem| problem.solve_columns(0, [[0.0; 0]; 5]));
    let _ = &solved.expect("it is empty").vars["v"];
}

#[test]
fn of_a_sparse_parameter_they_hold_what_is_stored() -> Result<(), Error> {
    let mut pattern = TriMat::new((4, 3));
    for (row, col) in [(0, 0), (1, 0), (1, 1), (2, 2), (3, 1)] {
        pattern.add_triplet(row, col, 1.0);
    }
    let a: CsMat<f64> = pattern.to_csc();
    let mut fit = Fit::new(FitDims { m: 4, n: 3 }, FitData { a: a.clone() })?;
    let stored = [1.0, 2.0, 3.0, 4.0, 5.0, -1.0, 0.5, 0.2, 0.1, 2.0];
    let solved = fit.solve_columns(2, [&stored[..], &[1.0, 2.0, 3.0, 4.0]])?;
    let (gradient, _) = solved.vjp([[1.0, -1.0, 2.0]])?;
    assert_eq!((gradient["a"].len(), gradient["b"].len()), (10, 4));
    let mut sum = vec![0.0; 4];
    for sample in 0..2 {
        let mut params = fit.zero_params();
        params.a.data_mut().copy_from_slice(&stored[5 * sample..][..5]);
        params.b = DVector::from_row_slice(&[1.0, 2.0, 3.0, 4.0]);
        let solution = fit.solve(&params)?;
        let weights = FitVars {
            x: DVector::from_row_slice(&[1.0, -1.0, 2.0]),
        };
        let expected = solution.vjp(&weights)?;
        assert_close("x", &solved.vars["x"][3 * sample..][..3], &flat(&solution.vars), 1e-12);
        assert_close("a", &gradient["a"][5 * sample..][..5], expected.a.data(), 1e-9);
        sum.iter_mut().zip(&expected.b).for_each(|(sum, b)| *sum += b);
    }
    assert_close("b", &gradient["b"], &sum, 1e-9);
    Ok(())
}

#[test]
fn of_a_geometric_problem_too() -> Result<(), Error> {
    let params = [(2.0, 3.0), (1.0, 4.0), (5.0, 0.3)].map(|(wall, floor)| ContainerParams { wall, floor });
    let mut problem = Container::new()?;
    let solved = problem.solve_columns(3, columns(&params))?;
    let (gradient, _) = solved.vjp([[1.0], [0.5]])?;
    let weights = ContainerVars { h: 1.0, w: 0.5 };
    for (sample, params) in params.iter().enumerate() {
        let solution = problem.solve(params)?;
        assert_eq!(
            [solved.vars["h"][sample], solved.vars["w"][sample]],
            [solution.vars.h, solution.vars.w]
        );
        assert_eq!(solved.objective[sample], solution.objective);
        let expected = solution.vjp(&weights)?;
        let found = [gradient["wall"][sample], gradient["floor"][sample]];
        assert_close("gradient", &found, &[expected.wall, expected.floor], 1e-9);
    }
    Ok(())
}

#[test]
fn they_may_be_kept_by_value() -> Result<(), Error> {
    fn owned(mut problem: Portfolio) -> Result<impl Fn(&[f64]) -> Result<Vec<f64>, Error>, Error> {
        let solved = problem.solve_columns(4, columns(&samples(4)))?;
        Ok(move |weights: &[f64]| Ok(solved.vjp([weights])?.0["mu"].to_vec()))
    }
    assert_eq!(owned(portfolio()?)?(&[1.0; DIMS.n])?.len(), 4 * DIMS.n);
    Ok(())
}

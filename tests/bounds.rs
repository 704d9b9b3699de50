//! Bounds that are far away, and numbers that overflow: a solution is right, or it is an error.
#![allow(missing_docs)]

use cvxlayers::{Error, Method, Settings};
use cvxlayers_tests::assert_close;
use nalgebra::{DVector, Vector2, vector};

cvxlayers::cvx! {
    problem Box2 {
        param limit: [2];
        param target: [2];
        var x: [2];
        minimize sum_squares(x - target);
        subject_to { inside: -limit <= x <= limit; }
    }

    problem Scaled {
        param weight: nonneg;
        var x;
        minimize weight * square(x);
        subject_to { x >= 1; }
    }

    problem Dispatch(n) {
        param least;
        param total;
        var x: [n];
        minimize sum_squares(x);
        subject_to { each: x >= least; sum(x) <= total; }
    }

    problem Spread(n) {
        param least;
        param total;
        var x: [n];
        minimize norm2(x);
        subject_to { x >= least; sum(x) <= total; }
    }

    problem Trade {
        param impact: pos;
        param gain: pos;
        var y: nonneg;
        maximize gain * y - impact * power(y, 1.5);
    }

    problem Held {
        param limit: nonneg;
        param price;
        var x;
        minimize price * x;
        subject_to { -limit <= x <= limit; }
    }

    problem Invest {
        param cost: pos;
        param gain: pos;
        var y: nonneg;
        maximize gain * log(y) - cost * y;
    }
}

const TARGET: Vector2<f64> = vector![2.0, 3.0];

fn with(method: Method) -> Settings {
    Settings::default().with_method(method)
}

/// `Auto` sees to every row by itself, up to `1e12`; and what bounds nothing is taken out.
#[test]
fn a_bound_that_is_far_away_leaves_the_others_alone() -> Result<(), Error> {
    let sizes = (3..26).map(|digits| 10.0_f64.powi(digits)).chain([f64::MAX]);
    for far in sizes {
        for method in [Method::Auto, Method::Clarabel] {
            let mut problem = Box2::new()?.with_settings(with(method));
            let limit = vector![1.0, far];
            let most = if method == Method::Auto { 2e12 } else { 2e6 };
            match problem.solve(&Box2Params { limit, target: TARGET }) {
                Ok(solution) => {
                    assert_close("point", solution.vars.x.as_slice(), &[1.0, 3.0], 1e-6);
                    assert_close("dual", solution.duals.inside.upper.as_slice(), &[2.0, 0.0], 1e-5);
                }
                Err(Error::Numerical { .. }) if (most..1e20).contains(&far) => {}
                Err(error) => panic!("{method:?} at {far:e}: {error}"),
            }
        }
    }
    Ok(())
}

/// Where the objective is large there, it takes a good proof to call a problem unbounded that is not.
#[test]
fn an_optimum_that_is_far_away_is_not_unboundedness() -> Result<(), Error> {
    for size in [1e-2, 1.0, 1e2] {
        for digits in 0..=6 {
            let y = 10.0_f64.powi(digits);
            let (impact, gain) = (size, 1.5 * size * y.sqrt());
            let trade = Trade::new()?.solve(&TradeParams { impact, gain })?;
            assert_close("trade", &[trade.vars.y / y], &[1.0], 1e-2);
            let (cost, gain) = (size, size * y);
            let invest = Invest::new()?.solve(&InvestParams { cost, gain })?;
            assert_close("investment", &[invest.vars.y / y], &[1.0], 1e-2);
        }
    }
    Ok(())
}

/// Where nothing is left of the constraints, a price has no optimum.
#[test]
fn without_its_bounds_a_problem_is_unbounded() -> Result<(), Error> {
    for price in [1.0, -0.3, 1e3] {
        let mut held = Held::new()?;
        let result = held.solve(&HeldParams { limit: 1e20, price });
        assert!(matches!(result, Err(Error::Unbounded { .. })), "{result:?}");
        let solution = held.solve(&HeldParams { limit: 2.0, price })?;
        assert_close("bound", &[solution.vars.x], &[-2.0 * price.signum()], 1e-6);
    }
    Ok(())
}

/// What has been taken out comes back, and has no gradient while it is out.
#[test]
fn a_bound_comes_and_goes() -> Result<(), Error> {
    let mut problem = Box2::new()?;
    for (far, x) in [(1e20, 3.0), (2.0, 2.0), (f64::MAX, 3.0), (f64::MAX, 3.0), (1.0, 1.0)] {
        let params = Box2Params {
            limit: vector![1.0, far],
            target: TARGET,
        };
        let solution = problem.solve(&params)?;
        assert_close("point", solution.vars.x.as_slice(), &[1.0, x], 1e-6);
        let gradient = solution.vjp(&Box2Vars { x: vector![1.0, 1.0] })?;
        let active = if x < 3.0 { 1.0 } else { 0.0 };
        assert_close("limit", gradient.limit.as_slice(), &[1.0, active], 1e-9);
        assert_close("target", gradient.target.as_slice(), &[0.0, 1.0 - active], 1e-9);
        let batch = problem.solve_batch(&[params]);
        let solution = batch.into_iter().next().expect("one sample")?;
        assert_close("in a batch", solution.vars.x.as_slice(), &[1.0, x], 1e-6);
    }
    Ok(())
}

#[test]
fn no_solution_is_not_a_number() -> Result<(), Error> {
    for exponent in [-300, -200, 200, 300] {
        for method in [Method::Auto, Method::Clarabel] {
            let mut problem = Scaled::new()?.with_settings(with(method));
            let weight = 10.0_f64.powi(exponent);
            match problem.solve(&ScaledParams { weight }) {
                Ok(solution) => assert!(solution.vars.x.is_finite() && solution.objective.is_finite()),
                Err(Error::Numerical { .. }) => {}
                Err(error) => panic!("{weight:e}: {error}"),
            }
        }
    }
    Ok(())
}

#[test]
fn what_is_infeasible_by_far_is_proved_so() -> Result<(), Error> {
    for least in [1.0, 1e3, 1e5, 1e8] {
        for method in [Method::Auto, Method::Clarabel] {
            let mut dispatch = Dispatch::new(DispatchDims { n: 3 })?.with_settings(with(method));
            let error = dispatch
                .solve(&DispatchParams { least, total: 0.0 })
                .map(|solution| solution.vars.x);
            let Err(Error::Infeasible { certificate, .. }) = error else {
                panic!("{least:e}: {error:?}")
            };
            let duals = dispatch.certificate_duals(&certificate)?;
            let share = DVector::from_element(3, 1.0 / (3.0 * least));
            assert_close("proof", duals.each.as_slice(), share.as_slice(), 1e-4 / least);
            let mut spread = Spread::new(SpreadDims { n: 3 })?.with_settings(with(method));
            let error = spread
                .solve(&SpreadParams { least, total: 0.0 })
                .map(|solution| solution.vars.x);
            assert!(matches!(error, Err(Error::Infeasible { .. })), "{least:e}: {error:?}");
        }
    }
    Ok(())
}

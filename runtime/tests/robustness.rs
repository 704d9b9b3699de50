//! Units, kinks, and parameters that change by orders of magnitude between solves.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::families::{BallProblem, ball, box_qp, portfolio};
use common::{Numbers, check_derivatives, distance, dot, norm, tight};
use cvxlayers::Exactness;

/// The objective in other units: the duals scale, the solution and its derivatives do not.
#[test]
fn the_unit_of_the_objective_does_not_matter() {
    for (p, n) in [(5, 4), (30, 20)] {
        let mut reference: Option<Vec<f64>> = None;
        for unit in [1.0, 1e-3, 1e3, 1e-6, 1e6] {
            let (mut problem, mut params) = ball(p, n, 0.8, 5);
            for name in ["w", "c"] {
                params.field_mut(name).iter_mut().for_each(|entry| *entry *= unit);
            }
            *problem.settings_mut() = tight();
            let solution = problem.solve(&params).unwrap();
            let cotangent = Numbers::new(3).record(problem.zero_vars());
            let mut gradient = problem.zero_params();
            let accuracy = solution.vjp_into(&cotangent, &mut gradient).unwrap();
            assert_eq!(accuracy.kind, Exactness::Exact, "{unit} {accuracy:?}");
            let found = gradient.field("g").to_vec();
            let reference = reference.get_or_insert_with(|| found.clone());
            let error: f64 = found.iter().zip(&*reference).map(|(f, r)| (f - r).powi(2)).sum();
            let size: f64 = reference.iter().map(|r| r * r).sum();
            assert!(error.sqrt() < 1e-6 * size.sqrt(), "{unit}: {}", (error / size).sqrt());
        }
    }
}

/// The solver keeps the scaling of the first program; a later one of quite another size is
/// answered all the same, and leaves no trace.
#[test]
fn parameters_may_change_by_orders_of_magnitude() {
    let (mut problem, params) = box_qp(12, 1);
    let expected = problem.solve(&params).unwrap();
    let mut numbers = Numbers::new(8);
    for exponent in [-8, -4, 4, 8] {
        let mut scaled = params.clone();
        let factor = 10_f64.powi(exponent);
        for name in ["p", "q"] {
            for entry in scaled.field_mut(name) {
                *entry *= factor;
            }
        }
        scaled.field_mut("q")[3] *= 1.0 + numbers.next().abs();
        problem.solve(&scaled).unwrap();
        let again = problem.solve(&params).unwrap();
        assert_eq!(again.vars, expected.vars);
        assert_eq!(again.cone_z(), expected.cone_z());
    }
    let (mut fresh, _) = box_qp(12, 1);
    let mut first = params.clone();
    first.field_mut("p").iter_mut().for_each(|entry| *entry *= 1e9);
    fresh.solve(&first).unwrap();
    let found = fresh.solve(&params).unwrap();
    assert!(distance(&found.vars, &expected.vars) < 1e-5 * norm(&expected.vars));
}

/// A solution in the apex of the cone, where slack and dual both vanish: minimize ½‖x‖² subject to
/// ‖x‖ <= 0, and 1ᵀx == 0.
#[test]
fn the_apex_of_a_second_order_cone() {
    for n in [3, 20] {
        let mut problem = BallProblem::new((n, n)).unwrap();
        let mut params = problem.zero_params();
        params.field_mut("w").fill(1.0);
        for i in 0..n {
            params.field_mut("g")[i + n * i] = 1.0;
        }
        for c in [0.0, 0.3] {
            params.field_mut("c")[0] = c;
            for polish in [cvxlayers::Polish::Off, cvxlayers::Polish::Derivative] {
                problem.settings_mut().polish = polish;
                let solution = problem.solve(&params).unwrap();
                let cotangent = Numbers::new(3).record(problem.zero_vars());
                let mut gradient = problem.zero_params();
                let accuracy = solution.vjp_into(&cotangent, &mut gradient).unwrap();
                assert!(accuracy.residual < 2.0);
                assert!(norm(&gradient) < 1e3, "{gradient:?}");
            }
        }
    }
}

#[test]
fn many_random_problems() {
    for seed in 0..30 {
        let (mut problem, params) = ball(3 + seed as usize % 14, 5, 0.9, 1000 + seed);
        let error = check_derivatives(&mut problem, &params, seed);
        assert!(error < 1e-5, "ball {seed}: {error:e}");
        let (mut problem, params) = portfolio(12, 3, 1000 + seed);
        let error = check_derivatives(&mut problem, &params, seed);
        assert!(error < 1e-5, "portfolio {seed}: {error:e}");
        let (mut problem, params) = box_qp(7, 1000 + seed);
        let error = check_derivatives(&mut problem, &params, seed);
        assert!(error < 1e-5, "box {seed}: {error:e}");
    }
}

/// Returns of 1e-4 and risks of 1e-2, as on a trading day, in a problem that has been set up with
/// numbers of size one.
#[test]
fn small_numbers_are_solved_to_as_many_digits() {
    for seed in 0..40 {
        let (mut problem, params) = portfolio(60, 6, seed);
        problem.solve(&params).unwrap();
        let scaled =
            |name: &str, factor: f64| -> Vec<f64> { params.field(name).iter().map(|entry| entry * factor).collect() };
        let daily = params
            .clone()
            .with("mu", &scaled("mu", 1e-4))
            .with("factors", &scaled("factors", 1e-2));
        let solution = problem.solve(&daily).unwrap();
        let mut polished = solution.clone();
        assert!(polished.polish().unwrap().after < 1e-12, "{seed}");
        // Both objectives are the same in units of 1e-4.
        let unit = problem.solve(&params.clone().with("mu", &scaled("mu", 1.0))).unwrap();
        assert!((1e4 * polished.objective - unit.objective).abs() < 1e-6, "{seed}");
        let cotangent = Numbers::new(seed).record(problem.zero_vars());
        let mut gradient = problem.zero_params();
        let accuracy = solution.vjp_into(&cotangent, &mut gradient).unwrap();
        assert_eq!(accuracy.kind, Exactness::Exact, "{seed} {accuracy:?}");
    }
}

/// A linear objective over a ball: no curvature but that of the cone, whose matrix is the hardest to
/// factor without pivoting.
#[test]
fn a_linear_objective_over_a_ball() {
    for (seed, p) in [(1, 8), (2, 10), (3, 11), (4, 12), (5, 20), (6, 40)] {
        let (mut problem, mut params) = ball(p, 8, 0.9, seed);
        params.field_mut("w").fill(0.0);
        let solution = problem.solve(&params).unwrap();
        let mut numbers = Numbers::new(seed);
        let cotangent = numbers.record(problem.zero_vars());
        let direction = numbers.record(problem.zero_params());
        let (mut gradient, mut tangent) = (problem.zero_params(), problem.zero_vars());
        for accuracy in [
            solution.vjp_into(&cotangent, &mut gradient).unwrap(),
            solution.jvp_into(&direction, &mut tangent).unwrap(),
        ] {
            assert_eq!(accuracy.kind, Exactness::Exact, "{p} {accuracy:?}");
            assert!(accuracy.residual < 1e-11, "{p} {accuracy:?}");
        }
        let (forward, reverse) = (dot(&cotangent, &tangent), dot(&gradient, &direction));
        assert!(
            (forward - reverse).abs() < 1e-9 * norm(&gradient) * norm(&direction),
            "{p}"
        );
    }
}

/// Solutions are differentiated from many threads at once, each with a workspace of the pool.
#[test]
fn threads_share_a_problem() {
    let (mut problem, params) = ball(14, 10, 0.8, 5);
    let solutions: Vec<_> = (0..6)
        .map(|number| {
            let mut params = params.clone();
            params.field_mut("t")[0] += 0.01 * f64::from(number);
            problem.solve(&params).unwrap()
        })
        .collect();
    let cotangent = Numbers::new(3).record(problem.zero_vars());
    let expected: Vec<_> = solutions.iter().map(|s| s.vjp(&cotangent).unwrap()).collect();
    std::thread::scope(|scope| {
        for first in 0..4 {
            let (solutions, expected, cotangent) = (&solutions, &expected, &cotangent);
            scope.spawn(move || {
                for index in (0..24).map(|index| (first + 5 * index) % 6) {
                    assert_eq!(solutions[index].vjp(cotangent).unwrap(), expected[index]);
                }
            });
        }
    });
}

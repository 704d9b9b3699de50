//! Derivatives against each other and against differences of tight solves.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::families::{LpProblem, ProxProblem, affine, ball, box_qp, portfolio};
use common::{Numbers, assert_optimal, check_derivatives, tight};
use cvxlayers::{Exactness, Status};

#[test]
fn box_constrained_quadratic_program() {
    for (n, seed) in [(1, 1), (4, 2), (12, 3), (40, 4)] {
        let (mut problem, params) = box_qp(n, seed);
        let error = check_derivatives(&mut problem, &params, seed);
        assert!(error < 1e-7, "n = {n}: {error}");
    }
}

#[test]
fn linear_program() {
    for seed in 1..5 {
        let mut problem = LpProblem::new((6, 4)).unwrap();
        let mut numbers = Numbers::new(seed);
        let params = numbers.record(problem.zero_params());
        let positive = |values: &[f64]| values.iter().map(|v| v.abs() + 0.1).collect::<Vec<_>>();
        let (a, b) = (positive(params.field("a")), positive(params.field("b")));
        let c: Vec<f64> = positive(params.field("c")).iter().map(|c| -c).collect();
        let params = params.with("a", &a).with("b", &b).with("c", &c);
        let error = check_derivatives(&mut problem, &params, seed);
        assert!(error < 1e-6, "{error}");
    }
}

#[test]
fn active_second_order_cones_small_and_large() {
    for (p, n) in [(1, 2), (3, 4), (9, 6), (10, 6), (30, 20), (80, 100)] {
        let (mut problem, params) = ball(p, n, 0.8, p as u64);
        let error = check_derivatives(&mut problem, &params, 7);
        assert!(error < 1e-6, "p = {p}: {error}");
    }
}

#[test]
fn inactive_second_order_cones() {
    for (p, n) in [(3, 4), (30, 20)] {
        let (mut problem, params) = ball(p, n, 50.0, 5);
        let error = check_derivatives(&mut problem, &params, 7);
        assert!(error < 1e-6, "p = {p}: {error}");
    }
}

#[test]
fn maximization_with_auxiliary_variables() {
    let (mut problem, params) = portfolio(20, 5, 3);
    let error = check_derivatives(&mut problem, &params, 7);
    assert!(error < 1e-6, "{error}");
}

#[test]
fn equalities_and_a_symmetric_parameter() {
    for (m, n, seed) in [(2, 5, 1), (3, 8, 2), (10, 30, 3)] {
        let (mut problem, params) = affine(m, n, seed);
        let error = check_derivatives(&mut problem, &params, 7);
        assert!(error < 1e-6, "{error}");
        let solution = problem.solve(&params).unwrap();
        let cotangent = Numbers::new(3).record(problem.zero_vars());
        let gradient = solution.vjp(&cotangent).unwrap();
        let s = gradient.field("s");
        assert!((0..n).all(|i| (0..n).all(|j| s[i + n * j] == s[j + n * i])));
    }
}

#[test]
fn no_constraints() {
    let mut problem = ProxProblem::new(6).unwrap();
    let mut params = Numbers::new(9).record(problem.zero_params());
    params.field_mut("w").fill(0.7);
    let error = check_derivatives(&mut problem, &params, 7);
    assert!(error < 1e-6, "{error}");
    let solution = problem.solve(&params).unwrap();
    assert!(solution.objective.abs() < 1e-12);
    for (x, p) in solution.vars.field("x").iter().zip(params.field("p")) {
        assert!((x - p).abs() < 1e-12);
    }
}

#[test]
fn scales_do_not_matter() {
    // The same problem in other units: x in thousandths, the objective in millions.
    for (unit, money) in [(1.0, 1.0), (1e-3, 1e3), (1e3, 1e-3), (1.0, 1e-5), (1.0, 1e5)] {
        let (mut problem, params) = box_qp(8, 11);
        let scaled =
            |name: &str, factor: f64| -> Vec<f64> { params.field(name).iter().map(|entry| entry * factor).collect() };
        let params = problem
            .zero_params()
            .with("p", &scaled("p", money / unit / unit))
            .with("q", &scaled("q", money / unit))
            .with("lower", &scaled("lower", unit))
            .with("upper", &scaled("upper", unit));
        *problem.settings_mut() = tight();
        let solution = problem.solve(&params).unwrap();
        let cotangent = Numbers::new(3).record(problem.zero_vars());
        let mut gradient = problem.zero_params();
        let accuracy = solution.vjp_into(&cotangent, &mut gradient).unwrap();
        assert_eq!(accuracy.kind, Exactness::Exact);
        assert!(accuracy.residual < 1e-12);
    }
}

#[test]
fn solutions_satisfy_the_optimality_conditions() {
    let (mut problem, params) = ball(30, 20, 0.8, 5);
    let solution = problem.solve(&params).unwrap();
    assert_eq!(solution.status, Status::Solved);
    assert_optimal(&mut problem, &solution, 1e-6);
    problem.settings_mut().polish = cvxlayers::Polish::Solve;
    let solution = problem.solve(&params).unwrap();
    assert_optimal(&mut problem, &solution, 1e-12);
}

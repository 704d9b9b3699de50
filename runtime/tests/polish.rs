//! Newton steps reduce the residual, and never raise it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::families::{LpProblem, affine, ball, box_qp, conic, portfolio};
use common::{Numbers, distance};
use cvxlayers::{Cone, Cotangent, Family, Method, Polish, Problem, SDP};

fn check<F: Family>(mut problem: Problem<F>, params: &F::Params) {
    problem.settings_mut().polish = Polish::Off;
    let raw = problem.solve(params).unwrap();
    let mut polished = raw.clone();
    let report = polished.polish().unwrap();
    assert_eq!(report.before, raw.residual());
    assert_eq!(report.after, polished.residual());
    assert!(report.after <= report.before);
    assert!(report.after < 1e-12, "{report:?}");
    assert!(report.steps <= 8, "{report:?}");

    let again = polished.polish().unwrap();
    assert!(again.after <= again.before);

    problem.settings_mut().polish = Polish::Solve;
    let solved = problem.solve(params).unwrap();
    assert!(solved.residual() <= raw.residual());
    assert!(distance(&solved.vars, &polished.vars) < 1e-9);
    assert!((solved.objective - raw.objective).abs() < 1e-5);

    // The default differentiates at the polished point without moving the solution, if it is not there already.
    problem.settings_mut().polish = Polish::Derivative;
    for method in [Method::Auto, Method::Clarabel] {
        problem.settings_mut().method = method;
        let lazy = problem.solve(params).unwrap();
        let vars = lazy.vars.clone();
        let cotangent = Numbers::new(3).record(problem.zero_vars());
        let gradient = lazy.vjp(Cotangent::vars(&cotangent)).unwrap();
        let expected = solved.vjp(Cotangent::vars(&cotangent)).unwrap();
        assert_eq!(lazy.vars, vars);
        assert!(distance(&gradient, &expected) <= 1e-9 * (1.0 + common::norm(&expected)));
        if method == Method::Auto {
            assert!(lazy.residual() < 1e-10, "{}", lazy.residual());
            assert!(
                lazy.iterations < raw.iterations,
                "{} {}",
                lazy.iterations,
                raw.iterations
            );
        }
    }
}

#[test]
fn quadratic_programs() {
    for n in [1, 5, 30] {
        let (problem, params) = box_qp(n, n as u64);
        check(problem, &params);
    }
    let (problem, params) = affine(3, 9, 4);
    check(problem, &params);
    let (problem, params) = portfolio(30, 4, 4);
    check(problem, &params);
}

#[test]
fn second_order_cones() {
    for (p, n) in [(1, 2), (3, 4), (10, 6), (11, 6), (60, 40)] {
        for r in [0.5, 0.8, 50.0] {
            let (problem, params) = ball(p, n, r, 100 + p as u64);
            check(problem, &params);
        }
    }
}

#[test]
fn a_loose_solve_is_still_polished() {
    let (mut problem, params) = ball(6, 5, 0.8, 1);
    *problem.settings_mut() = common::tight().with_method(Method::Clarabel);
    let tight = problem.solve(&params).unwrap();
    problem.settings_mut().gap_tolerance = 1e-3;
    let loose = problem.solve(&params).unwrap();
    assert!(loose.iterations < tight.iterations);
    assert!(loose.residual() < 1e-12);
    assert!(distance(&loose.vars, &tight.vars) < 1e-10);
}

#[test]
fn a_face_of_optima_does_not_upset_it() {
    // minimize x₁ + x₂ subject to x₁ + x₂ >= 1, x >= 0.
    let mut problem = LpProblem::new((1, 2)).unwrap();
    let params = problem
        .zero_params()
        .with("a", &[-1.0, -1.0])
        .with("b", &[-1.0])
        .with("c", &[1.0, 1.0]);
    let mut solution = problem.solve(&params).unwrap();
    let report = solution.polish().unwrap();
    assert!(report.after <= report.before);
    assert!(report.after < 1e-12, "{report:?}");
    let x = solution.vars.field("x");
    assert!((x[0] + x[1] - 1.0).abs() < 1e-12);
    assert!((x[0] - 0.5).abs() < 1e-3, "{x:?}");
}

/// To the last bit: which workspace of a problem still has the factorization of a solve depends on the threads of a batch.
#[test]
fn where_the_matrix_comes_from_does_not_matter() {
    let lists = [
        vec![Cone::Zero(1), Cone::Nonneg(8)],
        vec![Cone::SecondOrder(4), Cone::SecondOrder(3), Cone::Nonneg(2)],
        vec![Cone::Exponential, Cone::Power(0.4), Cone::SecondOrder(3)],
        vec![Cone::Semidefinite(4), Cone::Nonneg(1)],
    ];
    let lists = lists
        .iter()
        .filter(|cones| SDP || !cones.contains(&Cone::Semidefinite(4)));
    for (cones, seed) in lists.flat_map(|cones| (0..10).map(move |seed| (cones, seed))) {
        let (mut problem, params) = conic(cones, 4, 4, seed);
        let (_, other) = conic(cones, 4, 4, seed + 100);
        let solution = problem.solve(&params).unwrap();
        let cotangent = Numbers::new(seed).record(problem.zero_vars());
        let at_once = solution.vjp(Cotangent::vars(&cotangent)).unwrap();
        problem.solve(&other).unwrap();
        let later = solution.vjp(Cotangent::vars(&cotangent)).unwrap();
        assert_eq!(at_once, later, "{cones:?} {seed}");
    }
}

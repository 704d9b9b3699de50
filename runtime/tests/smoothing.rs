//! Smoothed derivatives are those of the central path: finite and continuous where the solution jumps, and near to the
//! exact ones where these exist.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::families::{LpProblem, box_qp, conic};
use common::{Numbers, distance, dot, moved, norm};
use cvxlayers::{Cone, Cotangent, Exactness, Family, Problem, Record, SDP, Settings};

const SMOOTHINGS: [f64; 4] = [1e-1, 1e-2, 1e-4, 1e-6];

/// maximize x₁ + (1 + t) x₂ subject to x₁ + x₂ <= 1, x >= 0: it jumps from one corner to the other at `t = 0`.
fn jump(t: f64) -> (LpProblem, <common::Of<common::families::Lp> as Family>::Params) {
    let problem = LpProblem::new((1, 2)).unwrap();
    let params = problem
        .zero_params()
        .with("a", &[1.0, 1.0])
        .with("b", &[1.0])
        .with("c", &[-1.0, -1.0 - t]);
    (problem, params)
}

/// The derivative of `x₂` along `t`, from the equations of the central path with `z = κ / s` put in.
fn expected(t: f64, smoothing: f64) -> f64 {
    // x₁ and x₂ minimize −x₁ − (1+t) x₂ − κ (ln x₁ + ln x₂ + ln (1 − x₁ − x₂)).
    let (mut x, mut y) = (1.0 / 3.0, 1.0 / 3.0);
    let mut hessian = [0.0; 3];
    for _ in 0..200 {
        let rest = 1.0 - x - y;
        let gradient = [
            -1.0 - smoothing / x + smoothing / rest,
            -1.0 - t - smoothing / y + smoothing / rest,
        ];
        let shared = smoothing / (rest * rest);
        hessian = [smoothing / (x * x) + shared, shared, smoothing / (y * y) + shared];
        let determinant = hessian[0] * hessian[2] - shared * shared;
        let dx = -(hessian[2] * gradient[0] - shared * gradient[1]) / determinant;
        let dy = -(hessian[0] * gradient[1] - shared * gradient[0]) / determinant;
        let mut length: f64 = 1.0;
        while x + length * dx <= 0.0 || y + length * dy <= 0.0 || x + y + length * (dx + dy) >= 1.0 {
            length *= 0.5;
        }
        let length = if length < 1.0 { 0.9 * length } else { 1.0 };
        (x, y) = (x + length * dx, y + length * dy);
    }
    hessian[0] / (hessian[0] * hessian[2] - hessian[1] * hessian[1])
}

fn slope(t: f64, smoothing: f64) -> f64 {
    let (mut problem, params) = jump(t);
    problem.settings_mut().smoothing = smoothing;
    let solution = problem.solve(&params).unwrap();
    let cotangent = problem.zero_vars().with("x", &[0.0, 1.0]);
    let mut gradient = problem.zero_params();
    let accuracy = solution.vjp_into(Cotangent::vars(&cotangent), &mut gradient).unwrap();
    assert!(accuracy.is_derivative(), "{t} {smoothing} {accuracy:?}");
    let direction = problem.zero_params().with("c", &[0.0, -1.0]);
    let tangent = solution.jvp(&direction).unwrap();
    let reverse = dot(&gradient, &direction);
    assert!((tangent.field("x")[1] - reverse).abs() <= 1e-9 * (1.0 + reverse.abs()));
    reverse
}

#[test]
fn a_linear_program_that_jumps() {
    for smoothing in [1e-1, 1e-2, 1e-3] {
        for t in [-0.5, -0.1, -1e-3, 0.0, 1e-6, 1e-2, 0.3] {
            let (found, expected) = (slope(t, smoothing), expected(t, smoothing));
            assert!(
                (found - expected).abs() <= 1e-7 * expected.abs(),
                "{t} {smoothing}: {found} {expected}"
            );
        }
    }
    // Continuous where the solution jumps, and nothing far from there, as the exact one.
    let at = [-1e-9, 0.0, 1e-9].map(|t| slope(t, 1e-2));
    assert!((at[0] - at[2]).abs() < 1e-4 * at[1], "{at:?}");
    assert!(at[1] > 1.0);
    assert!(slope(0.5, 1e-8).abs() < 1e-6);
}

fn tends_to_the_exact_one<F: Family>(mut problem: Problem<F>, params: &F::Params) {
    let mut numbers = Numbers::new(8);
    let (cotangent, of_duals) = (
        numbers.record(problem.zero_vars()),
        numbers.record(problem.zero_duals()),
    );
    let direction = common::direction::<F>(problem.zero_params(), &mut numbers);
    let all = || Cotangent::vars(&cotangent).and_duals(&of_duals).and_objective(0.3);
    let exact = problem.solve(params).unwrap().vjp(all()).unwrap();
    let mut last = f64::INFINITY;
    for smoothing in SMOOTHINGS {
        *problem.settings_mut() = Settings::default().with_smoothing(smoothing);
        let solution = problem.solve(params).unwrap();
        let mut gradient = problem.zero_params();
        let accuracy = solution.vjp_into(all(), &mut gradient).unwrap();
        assert_eq!(accuracy.kind, Exactness::Exact, "{smoothing} {accuracy:?}");
        assert_eq!(accuracy.kinks, 0);
        let tangent = solution.tangent(&direction).unwrap();
        let forward = dot(&cotangent, &tangent.vars) + dot(&of_duals, &tangent.duals) + 0.3 * tangent.objective;
        let reverse = dot(&gradient, &direction);
        assert!((forward - reverse).abs() <= 1e-10 * norm(&gradient) * norm(&direction));
        let slope = solution.objective_jvp(&direction).unwrap();
        assert_eq!(slope, tangent.objective);
        let now = distance(&gradient, &exact) / norm(&exact);
        assert!(now < last, "{smoothing} {now} {last}");
        last = now;
    }
    assert!(last < 1e-3, "{last}");
}

#[test]
fn every_cone() {
    let (problem, params) = box_qp(6, 3);
    tends_to_the_exact_one(problem, &params);
    let mut lists = vec![
        vec![Cone::Zero(1), Cone::Nonneg(6)],
        vec![Cone::SecondOrder(3), Cone::SecondOrder(4), Cone::Nonneg(1)],
        vec![Cone::SecondOrder(14), Cone::SecondOrder(1)],
        vec![Cone::Exponential, Cone::SecondOrder(12)],
    ];
    if SDP {
        lists.push(vec![Cone::Semidefinite(3), Cone::Zero(1), Cone::Semidefinite(1)]);
    }
    for (seed, cones) in lists.iter().enumerate() {
        let (problem, params) = conic(cones, 4, 4, seed as u64);
        tends_to_the_exact_one(problem, &params);
    }
}

#[test]
fn the_solution_itself_stays_as_it_is() {
    let (mut problem, params) = box_qp(6, 3);
    let exact = problem.solve(&params).unwrap();
    problem.settings_mut().smoothing = 0.1;
    let smoothed = problem.solve(&params).unwrap();
    smoothed.objective_gradient().unwrap();
    assert_eq!(exact.vars, smoothed.vars);
    // The tangent of the objective is that of the value at the smoothed point.
    let tangent = moved(
        &smoothed.objective_gradient().unwrap(),
        -1.0,
        &exact.objective_gradient().unwrap(),
    );
    assert!(norm(&tangent) > 1e-3);
    // What is no positive number smooths nothing.
    for smoothing in [-1.0, 0.0, f64::NAN] {
        problem.settings_mut().smoothing = smoothing;
        let solution = problem.solve(&params).unwrap();
        let gradients = [&solution, &exact].map(|solution| solution.objective_gradient().unwrap());
        assert_eq!(gradients[0], gradients[1]);
    }
}

#[test]
fn smoothed_solutions_are_where_the_derivatives_are() {
    let smoothed = |t: f64, smoothing: f64| {
        let (mut problem, params) = jump(t);
        problem.settings_mut().smoothing = smoothing;
        problem.solve(&params).unwrap().smoothed().unwrap()
    };
    let second = |t, smoothing| smoothed(t, smoothing).vars.entries(0)[1];
    for smoothing in [1e-1, 1e-2, 1e-3] {
        for t in [0.0, 0.3, -0.01] {
            let h = 1e-3 * smoothing;
            let slope = slope(t, smoothing);
            let difference = (second(t + h, smoothing) - second(t - h, smoothing)) / (2.0 * h);
            assert!((difference - slope).abs() < 1e-4 * slope.abs(), "{difference} {slope}");
            let point = smoothed(t, smoothing);
            for (s, z) in point.cone_s().iter().zip(point.cone_z()) {
                assert!((s * z - smoothing).abs() < 1e-9 * smoothing, "{s} {z}");
            }
            assert!(point.residual() < 1e-12, "{}", point.residual());
            // It is where it was.
            let again = point.smoothed().unwrap();
            assert!((again.vars.entries(0)[1] - point.vars.entries(0)[1]).abs() < 1e-12);
        }
    }
    // Without a smoothing it is the polished one.
    let (mut problem, params) = jump(0.5);
    let polished = problem.solve(&params).unwrap().smoothed().unwrap();
    let vars = polished.vars.entries(0);
    assert!(vars[0].abs().max((vars[1] - 1.0).abs()) < 1e-15, "{vars:?}");
}

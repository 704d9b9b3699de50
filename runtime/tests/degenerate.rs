//! Where a solution is not differentiable the derivative is finite, and says what it is.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::families::{AffineProblem, BoxQpProblem, ConicProblem, LpProblem, conic};
use common::{Numbers, dot, norm};
use cvxlayers::{Accuracy, Cone, Cotangent, Error, Exactness, Family, Polish, Problem, Settings, Solution};

fn vjp<F: Family>(problem: &Problem<F>, solution: &Solution<F>, cotangent: &F::Vars) -> (F::Params, Accuracy) {
    let mut gradient = problem.zero_params();
    let accuracy = solution.vjp_into(Cotangent::vars(cotangent), &mut gradient).unwrap();
    assert!(norm(&gradient).is_finite());
    (gradient, accuracy)
}

/// minimize x₁ + x₂ subject to x₁ + x₂ >= 1, x >= 0: the optima are a segment.
#[test]
fn a_face_of_optima() {
    let mut problem = LpProblem::new((1, 2)).unwrap();
    let params = problem
        .zero_params()
        .with("a", &[-1.0, -1.0])
        .with("b", &[-1.0])
        .with("c", &[1.0, 1.0]);
    let solution = problem.solve(&params).unwrap();

    // Across the face the solution is differentiable: x₁ + x₂ moves with −b.
    let across = problem.zero_vars().with("x", &[1.0, 1.0]);
    let (gradient, accuracy) = vjp(&problem, &solution, &across);
    assert_eq!(accuracy.kind, Exactness::Exact);
    assert_eq!((accuracy.unique, accuracy.is_derivative()), (Some(false), false));
    assert!(accuracy.residual < 1e-12);
    assert!((gradient.field("b")[0] + 1.0).abs() < 1e-9);

    // Along it, it is not.
    let along = problem.zero_vars().with("x", &[1.0, -1.0]);
    let (gradient, accuracy) = vjp(&problem, &solution, &along);
    assert_eq!(accuracy.kind, Exactness::LeastSquares);
    assert!((accuracy.residual - 1.0).abs() < 1e-6, "{accuracy:?}");
    assert!(norm(&gradient) < 1e-6, "{gradient:?}");

    // Between, the part that exists is found.
    let between = problem.zero_vars().with("x", &[1.0, 0.0]);
    let (gradient, accuracy) = vjp(&problem, &solution, &between);
    assert_eq!(accuracy.kind, Exactness::LeastSquares);
    assert!((accuracy.residual - 0.5_f64.sqrt()).abs() < 1e-6, "{accuracy:?}");
    assert!((gradient.field("b")[0] + 0.5).abs() < 1e-6, "{gradient:?}");

    // A change of c tilts the face: inconsistent, and said so.
    let direction = problem.zero_params().with("c", &[1.0, -1.0]);
    let mut tangent = problem.zero_vars();
    let accuracy = solution.jvp_into(&direction, &mut tangent).unwrap();
    assert_eq!(accuracy.kind, Exactness::LeastSquares);
    assert!(norm(&tangent) < 10.0, "{tangent:?}");

    // The objective is differentiable all the same.
    let direction = problem.zero_params().with("c", &[0.5, 0.5]).with("b", &[-1.0]);
    assert!((solution.objective_jvp(&direction).unwrap() - 1.5).abs() < 1e-6);
}

/// minimize ½‖x − p‖² subject to the same equality three times, once doubled.
#[test]
fn redundant_equalities() {
    let mut problem = AffineProblem::new((3, 2)).unwrap();
    let params = problem
        .zero_params()
        .with("p", &[1.0, 2.0])
        .with("a", &[1.0, 2.0, 1.0, 1.0, 2.0, 1.0])
        .with("b", &[1.0, 2.0, 1.0]);
    let solution = problem.solve(&params).unwrap();
    let cotangent = problem.zero_vars().with("x", &[1.0, 0.5]);
    let (gradient, accuracy) = vjp(&problem, &solution, &cotangent);
    assert_eq!((accuracy.kind, accuracy.unique), (Exactness::Exact, Some(false)));
    assert!(accuracy.residual < 1e-12, "{accuracy:?}");
    // The projection onto (1, −1).
    for (found, expected) in gradient.field("p").iter().zip([0.25, -0.25]) {
        assert!((found - expected).abs() < 1e-7, "{gradient:?}");
    }
    let consistent = problem.zero_params().with("b", &[1.0, 2.0, 1.0]);
    let mut tangent = problem.zero_vars();
    let accuracy = solution.jvp_into(&consistent, &mut tangent).unwrap();
    assert_eq!(accuracy.kind, Exactness::Exact);
    assert!((tangent.field("x")[0] - 0.5).abs() < 1e-7);
    assert!((dot(&gradient, &consistent) - dot(&cotangent, &tangent)).abs() < 1e-7);

    // Moving one of the copies makes the problem infeasible.
    let inconsistent = problem.zero_params().with("b", &[1.0, 0.0, 0.0]);
    let accuracy = solution.jvp_into(&inconsistent, &mut tangent).unwrap();
    assert_eq!(accuracy.kind, Exactness::LeastSquares);
    assert!(norm(&tangent) < 10.0, "{tangent:?}");
}

/// minimize ½x² + qx subject to −1 <= x <= 1 at q = −1: x = 1, and its bound has no dual.
#[test]
fn a_weakly_active_constraint() {
    let mut problem = BoxQpProblem::new(1).unwrap();
    let params = problem
        .zero_params()
        .with("p", &[1.0])
        .with("q", &[-1.0])
        .with("lower", &[-1.0])
        .with("upper", &[1.0]);
    let solution = problem.solve(&params).unwrap();
    let cotangent = problem.zero_vars().with("x", &[1.0]);
    let (gradient, accuracy) = vjp(&problem, &solution, &cotangent);
    // The system is regular, but it is that of one of many slopes.
    assert_eq!((accuracy.kind, accuracy.unique), (Exactness::Exact, Some(true)));
    assert_eq!((accuracy.kinks, accuracy.is_derivative()), (1, false));
    assert!(accuracy.residual < 1e-12);
    // Between the derivatives of the two sides, 0 and −1.
    let slope = gradient.field("q")[0];
    assert!((-1.0 - 1e-9..=1e-9).contains(&slope), "{slope}");
}

/// Two rows that are the same: their duals are two of many, wherever the rows are.
#[test]
fn equalities_twice() {
    for seed in 0..40 {
        let (m, n) = (6, 9);
        let cones = [Cone::Zero(m), Cone::Nonneg(3)];
        let (problem, params) = conic(&cones, n, n, seed);
        let mut problem = problem.with_settings(Settings::default());
        let unique = |params, problem: &mut ConicProblem| {
            let solution = problem.solve(params).unwrap();
            let cotangent = problem.zero_vars().with("x", &[1.0; 9]);
            vjp(problem, &solution, &cotangent).1.unique
        };
        assert_eq!(unique(&params, &mut problem), Some(true), "{seed}");
        let (one, other) = (seed as usize % m, (seed as usize * 5 + 1) % m);
        if one == other {
            continue;
        }
        let mut twice = params.clone();
        for column in 0..n {
            let value = params.field("a")[column * (m + 3) + one];
            twice.field_mut("a")[column * (m + 3) + other] = value;
        }
        twice.field_mut("b")[other] = params.field("b")[one];
        assert_eq!(unique(&twice, &mut problem), Some(false), "{seed}");
    }
}

/// minimize −x₁ − x₂ subject to x₁ <= 1, x₂ <= 1 and x₁ + x₂ <= 2: one vertex, three constraints, a segment of duals.
#[test]
fn duals_that_are_not_unique() {
    let mut problem = LpProblem::new((3, 2)).unwrap();
    let params = problem
        .zero_params()
        .with("a", &[1.0, 0.0, 1.0, 0.0, 1.0, 1.0])
        .with("b", &[1.0, 1.0, 2.0])
        .with("c", &[-1.0, -1.0]);
    let solution = problem.solve(&params).unwrap();
    let cotangent = problem.zero_vars().with("x", &[1.0, 0.0]);
    let (gradient, accuracy) = vjp(&problem, &solution, &cotangent);
    assert_eq!((accuracy.kind, accuracy.unique), (Exactness::Exact, Some(false)));
    assert!(!accuracy.is_derivative());

    // Along what keeps all three active it holds; along what does not, the tangent tells.
    let mut tangent = problem.zero_tangent();
    let together = problem.zero_params().with("b", &[1.0, 0.5, 1.5]);
    let accuracy = solution.tangent_into(&together, &mut tangent).unwrap();
    assert_eq!(accuracy.kind, Exactness::Exact);
    assert!((dot(&gradient, &together) - 1.0).abs() < 1e-9, "{gradient:?}");
    assert!((tangent.vars.field("x")[0] - 1.0).abs() < 1e-9);
    let apart = problem.zero_params().with("b", &[1.0, 0.0, 0.0]);
    let accuracy = solution.tangent_into(&apart, &mut tangent).unwrap();
    assert_eq!(accuracy.kind, Exactness::LeastSquares);

    // The sum of the prices of each resource is one for every choice of them, each by itself is not.
    let fixed = problem.zero_duals().with("resources", &[1.0, 0.0, 1.0]);
    let mut gradient = problem.zero_params();
    let accuracy = solution.vjp_into(&fixed, &mut gradient).unwrap();
    assert_eq!(accuracy.kind, Exactness::Exact);
    assert!((gradient.field("c")[0] + 1.0).abs() < 1e-9, "{gradient:?}");
    let one = problem.zero_duals().with("resources", &[0.0, 0.0, 1.0]);
    let accuracy = solution.vjp_into(&one, &mut gradient).unwrap();
    assert_eq!(accuracy.kind, Exactness::LeastSquares);
}

/// What is not at an optimum is not called exact, whatever its linear system says.
#[test]
fn a_point_that_is_not_optimal() {
    let (mut problem, params) = common::families::box_qp(6, 3);
    let cotangent = Numbers::new(1).record(problem.zero_vars());
    *problem.settings_mut() = Settings::default()
        .with_gap_tolerance(1e-2)
        .with_feasibility_tolerance(1e-2);
    problem.settings_mut().polish = Polish::Off;
    let solution = problem.solve(&params).unwrap();
    assert!(solution.residual() > 1e-6, "{}", solution.residual());
    let (_, accuracy) = vjp(&problem, &solution, &cotangent);
    assert_eq!(accuracy.kind, Exactness::Approximate);
    assert_eq!(accuracy.optimality, solution.residual());
    assert!(!accuracy.is_derivative());
    let mut gradient = problem.zero_params();
    let accuracy = solution.vjp_into(Cotangent::objective(1.0), &mut gradient).unwrap();
    assert_eq!((accuracy.kind, accuracy.unique), (Exactness::Approximate, None));

    problem.settings_mut().polish = Polish::Derivative;
    let solution = problem.solve(&params).unwrap();
    let (_, accuracy) = vjp(&problem, &solution, &cotangent);
    assert!(accuracy.is_derivative(), "{accuracy:?}");
}

/// Linear programs of small integers have ties, faces and redundant constraints.
#[test]
fn integer_linear_programs() {
    let mut kinds = [0, 0];
    for seed in 0..60 {
        let (m, n) = (4 + (seed as usize * 7) % 12, 3 + (seed as usize * 5) % 9);
        let mut problem = LpProblem::new((m, n)).unwrap();
        let mut numbers = Numbers::new(seed);
        let mut integers = |count: usize, low: f64, high: f64| -> Vec<f64> {
            let between = |number: f64| (low + (high - low) * (0.5 + 0.5 * number)).round();
            numbers.vec(count).into_iter().map(between).collect()
        };
        let params = problem
            .zero_params()
            .with("a", &integers(m * n, 0.0, 2.0))
            .with("b", &integers(m, 1.0, 3.0))
            .with("c", &integers(n, -2.0, 1.0));
        let solution = match problem.solve(&params) {
            Ok(solution) => solution,
            Err(error) => {
                assert!(matches!(error, Error::Unbounded { .. }), "{error}");
                continue;
            }
        };
        let report = solution.clone().polish().unwrap();
        assert!(report.after < 1e-12, "{seed} {report:?}");
        let cotangent = Numbers::new(seed).record(problem.zero_vars());
        let (gradient, accuracy) = vjp(&problem, &solution, &cotangent);
        assert!(norm(&gradient) < 1e3, "{seed} {accuracy:?}");
        assert!(accuracy.residual <= 1.0 + 1e-9, "{seed} {accuracy:?}");
        kinds[usize::from(accuracy.kind == Exactness::LeastSquares)] += 1;
    }
    assert!(kinds.iter().all(|count| *count > 10), "{kinds:?}");
}

/// Zero matrices and zero vectors everywhere.
#[test]
fn a_problem_of_zeros() {
    let mut problem = LpProblem::new((2, 2)).unwrap();
    let params = problem.zero_params();
    let solution = problem.solve(&params).unwrap();
    let cotangent = problem.zero_vars().with("x", &[1.0, -1.0]);
    let (_, accuracy) = vjp(&problem, &solution, &cotangent);
    assert!(accuracy.residual.is_finite());
}

#[test]
fn a_zero_cotangent_has_a_zero_gradient() {
    let mut problem = BoxQpProblem::new(2).unwrap();
    let params = problem
        .zero_params()
        .with("p", &[1.0, 0.0, 0.0, 1.0])
        .with("q", &[-0.5, -0.5])
        .with("upper", &[1.0, 1.0]);
    let solution = problem.solve(&params).unwrap();
    let (gradient, accuracy) = vjp(&problem, &solution, &problem.zero_vars());
    assert_eq!(norm(&gradient), 0.0);
    assert_eq!(accuracy.kind, Exactness::Exact);
}

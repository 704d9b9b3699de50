//! Every wrong argument has its own error, and none spoils the next solve.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::time::Duration;

use common::families::{BoxQp, BoxQpProblem, LpProblem, ProxProblem, affine, box_qp, random_psd};
use common::{Fields, Numbers, Of, Params, Vars};
use cvxlayers::{Argument, Cotangent, Error, Family, Settings};

type BoxParams = <Of<BoxQp> as Family>::Params;

/// The error of a solve with one field changed, after which the problem must still solve as before.
fn error_of(change: impl Fn(&mut BoxParams)) -> Error {
    let (mut problem, params) = box_qp(3, 1);
    let before = problem.solve(&params).unwrap();
    let mut changed = params.clone();
    change(&mut changed);
    let error = problem.solve(&changed).unwrap_err();
    let mut after = before.clone();
    // As text, because NaN is not equal to itself.
    let again = problem.solve_into(&changed, &mut after).unwrap_err();
    assert_eq!(again.to_string(), error.to_string());
    assert_eq!(after.vars, before.vars);
    problem.solve_into(&params, &mut after).unwrap();
    assert_eq!(after.vars, before.vars);
    assert_eq!(after.cone_x(), before.cone_x());
    error
}

#[test]
fn is_send_sync_static() {
    fn check<T: Send + Sync + 'static>() {}
    check::<Error>();
    check::<cvxlayers::Solution<Of<BoxQp>>>();
    check::<BoxQpProblem>();
}

#[test]
fn dimensions() {
    let error = BoxQpProblem::new(0).unwrap_err();
    assert_eq!(error, Error::Dimension { name: "n", value: 0 });
    assert_eq!(error.to_string(), "expected `n` to be positive, found 0");
}

#[test]
fn shapes() {
    let error = error_of(|params| *params = Fields::zero([[3, 3], [2, 1], [3, 1], [3, 1]]));
    assert_eq!(error.to_string(), "expected parameter `q` to be 3 × 1, found 2 × 1");
    let error = error_of(|params| *params = Fields::zero([[3, 3], [1, 3], [3, 1], [3, 1]]));
    assert!(matches!(
        error,
        Error::Shape {
            name: "q",
            found: [1, 3],
            ..
        }
    ));
}

#[test]
fn entries_that_are_not_finite() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for name in ["p", "q", "upper"] {
            let error = error_of(|params| params.field_mut(name)[2] = value);
            let Error::NotFinite {
                argument: Argument::Parameter,
                name: found,
                row,
                col,
                ..
            } = error
            else {
                panic!("{error}")
            };
            assert_eq!((found, row, col), (name, 2, 0));
        }
    }
    let error = error_of(|params| params.field_mut("p")[3 + 2] = f64::NAN);
    assert_eq!(
        error.to_string(),
        "expected finite entries in parameter `p`, found NaN in row 2, column 1"
    );
}

#[test]
fn signs() {
    let error = error_of(|params| params.field_mut("upper")[1] = -0.25);
    assert_eq!(
        error.to_string(),
        "expected `upper` to be nonneg, found -0.25 in row 1, column 0"
    );
    let error = error_of(|params| params.field_mut("lower")[2] = 0.25);
    assert!(matches!(
        error,
        Error::Sign {
            name: "lower",
            attribute: "nonpos",
            row: 2,
            ..
        }
    ));
}

#[test]
fn asymmetry() {
    let error = error_of(|params| params.field_mut("p")[3 + 2] += 0.5);
    assert!(
        matches!(
            error,
            Error::Asymmetric {
                name: "p",
                row: 1,
                col: 2,
                ..
            }
        ),
        "{error}"
    );
    let (mut problem, params) = box_qp(3, 1);
    let mut rounded = params.clone();
    rounded.field_mut("p")[3] *= 1.0 + 1e-15;
    problem.solve(&rounded).unwrap();

    let (mut problem, mut params) = affine(2, 4, 1);
    params.field_mut("s")[1] += 1e-3;
    assert!(matches!(
        problem.solve(&params),
        Err(Error::Asymmetric { name: "s", .. })
    ));
}

#[test]
fn indefiniteness() {
    let error = error_of(|params| params.field_mut("p")[0] = -2.0);
    let Error::Indefinite { name: "p", eigenvalue } = error else {
        panic!("{error}")
    };
    assert!(eigenvalue <= -1.9);

    // A plane of curvature −1 that no diagonal entry shows: [[1, 2], [2, 1]].
    let mut problem = BoxQpProblem::new(2).unwrap();
    let params = problem.zero_params().with("upper", &[1.0, 1.0]);
    let error = problem
        .solve(&params.clone().with("p", &[1.0, 2.0, 2.0, 1.0]))
        .unwrap_err();
    let Error::Indefinite { eigenvalue, .. } = error else {
        panic!("{error}")
    };
    assert!((-1.0 - 1e-6..-0.5).contains(&eigenvalue), "{eigenvalue}");

    // Zero and singular matrices are semidefinite, in any unit; and a good one does not vouch for
    // the next.
    for unit in [1e-8, 1.0, 1e8] {
        for p in [
            [0.0; 4],
            [1.0, 1.0, 1.0, 1.0],
            [4.0, -2.0, -2.0, 1.0],
            [0.0, 0.0, 0.0, 3.0],
        ] {
            let scaled = p.map(|entry| entry * unit);
            problem.solve(&params.clone().with("p", &scaled)).unwrap();
            let bad = [scaled[0], scaled[1], scaled[2], scaled[3] - unit];
            let result = problem.solve(&params.clone().with("p", &bad));
            assert_eq!(result.is_err(), p[3] != 3.0, "{p:?} {unit}");
        }
    }
}

#[test]
fn low_rank_matrices_are_semidefinite() {
    let n = 40;
    let mut numbers = Numbers::new(5);
    let mut problem = BoxQpProblem::new(n).unwrap();
    let params = problem.zero_params().with("upper", &vec![1.0; n]);
    for rank in [1, 3, 20] {
        let g = numbers.vec(n * rank);
        let mut p = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..n {
                p[i + n * j] = (0..rank).map(|k| g[i + n * k] * g[j + n * k]).sum();
            }
        }
        problem.solve(&params.clone().with("p", &p)).unwrap();
    }
    let mut p = random_psd(n, 0.0, &mut numbers);
    p[7 + n * 7] = -1e-3;
    assert!(matches!(
        problem.solve(&params.with("p", &p)),
        Err(Error::Indefinite { name: "p", .. })
    ));
}

#[test]
fn coefficients_that_overflow() {
    let mut problem = ProxProblem::new(1).unwrap();
    let params = problem.zero_params().with("w", &[1e200]).with("p", &[1e200]);
    let error = problem.solve(&params).unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected finite coefficients in `Prox`, found -inf in q of its cone program"
    );
    assert!(problem.program(&params).is_err());
    problem.solve(&params.with("w", &[1.0]).with("p", &[2.0])).unwrap();
}

#[test]
fn limits() {
    let (mut problem, params) = box_qp(20, 1);
    *problem.settings_mut() = Settings::default().with_max_iterations(2);
    assert!(matches!(
        problem.solve(&params),
        Err(Error::IterationLimit {
            problem: "BoxQp",
            iterations: 2
        })
    ));
    *problem.settings_mut() = Settings::default().with_time_limit(Duration::ZERO);
    assert!(matches!(problem.solve(&params), Err(Error::TimeLimit { .. })));
    *problem.settings_mut() = Settings::default().with_time_limit(Duration::from_micros(20));
    assert!(matches!(problem.solve(&params), Err(Error::TimeLimit { .. })));
    for limit in [Duration::from_secs(60), Duration::MAX] {
        *problem.settings_mut() = Settings::default().with_time_limit(limit);
        problem.solve(&params).unwrap();
    }
    *problem.settings_mut() = Settings::default();
    problem.solve(&params).unwrap();
}

#[test]
fn arguments_of_derivatives() {
    let (mut problem, params) = box_qp(3, 1);
    let solution = problem.solve(&params).unwrap();
    let wrong: Fields<Vars<BoxQp>> = Fields::zero([[4, 1]]);
    let error = solution.vjp(&wrong).unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected the cotangent of `x` to be 3 × 1, found 4 × 1"
    );
    let nan = problem.zero_vars().with("x", &[0.0, f64::NAN, 0.0]);
    assert!(matches!(
        solution.vjp(&nan),
        Err(Error::NotFinite {
            argument: Argument::Cotangent,
            name: "x",
            row: 1,
            col: 0,
            ..
        })
    ));
    assert!(solution.vjp(Cotangent::objective(f64::NAN)).is_err());

    let wrong: Fields<Params<BoxQp>> = Fields::zero([[3, 3], [3, 1], [3, 1], [3, 3]]);
    assert!(matches!(
        solution.jvp(&wrong),
        Err(Error::Shape {
            argument: Argument::Direction,
            name: "upper",
            ..
        })
    ));
    let mut gradient = wrong;
    assert!(matches!(
        solution.vjp_into(&problem.zero_vars(), &mut gradient),
        Err(Error::Shape {
            argument: Argument::Gradient,
            name: "upper",
            ..
        })
    ));
    let mut direction = problem.zero_params();
    direction.field_mut("p")[1] = 1.0;
    assert!(matches!(
        solution.jvp(&direction),
        Err(Error::Asymmetric {
            argument: Argument::Direction,
            name: "p",
            ..
        })
    ));
    assert!(matches!(
        solution.objective_jvp(&direction),
        Err(Error::Asymmetric {
            argument: Argument::Direction,
            ..
        })
    ));
    // Attributes bind the parameters, not their directions.
    let direction = problem.zero_params().with("upper", &[-1.0, -1.0, -1.0]);
    solution.jvp(&direction).unwrap();
}

#[test]
fn solutions_outlive_their_problem() {
    let (mut problem, params) = box_qp(3, 1);
    let first = problem.solve(&params).unwrap();
    let other = params.clone().with("q", &[0.1, 0.2, -0.1]);
    let second = problem.solve(&other).unwrap();
    let cotangent = problem.zero_vars().with("x", &[1.0, 2.0, 3.0]);
    let gradients = [&first, &second].map(|s| s.vjp(&cotangent).unwrap());
    drop(problem);
    for _ in 0..2 {
        assert_eq!(first.vjp(&cotangent).unwrap(), gradients[0]);
        assert_eq!(second.vjp(&cotangent).unwrap(), gradients[1]);
    }
    assert_ne!(gradients[0], gradients[1]);
}

#[test]
fn a_solution_of_another_problem_is_replaced() {
    let (mut problem, params) = box_qp(3, 1);
    let (mut larger, large_params) = box_qp(5, 1);
    let mut solution = larger.solve(&large_params).unwrap();
    problem.solve_into(&params, &mut solution).unwrap();
    assert_eq!(solution.vars, problem.solve(&params).unwrap().vars);
    let _ = LpProblem::new((1, 1)).unwrap();
}

//! The Jacobian against forward mode, whichever mode it was made in.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::Numbers;
use common::families::{LpProblem, affine, ball, box_qp};
use cvxlayers::{Error, Exactness, Family, Problem, Record};

fn check<F: Family>(mut problem: Problem<F>, params: &F::Params) {
    let solution = problem.solve(params).unwrap();
    let mut numbers = Numbers::new(4);
    for (field, name) in F::Params::NAMES.iter().enumerate() {
        let (jacobian, accuracy) = solution.jacobian(name).unwrap();
        assert!(accuracy.is_derivative(), "{name} {accuracy:?}");
        let random = common::direction::<F>(problem.zero_params(), &mut numbers);
        let mut direction = problem.zero_params();
        direction.entries_mut(field).copy_from_slice(random.entries(field));
        let tangent = solution.jvp(&direction).unwrap();
        let tangent: Vec<f64> = (0..F::Vars::NAMES.len())
            .flat_map(|of| tangent.entries(of).to_vec())
            .collect();
        let entries = direction.entries(field);
        assert_eq!(jacobian.shape(), (tangent.len(), entries.len()));
        for (row, expected) in tangent.iter().enumerate() {
            let found: f64 = entries
                .iter()
                .enumerate()
                .map(|(j, entry)| jacobian[(row, j)] * entry)
                .sum();
            assert!(
                (found - expected).abs() <= 1e-10 * (1.0 + jacobian.norm()),
                "{name} {row}: {found} {expected}"
            );
        }
    }
}

#[test]
fn rows_and_columns() {
    // More rows than columns for scalars, fewer for matrices, and symmetric ones between.
    let (problem, params) = box_qp(5, 2);
    check(problem, &params);
    let (problem, params) = affine(2, 5, 1);
    check(problem, &params);
    let (problem, params) = ball(4, 3, 0.8, 2);
    check(problem, &params);
}

#[test]
fn mirrored_columns_are_equal() {
    let (mut problem, params) = box_qp(4, 1);
    let solution = problem.solve(&params).unwrap();
    let (jacobian, _) = solution.jacobian("p").unwrap();
    for (i, j) in (0..4).flat_map(|i| (0..i).map(move |j| (i, j))) {
        assert_eq!(jacobian.column(i + 4 * j), jacobian.column(j + 4 * i));
    }
}

#[test]
fn an_unknown_name_is_an_error() {
    let (mut problem, params) = box_qp(4, 1);
    let solution = problem.solve(&params).unwrap();
    let error = solution.jacobian("x").unwrap_err();
    assert_eq!(
        error,
        Error::NoParameter {
            problem: "BoxQp",
            name: "x".into()
        }
    );
    assert_eq!(error.to_string(), "`BoxQp` has no parameter `x`");
}

#[test]
fn a_row_without_a_derivative_tells_of_all() {
    let mut problem = LpProblem::new((1, 2)).unwrap();
    let params = problem
        .zero_params()
        .with("a", &[-1.0, -1.0])
        .with("b", &[-1.0])
        .with("c", &[1.0, 1.0]);
    let solution = problem.solve(&params).unwrap();
    let (jacobian, accuracy) = solution.jacobian("c").unwrap();
    assert_eq!(accuracy.kind, Exactness::LeastSquares);
    assert_eq!(accuracy.unique, Some(false));
    assert!(jacobian.norm().is_finite());
}

//! What attributes of matrices do: `diagonal` and `nsd`, and what is refused at run time.
#![allow(missing_docs)]

use cvxlayers::{Argument, Attributes, Error, cvx};
use cvxlayers_tests::{assert_close, check_derivatives, randomize, tight};
use nalgebra::{DMatrix, DVector, matrix, vector};
use rand::SeedableRng;
use rand::rngs::StdRng;

cvx! {
    problem Scaling(n) {
        param a: [n, n];
        param d: [n, n] diagonal;
        data weight: [n, n] diagonal nonneg;
        var s: [n, n] diagonal;
        var x: [n];
        minimize quad_form(x, weight) + sum_squares(d * x - 1) + sum(a * s * d) + sum_squares(diag(s) - x);
        subject_to { bound: s * ones(n) <= 0.8; 2 * d * s * a[.., 0] >= -1; }
    }

    problem Positive(n) {
        param a: [n, n];
        var s: [n, n] diagonal nonneg;
        minimize sum_squares(s - a);
    }

    problem Concave(n) {
        param q: [n, n] nsd;
        data r: [n, n] nsd;
        param c: [n];
        var x: [n];
        maximize quad_form(x, q) + quad_form(x, r) + dot(c, x);
        subject_to { sum(x) == 1; }
    }

    problem Literal {
        data r: [2, 2] nsd;
        param c: [2];
        var x: [2];
        maximize quad_form(x - c, r);
        subject_to { sum(x) == 1; }
    }

    /// What `Literal` is given, written down.
    problem Written {
        param c: [2];
        var x: [2];
        let r = [[-2, 0.5], [0.5, -1]];
        maximize quad_form(x - c, r) - 1e-3 * quad_form(x, [[1, -1], [-1, 1]]) + lambda_min(x[0] * eye(2) + r);
        subject_to { sum(x) == 1; }
    }
}

const DIAGONAL: Attributes = Attributes {
    diagonal: true,
    ..Attributes::NONE
};

fn scaling() -> Result<(Scaling, ScalingParams), Error> {
    let weight = DMatrix::from_diagonal(&DVector::from_vec(vec![1.0, 2.0, 0.0]));
    let problem = Scaling::new(ScalingDims { n: 3 }, ScalingData { weight })?.with_settings(tight());
    let mut params = problem.zero_params();
    randomize(
        &mut params,
        &[Attributes::NONE, DIAGONAL],
        &mut StdRng::seed_from_u64(3),
    );
    Ok((problem, params))
}

#[test]
fn diagonal_matrices_are_their_diagonals() -> Result<(), Error> {
    let (mut problem, params) = scaling()?;
    let program = problem.program(&params)?;
    // `x`, and `diag(s) - x` in a block of its own; `d * x - 1` is a form in `x`.
    assert_eq!(program.p.nnz(), 2 * 3);
    // The block, and one entry a row of each inequality.
    assert_eq!(program.a.nnz(), (3 + 1 + 1) * 3);
    let solution = problem.solve(&params)?;
    let s = &solution.vars.s;
    assert_eq!(*s, DMatrix::from_diagonal(&s.diagonal()));
    assert!(solution.duals.bound.amax() > 1e-3, "no bound is active");
    let gradient = solution.vjp(&ScalingVars {
        s: DMatrix::from_element(3, 3, 1.0),
        x: DVector::zeros(3),
    })?;
    assert_eq!(gradient.d, DMatrix::from_diagonal(&gradient.d.diagonal()));
    check_derivatives(&mut problem, &params, |_| {}, 1e-6)
}

#[test]
fn entries_off_the_diagonal_are_refused() -> Result<(), Error> {
    let (mut problem, params) = scaling()?;
    let solution = problem.solve(&params)?;
    let mut wrong = params.clone();
    wrong.d[(1, 2)] = 0.5;
    let expected = |argument| {
        Err(Error::OffDiagonal {
            argument,
            name: "d",
            row: 1,
            col: 2,
            value: 0.5,
        })
    };
    assert_eq!(problem.solve(&wrong).map(drop), expected(Argument::Parameter));
    assert_eq!(solution.jvp(&wrong).map(drop), expected(Argument::Direction));
    Ok(())
}

#[test]
fn a_diagonal_variable_is_projected_onto() -> Result<(), Error> {
    let mut problem = Positive::new(PositiveDims { n: 2 })?.with_settings(tight());
    let params = PositiveParams {
        a: DMatrix::from_row_slice(2, 2, &[2.0, 5.0, 7.0, -3.0]),
    };
    let solution = problem.solve(&params)?;
    assert_close("s", solution.vars.s.as_slice(), &[2.0, 0.0, 0.0, 0.0], 1e-9);
    check_derivatives(&mut problem, &params, |_| {}, 1e-6)
}

#[test]
fn negative_semidefinite_forms_are_concave() -> Result<(), Error> {
    let r = DMatrix::from_row_slice(2, 2, &[-2.0, 1.0, 1.0, -2.0]);
    let mut problem = Concave::new(ConcaveDims { n: 2 }, ConcaveData { r })?.with_settings(tight());
    let mut params = problem.zero_params();
    params.q = DMatrix::from_row_slice(2, 2, &[-1.0, 0.2, 0.2, -0.5]);
    params.c = DVector::from_vec(vec![1.0, 2.0]);
    check_derivatives(&mut problem, &params, |_| {}, 1e-6)?;
    params.q[(1, 1)] = 0.5;
    match problem.solve(&params).map(drop) {
        Err(Error::Indefinite { name: "q", eigenvalue }) => assert!(eigenvalue > 0.0 && eigenvalue <= 0.53),
        other => panic!("expected an indefinite matrix, found {other:?}"),
    }
    let r = matrix![-1.0, 2.0; 2.0, -1.0];
    let message = Literal::new(LiteralData { r })
        .map(drop)
        .map_err(|error| error.to_string());
    let expected = "expected `r` to be negative semidefinite, found an eigenvalue of at least";
    assert!(
        message.as_ref().is_err_and(|message| message.starts_with(expected)),
        "{message:?}"
    );
    let mut literal = Literal::new(LiteralData {
        r: -r.abs() - matrix![2.0, 0.0; 0.0, 2.0],
    })?
    .with_settings(tight());
    let params = LiteralParams { c: vector![0.5, 1.0] };
    check_derivatives(&mut literal, &params, |_| {}, 1e-6)
}

#[test]
fn semidefiniteness_of_numbers_is_seen() -> Result<(), Error> {
    let mut written = Written::new()?.with_settings(tight());
    let params = WrittenParams { c: vector![0.5, 1.0] };
    let solution = written.solve(&params)?;
    let r = matrix![-2.0, 0.5; 0.5, -1.0];
    let d = solution.vars.x - params.c;
    let difference = solution.vars.x[0] - solution.vars.x[1];
    let smallest = solution.vars.x[0] + r.symmetric_eigenvalues().min();
    let expected = d.dot(&(r * d)) - 1e-3 * difference * difference + smallest;
    assert_close("objective", &[solution.objective], &[expected], 1e-9);
    check_derivatives(&mut written, &params, |_| {}, 1e-6)
}

cvx! {
    problem Direct(n) {
        param d: [n, n] diagonal;
        param c: [n];
        var x: [n];
        minimize sum_squares(d * x - c) + quad_form(d * x, eye(n)) + sum_squares(x) + norm2(d * x - c);
    }
}

#[test]
fn a_scaled_variable_stays_in_the_quadratic_form() -> Result<(), Error> {
    let mut problem = Direct::new(DirectDims { n: 3 })?.with_settings(tight());
    let mut params = problem.zero_params();
    randomize(&mut params, &[DIAGONAL], &mut StdRng::seed_from_u64(3));
    let program = problem.program(&params)?;
    assert_eq!((program.q.len(), program.p.nnz()), (3 + 1, 3));
    for i in 0..3 {
        let expected = 2.0 + 4.0 * params.d[(i, i)].powi(2);
        assert_close("P", &[program.p.to_dense()[[i, i]]], &[expected], 1e-14);
    }
    check_derivatives(&mut problem, &params, |_| {}, 1e-6)
}

cvx! {
    /// What the compiler cannot see is said.
    problem Trusted(n) {
        param a: [n, n];
        param p: [n];
        var x: [n];
        minimize quad_form(x - 1, psd_wrap(a * a.T * a * a.T)) + dot(nonneg_wrap(p), abs(x))
            + lambda_max(symmetric_wrap(a * a.T * a * a.T + x[0] * eye(n)));
    }
}

#[test]
fn promises_are_taken_on_trust() -> Result<(), Error> {
    let mut problem = Trusted::new(TrustedDims { n: 2 })?.with_settings(tight());
    let params = TrustedParams {
        a: DMatrix::from_row_slice(2, 2, &[1.0, 0.5, -0.3, 0.8]),
        p: DVector::from_vec(vec![0.3, 0.2]),
    };
    check_derivatives(&mut problem, &params, |_| {}, 1e-6)
}

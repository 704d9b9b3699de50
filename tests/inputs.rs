//! Bad input: a clear error each, no panic, and the next good solve works.
#![allow(missing_docs)]

use cvxlayers::nalgebra::{DMatrix, DVector};
use cvxlayers::{Error, cvx};

cvx! {
    problem Portfolio(n) {
        param mu: [n];
        param sigma: [n, n] psd;
        param gamma: nonneg;
        param fee: nonpos;
        param shape: [n, n] symmetric;
        param divisor;
        var w: [n];
        maximize mu.T * w - gamma * quad_form(w, sigma) + fee * norm1(shape * w) / 10;
        subject_to { budget: sum(w) / divisor == 1; w >= 0; }
    }

    problem Ends(n) {
        var x: [n];
        minimize sum_squares(x[3] - x[n - 2] + 1) + sum_squares(x[2..n - 1]) + sum_squares(x);
    }

    problem Interior(n) {
        param a: [n - 1];
        var x: [n - 1];
        minimize sum_squares(x - a);
    }
}

fn good() -> PortfolioParams {
    PortfolioParams {
        mu: DVector::from_vec(vec![0.1, 0.2, 0.3]),
        sigma: DMatrix::identity(3, 3),
        gamma: 1.0,
        fee: -0.1,
        shape: DMatrix::identity(3, 3),
        divisor: 1.0,
    }
}

/// Solves bad parameters, then good ones; gives the message of the error.
fn refused(change: impl FnOnce(&mut PortfolioParams)) -> String {
    let mut problem = Portfolio::new(PortfolioDims { n: 3 }).expect("the dimension is positive");
    let before = problem.solve(&good()).expect("the good parameters are good");
    let mut bad = good();
    change(&mut bad);
    let error = problem.solve(&bad).expect_err("the bad parameters are bad");
    let after = problem.solve(&good()).expect("the good parameters are still good");
    assert_eq!(before.vars, after.vars);
    error.to_string()
}

#[test]
fn not_a_number() {
    let message = refused(|params| params.mu[1] = f64::NAN);
    assert_eq!(
        message,
        "expected finite entries in parameter `mu`, found NaN in row 1, column 0"
    );
}

#[test]
fn infinite_entries() {
    let message = refused(|params| params.sigma[(0, 2)] = f64::INFINITY);
    assert_eq!(
        message,
        "expected finite entries in parameter `sigma`, found inf in row 0, column 2"
    );
    let message = refused(|params| params.gamma = f64::NEG_INFINITY);
    assert_eq!(
        message,
        "expected finite entries in parameter `gamma`, found -inf in row 0, column 0"
    );
}

#[test]
fn wrong_shapes() {
    let message = refused(|params| params.mu = DVector::zeros(4));
    assert_eq!(message, "expected parameter `mu` to be 3 × 1, found 4 × 1");
    let message = refused(|params| params.sigma = DMatrix::zeros(0, 3));
    assert_eq!(message, "expected parameter `sigma` to be 3 × 3, found 0 × 3");
}

#[test]
fn broken_attributes() {
    let message = refused(|params| params.gamma = -0.5);
    assert_eq!(message, "expected `gamma` to be nonneg, found -0.5 in row 0, column 0");
    let message = refused(|params| params.fee = 0.5);
    assert_eq!(message, "expected `fee` to be nonpos, found 0.5 in row 0, column 0");
    let message = refused(|params| params.sigma[(1, 2)] = 0.25);
    assert!(
        message.starts_with("expected parameter `sigma` to be symmetric, found"),
        "{message}"
    );
    let message = refused(|params| params.shape[(2, 0)] = 1.0);
    assert!(
        message.starts_with("expected parameter `shape` to be symmetric, found"),
        "{message}"
    );
    let message = refused(|params| params.sigma[(2, 2)] = -1.0);
    assert!(
        message.starts_with("expected `sigma` to be positive semidefinite, found"),
        "{message}"
    );
}

#[test]
fn division_by_a_parameter_that_is_zero() {
    let message = refused(|params| params.divisor = 0.0);
    assert_eq!(
        message,
        "expected finite coefficients in `Portfolio`, found inf in A of its cone program"
    );
}

#[test]
fn dimensions_that_are_not_positive() {
    let error = Portfolio::new(PortfolioDims { n: 0 }).expect_err("no stocks");
    assert_eq!(error, Error::Dimension { name: "n", value: 0 });
    assert_eq!(error.to_string(), "expected `n` to be positive, found 0");
    let error = Interior::new(InteriorDims { n: 1 }).expect_err("no interior");
    assert_eq!(
        error,
        Error::Dimension {
            name: "n - 1",
            value: 0
        }
    );
    assert!(Interior::new(InteriorDims { n: 2 }).is_ok());
}

#[test]
fn dimensions_that_leave_an_index_out_of_bounds() {
    let refused = |n| Ends::new(EndsDims { n }).expect_err("out of bounds").to_string();
    assert_eq!(
        refused(2),
        "`x[3]` is out of bounds or empty: expected `n - 3` to be positive, found -1"
    );
    assert_eq!(
        refused(3),
        "`x[3]` is out of bounds or empty: expected `n - 3` to be positive, found 0"
    );
    assert!(Ends::new(EndsDims { n: 4 }).is_ok());
}

#[test]
fn dimensions_that_nothing_can_count() {
    for n in [usize::MAX, 1 << 33, 1 << 20] {
        assert_eq!(
            Portfolio::new(PortfolioDims { n }).expect_err("too many stocks"),
            Error::TooLarge,
            "{n}"
        );
    }
}

#[test]
fn bad_cotangents_and_directions() {
    let mut problem = Portfolio::new(PortfolioDims { n: 3 }).expect("the dimension is positive");
    let solution = problem.solve(&good()).expect("the good parameters are good");
    let error = solution
        .vjp(&PortfolioVars { w: DVector::zeros(2) })
        .expect_err("too short");
    assert_eq!(
        error.to_string(),
        "expected the cotangent of `w` to be 3 × 1, found 2 × 1"
    );
    let error = solution
        .vjp(&PortfolioVars {
            w: DVector::from_element(3, f64::NAN),
        })
        .expect_err("not a number");
    assert_eq!(
        error.to_string(),
        "expected finite entries in the cotangent of `w`, found NaN in row 0, column 0"
    );
    let mut direction = problem.zero_params();
    direction.sigma[(0, 1)] = 1.0;
    let error = solution.jvp(&direction).expect_err("not symmetric");
    assert!(
        error
            .to_string()
            .starts_with("expected the direction of `sigma` to be symmetric"),
        "{error}"
    );
}

#[test]
fn a_semidefinite_parameter_may_be_singular() {
    let mut problem = Portfolio::new(PortfolioDims { n: 3 }).expect("the dimension is positive");
    for sigma in [DMatrix::zeros(3, 3), DMatrix::repeat(3, 3, 1.0)] {
        let params = PortfolioParams { sigma, ..good() };
        problem.solve(&params).expect("a singular matrix is semidefinite");
    }
}

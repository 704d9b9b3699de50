//! Data: given once, checked once, and without a gradient; otherwise what a parameter is.
#![allow(missing_docs)]

use cvxlayers::{Argument, Error, Record, cvx};
use cvxlayers_tests::{assert_close, check_derivatives, flat, tight};
use nalgebra::{DMatrix, DVector, matrix, vector};

cvx! {
    /// Minimum-cost flow.
    problem Flow(nodes, arcs) {
        /// The arcs that leave a node (1) or enter it (-1).
        data incidence: [nodes, arcs];
        data capacity: [arcs] nonneg;
        param cost: [arcs];
        param supply: [nodes];
        var flow: [arcs];
        minimize dot(cost, flow) + 0.01 * norm2(capacity) * sum_squares(flow);
        subject_to {
            balance: incidence * flow == supply;
            0 <= flow <= capacity;
        }
    }

    /// The same with parameters.
    problem Free(nodes, arcs) {
        param incidence: [nodes, arcs];
        param capacity: [arcs] nonneg;
        param cost: [arcs];
        param supply: [nodes];
        var flow: [arcs];
        minimize dot(cost, flow) + 0.01 * norm2(capacity) * sum_squares(flow);
        subject_to {
            balance: incidence * flow == supply;
            0 <= flow <= capacity;
        }
    }

    problem Literal {
        data weight: [2, 2] psd;
        data offset;
        param a: [2];
        var x: [2];
        minimize quad_form(x - a, weight) + offset;
        subject_to { x >= sqrt(offset); }
    }
}

const DIMS: FlowDims = FlowDims { nodes: 3, arcs: 4 };

fn data() -> FlowData {
    FlowData {
        incidence: DMatrix::from_row_slice(3, 4, &[1.0, 1.0, 0.0, 0.0, -1.0, 0.0, 1.0, 1.0, 0.0, -1.0, -1.0, -1.0]),
        capacity: DVector::from_element(4, 1.5),
    }
}

fn params() -> FlowParams {
    FlowParams {
        cost: DVector::from_vec(vec![1.0, 2.5, 1.0, 1.2]),
        supply: DVector::from_vec(vec![2.0, 0.0, -2.0]),
    }
}

#[test]
fn data_are_parameters_without_a_gradient() -> Result<(), Error> {
    let mut flow = Flow::new(DIMS, data())?.with_settings(tight());
    let solution = flow.solve(&params())?;
    let (FlowData { incidence, capacity }, FlowParams { cost, supply }) = (data(), params());
    let mut free = Free::new(FreeDims { nodes: 3, arcs: 4 })?.with_settings(tight());
    let params_of_free = FreeParams {
        incidence,
        capacity,
        cost,
        supply,
    };
    let expected = free.solve(&params_of_free)?;
    assert_close("flow", &flat(&solution.vars), &flat(&expected.vars), 1e-9);
    let weights = DVector::from_vec(vec![1.0, -2.0, 0.5, 3.0]);
    let gradient = solution.vjp(&FlowVars { flow: weights.clone() })?;
    let gradient_of_free = expected.vjp(&FreeVars { flow: weights })?;
    assert_close("cost", gradient.cost.as_slice(), gradient_of_free.cost.as_slice(), 1e-7);
    assert_close(
        "supply",
        gradient.supply.as_slice(),
        gradient_of_free.supply.as_slice(),
        1e-7,
    );
    assert_eq!(FlowParams::NAMES, ["cost", "supply"]);
    assert_eq!(flow.data(), &data());
    Ok(())
}

#[test]
fn of_literal_dimensions() -> Result<(), Error> {
    let data = LiteralData {
        weight: matrix![2.0, 0.5; 0.5, 1.0],
        offset: 4.0,
    };
    let mut problem = Literal::new(data)?.with_settings(tight());
    let params = LiteralParams { a: vector![3.0, -1.0] };
    let solution = problem.solve(&params)?;
    // The second entry is at its bound; the first is free: 2 (x₀ - 3) + 0.5 · 3 = 0.
    assert_close("x", solution.vars.x.as_slice(), &[2.25, 2.0], 1e-9);
    check_derivatives(&mut problem, &params, |_| {}, 1e-6)
}

#[test]
fn checked_at_construction() {
    let mut wrong = data();
    wrong.incidence = DMatrix::zeros(3, 3);
    let error = Flow::new(DIMS, wrong).expect_err("a shape");
    assert!(
        matches!(
            error,
            Error::Shape {
                argument: Argument::Data,
                name: "incidence",
                ..
            }
        ),
        "{error}"
    );
    let mut wrong = data();
    wrong.capacity[2] = -1.0;
    let error = Flow::new(DIMS, wrong).expect_err("a sign");
    assert!(
        matches!(
            error,
            Error::Sign {
                name: "capacity",
                row: 2,
                ..
            }
        ),
        "{error}"
    );
    let mut wrong = data();
    wrong.incidence[(1, 1)] = f64::NAN;
    let error = Flow::new(DIMS, wrong).expect_err("a number");
    assert!(
        matches!(
            error,
            Error::NotFinite {
                argument: Argument::Data,
                row: 1,
                col: 1,
                ..
            }
        ),
        "{error}"
    );
    let wrong = LiteralData {
        weight: matrix![1.0, 2.0; 2.0, 1.0],
        offset: 1.0,
    };
    let error = Literal::new(wrong).expect_err("indefinite");
    assert!(matches!(error, Error::Indefinite { name: "weight", .. }), "{error}");
}

//! Points where a solution has one-sided derivatives only are never called differentiable, and are found also where all
//! slacks are nothing but rounding errors.
#![allow(missing_docs)]

use cvxlayers::{Accuracy, Cotangent, Error, Exactness, Polish, Settings};
use nalgebra::{DMatrix, DVector};

cvxlayers::cvx! {
    problem Threshold {
        param b;
        param weight: nonneg;
        var x;
        minimize square(x - b) + weight * abs(x);
    }

    problem Lasso(m, n) {
        param a: [m, n];
        param b: [m];
        param weight: nonneg;
        var x: [n];
        minimize sum_squares(a * x - b) + weight * norm1(x);
    }

    problem Group(n) {
        param z: [n];
        param weight: nonneg;
        var x: [n];
        minimize 0.5 * sum_squares(x - z) + weight * norm2(x);
    }

    problem Cone(n) {
        param z: [n];
        param height;
        var x: [n];
        var t;
        minimize sum_squares(x - z) + square(t - height);
        subject_to { soc(t, x); }
    }

    problem Semidefinite(n) {
        param c: [n, n] symmetric;
        var x: [n, n] psd;
        minimize sum_squares(x - c);
        subject_to { trace(x) <= 3; }
    }

    problem Robust(n) {
        param z: [n];
        param bend: pos;
        var x: [n];
        minimize sum(huber(x - z, bend)) + sum_squares(x) + tv(x);
    }
}

/// How it is told depends on which of the constraints counts as active.
fn assert_kink(what: &str, accuracy: Accuracy) {
    assert!(!accuracy.is_derivative(), "{what}: {accuracy:?}");
}

fn assert_smooth(what: &str, accuracy: Accuracy) {
    let Accuracy {
        kind, unique, kinks, ..
    } = accuracy;
    assert_eq!((kind, unique, kinks), (Exactness::Exact, Some(true), 0), "{what}");
}

#[test]
fn at_the_threshold() -> Result<(), Error> {
    let mut problem = Threshold::new()?;
    let mut gradient = problem.zero_params();
    for (b, weight) in [
        (1.0, 2.0),
        (2.0, 4.0),
        (0.3, 0.6),
        (-0.7, 1.4),
        (1e4, 2e4),
        (1e-5, 2e-5),
    ] {
        for (factor, is_kink) in [(1.0, true), (0.99, false), (1.01, false)] {
            let weight = factor * weight;
            let solution = problem.solve(&ThresholdParams { b, weight })?;
            let accuracy = solution.vjp_into(&ThresholdVars { x: 1.0 }, &mut gradient)?;
            let check = if is_kink { assert_kink } else { assert_smooth };
            check(&format!("{b} {weight}"), accuracy);
        }
    }
    Ok(())
}

/// Where `a` is orthogonal each entry has a threshold of its own.
#[test]
fn some_entries_at_the_threshold() -> Result<(), Error> {
    let mut problem = Lasso::new(LassoDims { m: 3, n: 3 })?;
    let mut gradient = problem.zero_params();
    let a = DMatrix::from_row_slice(3, 3, &[2.0, -1.0, 2.0, 2.0, 2.0, -1.0, -1.0, 2.0, 2.0]);
    for (weight, is_kink) in [(12.0, true), (11.9, false), (30.0, true), (31.0, false)] {
        // Twice the products with the columns, which are of length 3, are the thresholds: 12, 30 and 6.
        let b = &a * DVector::from_column_slice(&[2.0, 5.0, -1.0]) / 3.0;
        let a = a.clone();
        let solution = problem.solve(&LassoParams { a, b, weight })?;
        let cotangent = LassoVars {
            x: DVector::from_element(3, 1.0),
        };
        let accuracy = solution.vjp_into(&cotangent, &mut gradient)?;
        let check = if is_kink { assert_kink } else { assert_smooth };
        check(&weight.to_string(), accuracy);
    }
    Ok(())
}

#[test]
fn at_the_apex_of_a_second_order_cone() -> Result<(), Error> {
    for z in [
        vec![1.0, 2.0, 2.0],
        vec![0.6, 0.8, 0.0],
        vec![3.0, 0.0, 4.0],
        vec![3.0, 4.0],
    ] {
        let (n, z) = (z.len(), DVector::from_vec(z));
        let cotangent = DVector::from_element(n, 1.0);
        let mut group = Group::new(GroupDims { n })?;
        let mut gradient = group.zero_params();
        let solution = group.solve(&GroupParams {
            z: z.clone(),
            weight: z.norm(),
        })?;
        let accuracy = solution.vjp_into(&GroupVars { x: cotangent.clone() }, &mut gradient)?;
        assert_kink("group", accuracy);
        let mut cone = Cone::new(ConeDims { n })?;
        let mut gradient = cone.zero_params();
        for (height, is_kink) in [(-1.0, true), (-1.1, false), (-0.9, false)] {
            let solution = cone.solve(&ConeParams {
                z: z.clone(),
                height: height * z.norm(),
            })?;
            let cotangent = ConeVars {
                x: cotangent.clone(),
                t: 0.0,
            };
            let accuracy = solution.vjp_into(&cotangent, &mut gradient)?;
            let check = if is_kink { assert_kink } else { assert_smooth };
            check(&format!("cone {height}"), accuracy);
        }
    }
    Ok(())
}

/// Two neighbours join where their difference is what the variation weighs.
#[test]
fn where_neighbours_join() -> Result<(), Error> {
    let mut problem = Robust::new(RobustDims { n: 2 })?;
    let mut gradient = problem.zero_params();
    for (difference, is_kink) in [(1.0, true), (1.1, false), (0.9, false)] {
        let z = DVector::from_column_slice(&[1.0, 1.0 + difference]);
        let solution = problem.solve(&RobustParams { z, bend: 10.0 })?;
        let cotangent = RobustVars {
            x: DVector::from_column_slice(&[1.0, 0.0]),
        };
        let accuracy = solution.vjp_into(&cotangent, &mut gradient)?;
        let check = if is_kink { assert_kink } else { assert_smooth };
        check(&difference.to_string(), accuracy);
    }
    Ok(())
}

/// Without rounding in the data, rounding of a slack may by chance be less than what a sample of it shows.
#[test]
fn ties_among_whole_numbers_are_kinks() -> Result<(), Error> {
    let wide = (
        [2, 6],
        vec![1.0, -1.0, -2.0, -1.0, 0.0, 2.0, 0.0, 0.0, 1.0, 0.0, -1.0, 2.0],
    );
    let tall = ([5, 2], vec![1.0, -2.0, -1.0, 0.0, 3.0, 0.0, 2.0, 2.0, 0.0, -2.0]);
    for (([m, n], a), b, weight) in [
        (wide, vec![-1.0, 1.0], 2.0),
        (tall, vec![0.0, -1.0, 0.0, 2.0, 0.0], 0.6),
    ] {
        let params = LassoParams {
            a: DMatrix::from_vec(m, n, a),
            b: DVector::from_vec(b),
            weight,
        };
        for polish in [Polish::Derivative, Polish::Solve] {
            let settings = Settings::default().with_gap_tolerance(1e-9).with_polish(polish);
            let mut problem = Lasso::new(LassoDims { m, n })?.with_settings(settings);
            let solution = problem.solve(&params)?;
            let mut gradient = problem.zero_params();
            let accuracy = solution.vjp_into(Cotangent::vars(&solution.vars), &mut gradient)?;
            assert!(
                accuracy.kinks > 0 && !accuracy.is_derivative(),
                "{m} {polish:?}: {accuracy:?}"
            );
        }
    }
    Ok(())
}

#[test]
fn an_eigenvalue_of_nothing_else() -> Result<(), Error> {
    let mut problem = Semidefinite::new(SemidefiniteDims { n: 3 })?;
    let mut gradient = problem.zero_params();
    for (corner, is_kink) in [(0.0, true), (-0.01, false), (0.01, false)] {
        let c = DMatrix::from_row_slice(3, 3, &[-2.0, 1.0, 0.0, 1.0, -2.0, 0.0, 0.0, 0.0, corner]);
        let solution = problem.solve(&SemidefiniteParams { c })?;
        let accuracy = solution.vjp_into(&solution.vars, &mut gradient)?;
        let check = if is_kink { assert_kink } else { assert_smooth };
        check(&format!("{corner}"), accuracy);
    }
    Ok(())
}

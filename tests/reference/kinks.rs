//! Points without a derivative.

use cvxlayers::{Cotangent, Error, Exactness, Family, Problem, Record, cvx};
use cvxlayers_tests::{flat, shifted, tight};

use super::{Case, case, check, fill};

cvx! {
    problem AbsAtKink(n) {
        param a: [n];
        var x: [n];
        minimize 0.5 * sum_squares(x - a) + norm1(x);
    }

    problem NonuniqueLp {
        param b;
        var x: [3];
        minimize sum(x);
        subject_to { sum(x) >= b; 0 <= x <= 1; }
    }

    problem ProjectionDegenerate(n) {
        param y: [n];
        var x: [n];
        minimize sum_squares(x - y);
        subject_to { c0: x >= 0; }
    }
}

cases! {
    nd_abs_at_kink: AbsAtKink::new(AbsAtKinkDims { n: 2 });
    nd_lp_nonunique: NonuniqueLp::new();
    nd_projection_degenerate: ProjectionDegenerate::new(ProjectionDegenerateDims { n: 3 });
}

/// Why there is nothing to compare: the slopes to the two sides differ along the first entry of the parameters. The
/// derivative is one between them.
fn assert_between<F: Family, C>(name: &str, problem: Problem<F, C>) -> Result<(), Error> {
    let case: Case = case(name);
    let mut problem = problem.with_settings(tight());
    let params = fill(problem.zero_params(), &case.params);
    let cotangent = fill(problem.zero_vars(), &case.cotangents);
    let mut direction = problem.zero_params();
    direction.entries_mut(0)[0] = 1.0;
    let mut value = |step: f64| -> Result<f64, Error> {
        let solution = problem.solve(&shifted(&params, step, &direction))?;
        Ok(solution.vars.dot(&cotangent))
    };
    let step = 1e-4;
    let (below, here, above) = (value(-step)?, value(0.0)?, value(step)?);
    let (left, right) = ((here - below) / step, (above - here) / step);
    assert!((left - right).abs() > 0.1, "{name}: {left} and {right}");
    let slope = problem.solve(&params)?.jvp(&direction)?.dot(&cotangent);
    let between = left.min(right) - 1e-6..=left.max(right) + 1e-6;
    assert!(between.contains(&slope), "{name}: {slope} beside {left} and {right}");
    Ok(())
}

#[test]
fn slopes_at_a_kink_are_between_those_of_the_sides() -> Result<(), Error> {
    assert_between("nd_abs_at_kink", AbsAtKink::new(AbsAtKinkDims { n: 2 })?)?;
    let projection = ProjectionDegenerate::new(ProjectionDegenerateDims { n: 3 })?;
    assert_between("nd_projection_degenerate", projection)
}

/// Every point of the face is optimal.
#[test]
fn a_point_of_a_face_has_no_exact_derivative() -> Result<(), Error> {
    let mut problem = NonuniqueLp::new()?.with_settings(tight());
    let case: Case = case("nd_lp_nonunique");
    let params = fill(problem.zero_params(), &case.params);
    let solution = problem.solve(&params)?;
    let mut gradient = problem.zero_params();
    let cotangent = fill(problem.zero_vars(), &case.cotangents);
    let accuracy = solution.vjp_into(Cotangent::vars(&cotangent), &mut gradient)?;
    assert_eq!(accuracy.kind, Exactness::LeastSquares);
    assert!(flat(&gradient).iter().all(|slope| slope.is_finite()));
    // The optimal value has one.
    assert!((solution.objective_gradient()?.b - 1.0).abs() < 1e-10);
    Ok(())
}

//! Support vector machines with a weight for each sample.

use cvxlayers::{Error, cvx};
use cvxlayers_tests::{assert_close, check_derivatives, random_matrix, tight};
use nalgebra::DVector;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

cvx! {
    problem Hinge(m, n) {
        param features: [m, n];
        param labels: [m];
        param weight: [m] nonneg;
        param lambda: nonneg;
        var w: [n];
        var offset;
        minimize lambda / 2 * sum_squares(w) + dot(weight, pos(1 - multiply(labels, features * w + offset)));
    }

    problem Slack(m, n) {
        param features: [m, n];
        param labels: [m];
        param weight: [m] nonneg;
        param lambda: nonneg;
        var w: [n];
        var offset;
        var slack: [m] nonneg;
        minimize lambda / 2 * sum_squares(w) + weight.T * slack;
        subject_to { margin: multiply(labels, features * w + offset) >= 1 - slack; }
    }
}

#[test]
fn support_vectors_prove_the_margin() -> Result<(), Error> {
    let (m, n) = (60, 3);
    let mut rng = StdRng::seed_from_u64(21);
    let labels = DVector::from_fn(m, |i, _| if i % 2 == 0 { 1.0 } else { -1.0 });
    let mut features = random_matrix(m, n, &mut rng) * 1.5;
    for (mut row, label) in features.row_iter_mut().zip(&labels) {
        row[0] += label;
    }
    let weight = DVector::from_fn(m, |_, _| rng.random_range(0.1..1.0));
    let params = SlackParams {
        features,
        labels,
        weight,
        lambda: 2.0,
    };
    let mut problem = Slack::new(SlackDims { m, n })?.with_settings(tight());
    let solution = problem.solve(&params)?;

    let SlackParams {
        features,
        labels,
        weight,
        lambda,
    } = params.clone();
    let alpha = &solution.duals.margin;
    let signed = alpha.component_mul(&labels);
    let direction = features.tr_mul(&signed);
    assert!(alpha.min() > -1e-9 && (alpha - &weight).max() < 1e-9);
    assert!(signed.sum().abs() < 1e-8);
    let dual = alpha.sum() - direction.norm_squared() / (2.0 * lambda);
    let loss = |margin: f64| (1.0 - margin).max(0.0);
    let margins = (&features * &solution.vars.w)
        .add_scalar(solution.vars.offset)
        .component_mul(&labels);
    let primal = lambda / 2.0 * solution.vars.w.norm_squared() + weight.dot(&margins.map(loss));
    assert_close("gap", &[primal, solution.objective], &[dual, dual], 1e-8);
    assert_close("w", solution.vars.w.as_slice(), (direction / lambda).as_slice(), 1e-8);
    check_derivatives(&mut problem, &params, |_| {}, 1e-5)?;

    let params = HingeParams {
        features,
        labels,
        weight,
        lambda,
    };
    let mut hinge = Hinge::new(HingeDims { m, n })?.with_settings(tight());
    let other = hinge.solve(&params)?;
    assert_close("w", other.vars.w.as_slice(), solution.vars.w.as_slice(), 1e-8);
    assert_close("offset", &[other.vars.offset], &[solution.vars.offset], 1e-8);
    check_derivatives(&mut hinge, &params, |_| {}, 1e-5)
}

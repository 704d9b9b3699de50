//! Cones given directly, semidefinite constraints and variables: optimum, dual variables and derivatives.
#![allow(missing_docs)]

use cvxlayers::{Error, cvx};
use cvxlayers_tests::{assert_close, check_derivatives, random_matrix, tight};
use nalgebra::{DMatrix, DVector, vector};
use rand::SeedableRng;
use rand::rngs::StdRng;

cvx! {
    /// The nearest semidefinite matrix.
    problem Nearest(n) {
        param a: [n, n] symmetric;
        var x: [n, n] psd;
        minimize sum_squares(x - a);
    }

    /// The same with a constraint.
    problem Constrained(n) {
        param a: [n, n] symmetric;
        var x: [n, n] symmetric;
        minimize sum_squares(x - a);
        subject_to { lmi: x >> 0; }
    }

    problem Negative(n) {
        param a: [n, n] symmetric;
        var x: [n, n] nsd;
        minimize sum_squares(x - a);
    }

    /// A general matrix: its symmetric part is constrained.
    problem General {
        param c: [2, 2];
        var x: [2, 2];
        minimize sum_squares(x - c);
        subject_to { lmi: x << 2 * eye(2); }
    }

    /// A bound of the largest eigenvalue, in each of several matrices.
    problem Largest(n, k) {
        param a: [n, n * k];
        var t: [k];
        minimize sum(t);
        subject_to {
            for i in 0..k { lmi: t[i] * eye(n) >> a[.., n * i..n * i + n]; }
        }
    }

    problem Ball(n) {
        param c: [n];
        param radius;
        var x: [n];
        maximize dot(c, x);
        subject_to { ball: soc(radius, x); }
    }

    /// `exp` by its cone, entry by entry.
    problem Exponentials(n) {
        param p: [n];
        var x: [n];
        var z: [n];
        minimize sum(z);
        subject_to { graph: exp_cone(x, 1, z); x == p; }
    }

    problem Powers {
        param p;
        var x; var y; var z;
        maximize z;
        subject_to { graph: pow_cone(x, y, z, 0.3); x + p * y <= 2; }
    }
}

fn symmetric(n: usize, seed: u64) -> DMatrix<f64> {
    let a = random_matrix(n, n, &mut StdRng::seed_from_u64(seed));
    &a + a.transpose()
}

/// The positive part of a symmetric matrix.
fn positive_part(a: &DMatrix<f64>) -> DMatrix<f64> {
    let eigen = a.clone().symmetric_eigen();
    let positive = eigen.eigenvalues.map(|value| value.max(0.0));
    &eigen.eigenvectors * DMatrix::from_diagonal(&positive) * eigen.eigenvectors.transpose()
}

#[test]
fn the_nearest_semidefinite_matrix_is_the_positive_part() -> Result<(), Error> {
    let n = 4;
    let a = symmetric(n, 1);
    let expected = positive_part(&a);
    let mut nearest = Nearest::new(NearestDims { n })?.with_settings(tight());
    let params = NearestParams { a: a.clone() };
    let solution = nearest.solve(&params)?;
    assert_close("psd", solution.vars.x.as_slice(), expected.as_slice(), 1e-9);
    check_derivatives(&mut nearest, &params, |_| {}, 1e-6)?;

    let mut constrained = Constrained::new(ConstrainedDims { n })?.with_settings(tight());
    let params = ConstrainedParams { a: a.clone() };
    let solution = constrained.solve(&params)?;
    assert_close(">> 0", solution.vars.x.as_slice(), expected.as_slice(), 1e-9);
    // ∇‖x − a‖² = λ, and λ is semidefinite.
    let dual = 2.0 * (&expected - &a);
    assert_close("dual", solution.duals.lmi.as_slice(), dual.as_slice(), 1e-8);
    check_derivatives(&mut constrained, &params, |_| {}, 1e-6)?;

    let mut negative = Negative::new(NegativeDims { n })?.with_settings(tight());
    let params = NegativeParams { a: a.clone() };
    let solution = negative.solve(&params)?;
    assert_close("nsd", solution.vars.x.as_slice(), (&a - &expected).as_slice(), 1e-9);
    check_derivatives(&mut negative, &params, |_| {}, 1e-6)
}

#[test]
fn a_general_matrix_is_constrained_by_its_symmetric_part() -> Result<(), Error> {
    let mut problem = General::new()?.with_settings(tight());
    let c = nalgebra::matrix![1.0, 4.0; 0.0, 3.0];
    let params = GeneralParams { c };
    let solution = problem.solve(&params)?;
    let dynamic = |m: &nalgebra::Matrix2<f64>| DMatrix::from_column_slice(2, 2, m.as_slice());
    let (half, skew) = (0.5 * (c + c.transpose()), 0.5 * (c - c.transpose()));
    let two = DMatrix::identity(2, 2) * 2.0;
    let expected = &two - positive_part(&(&two - dynamic(&half))) + dynamic(&skew);
    assert_close("x", solution.vars.x.as_slice(), expected.as_slice(), 1e-9);
    let dual = 2.0 * (dynamic(&c) - expected);
    assert_close("dual", solution.duals.lmi.as_slice(), dual.as_slice(), 1e-8);
    check_derivatives(&mut problem, &params, |_| {}, 1e-6)
}

#[test]
fn matrices_in_a_loop_are_bounded_each_for_itself() -> Result<(), Error> {
    let (n, k) = (3, 2);
    let mut problem = Largest::new(LargestDims { n, k })?.with_settings(tight());
    let parts = [symmetric(n, 5), symmetric(n, 6)];
    let mut params = problem.zero_params();
    for (i, part) in parts.iter().enumerate() {
        params.a.columns_mut(n * i, n).copy_from(part);
    }
    let solution = problem.solve(&params)?;
    for (i, part) in parts.iter().enumerate() {
        let eigen = part.clone().symmetric_eigen();
        let (place, largest) = eigen.eigenvalues.argmax();
        assert_close("t", &[solution.vars.t[i]], &[largest], 1e-9);
        let v = eigen.eigenvectors.column(place);
        let dual = solution.duals.lmi.columns(n * i, n).into_owned();
        assert_close("dual", dual.as_slice(), (v * v.transpose()).as_slice(), 1e-7);
    }
    check_derivatives(&mut problem, &params, |_| {}, 1e-6)
}

#[test]
fn a_ball_and_its_dual() -> Result<(), Error> {
    let mut problem = Ball::new(BallDims { n: 3 })?.with_settings(tight());
    let params = BallParams {
        c: DVector::from_vec(vec![1.0, -2.0, 2.0]),
        radius: 1.5,
    };
    let solution = problem.solve(&params)?;
    assert_close("x", solution.vars.x.as_slice(), (&params.c * 0.5).as_slice(), 1e-9);
    assert_close("dual", solution.duals.ball.as_slice(), &[3.0, -1.0, 2.0, -2.0], 1e-8);
    check_derivatives(&mut problem, &params, |_| {}, 1e-6)
}

#[test]
fn exponential_cones_for_each_entry() -> Result<(), Error> {
    let mut problem = Exponentials::new(ExponentialsDims { n: 3 })?.with_settings(tight());
    let params = ExponentialsParams {
        p: DVector::from_vec(vec![0.5, -1.0, 2.0]),
    };
    let solution = problem.solve(&params)?;
    assert_close("z", solution.vars.z.as_slice(), params.p.map(f64::exp).as_slice(), 1e-8);
    // The dual of (x, 1, z) is a gradient of the graph: (−eˣ, (x − 1) eˣ, 1).
    for i in 0..3 {
        let (x, e) = (params.p[i], params.p[i].exp());
        let dual = solution.duals.graph.column(i).into_owned();
        assert_close("dual", dual.as_slice(), &[-e, (x - 1.0) * e, 1.0], 1e-7);
    }
    check_derivatives(&mut problem, &params, |_| {}, 1e-6)
}

#[test]
fn a_power_cone() -> Result<(), Error> {
    let mut problem = Powers::new()?.with_settings(tight());
    let params = PowersParams { p: 1.5 };
    let solution = problem.solve(&params)?;
    // Shares of the budget are the exponents.
    let (x, y) = (0.3 * 2.0, 0.7 * 2.0 / 1.5);
    let z = f64::powf(x, 0.3) * f64::powf(y, 0.7);
    let vars = &solution.vars;
    assert_close("point", &[vars.x, vars.y, vars.z], &[x, y, z], 1e-8);
    assert_close("scale", vector![vars.z].as_slice(), &[z], 1e-8);
    check_derivatives(&mut problem, &params, |_| {}, 1e-6)
}

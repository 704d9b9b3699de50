//! Problems whose solution, dual variables, objective and derivative are known in closed form.
#![allow(missing_docs)]

use cvxlayers::{Cotangent, Error, Solution, cvx};
use cvxlayers_tests::{assert_close, tight};
use nalgebra::{DMatrix, DVector, SMatrix, SVector, matrix, vector};

const TOLERANCE: f64 = 1e-8;

cvx! {
    problem Average(n) {
        param a: [n];
        var x: [n];
        minimize sum_squares(x - a);
        subject_to { level: sum(x) == 0; }
    }

    problem Scalar {
        param c: nonneg;
        var x;
        minimize c * x;
        subject_to { range: 1 <= x <= 4; }
    }

    problem Reversed {
        param c;
        var x;
        maximize c * x;
        subject_to { range: 4 >= x >= 1; }
    }

    problem Ball(n) {
        param c: [n];
        param radius: nonneg;
        var x: [n];
        maximize dot(c, x);
        subject_to { ball: norm2(x) <= radius; }
    }

    problem SoftThreshold(n) {
        param a: [n];
        param lambda: nonneg;
        var x: [n];
        minimize sum_squares(x - a) / 2 + lambda * norm1(x);
    }

    problem Nearest {
        param s: [2, 3];
        param bound: nonneg;
        var x: [2, 3];
        minimize sum(square(x - s));
        subject_to { norm_inf(x) <= bound; }
    }

    problem Symmetrized(n) {
        param a: [n, n];
        var x: [n, n] symmetric;
        minimize sum_squares(x - a);
    }

    problem Water(n) {
        param floor: [n];
        param volume: nonneg;
        var x: [n] nonneg;
        minimize max(x + floor) * 2 + sum_squares(x) * 0;
        subject_to { volume_: sum(x) == volume; }
    }

    problem EpigraphOfSquares(n) {
        param a: [n];
        var x: [n];
        var t;
        minimize t;
        subject_to { cap: sum_squares(x - a) <= t; square(t) <= 4; sum(x) == 0; }
    }

    problem LinearSystem(n) {
        param p: [n, n] psd;
        param b: [n];
        var x: [n];
        minimize quad_form(x, p) / 2 - b.T * x;
    }

    problem GramSystem(m, n) {
        param f: [m, n];
        param b: [n];
        var x: [n];
        minimize quad_form(x, f.T * f) / 2 - b.T * x;
    }

    problem Constants {
        const N: usize = 4;
        const M: usize = 2 * N + 1;
        param a: [N, M];
        var x: [N, M];
        minimize sum_squares(x - a) + N;
    }
}

#[test]
fn projection_onto_the_plane_of_zero_sum() -> Result<(), Error> {
    let mut problem = Average::new(AverageDims { n: 3 })?.with_settings(tight());
    let a = DVector::from_vec(vec![1.0, 2.0, 6.0]);
    let solution = problem.solve(&AverageParams { a })?;
    assert_close("x", solution.vars.x.as_slice(), &[-2.0, -1.0, 3.0], TOLERANCE);
    // 2 (x - a) + level = 0
    assert_close("dual", &[solution.duals.level], &[6.0], TOLERANCE);
    assert_close("objective", &[solution.objective], &[27.0], TOLERANCE);
    let gradient = solution.vjp(&AverageVars {
        x: DVector::from_vec(vec![1.0, 0.0, 0.0]),
    })?;
    let third = 1.0 / 3.0;
    assert_close(
        "gradient",
        gradient.a.as_slice(),
        &[2.0 * third, -third, -third],
        TOLERANCE,
    );
    Ok(())
}

#[test]
fn duals_of_chains_have_the_signs_of_the_two_inequalities() -> Result<(), Error> {
    let mut lower = Scalar::new()?.with_settings(tight());
    let solution = lower.solve(&ScalarParams { c: 3.0 })?;
    assert_close("x", &[solution.vars.x], &[1.0], TOLERANCE);
    let range = &solution.duals.range;
    assert_close("duals", &[range.lower, range.upper], &[3.0, 0.0], TOLERANCE);

    let mut upper = Reversed::new()?.with_settings(tight());
    let solution = upper.solve(&ReversedParams { c: 3.0 })?;
    assert_close("x", &[solution.vars.x], &[4.0], TOLERANCE);
    let range = &solution.duals.range;
    assert_close("duals", &[range.lower, range.upper], &[0.0, 3.0], TOLERANCE);
    assert_close("objective", &[solution.objective], &[12.0], TOLERANCE);
    assert_close("gradient", &[solution.objective_gradient()?.c], &[4.0], TOLERANCE);
    Ok(())
}

#[test]
fn linear_function_on_a_ball() -> Result<(), Error> {
    // Above ten entries the derivative of the cone takes another form.
    for n in [2, 5, 40] {
        let mut problem = Ball::new(BallDims { n })?.with_settings(tight());
        let c = DVector::from_fn(n, |i, _| 1.0 + (i as f64).sin());
        let norm = c.norm();
        let solution = problem.solve(&BallParams {
            c: c.clone(),
            radius: 2.0,
        })?;
        let expected = &c * (2.0 / norm);
        assert_close("x", solution.vars.x.as_slice(), expected.as_slice(), TOLERANCE);
        assert_close("dual", &[solution.duals.ball], &[norm], TOLERANCE);
        let w = DVector::from_fn(n, |i, _| (i as f64).cos());
        let gradient = solution.vjp(&BallVars { x: w.clone() })?;
        let along = (&w - &c * (c.dot(&w) / (norm * norm))) * (2.0 / norm);
        assert_close("gradient of c", gradient.c.as_slice(), along.as_slice(), TOLERANCE);
        assert_close("gradient of radius", &[gradient.radius], &[c.dot(&w) / norm], TOLERANCE);
        let mixed = solution.vjp(Cotangent::vars(&BallVars { x: w.clone() }).and_objective(1.0))?;
        assert_close(
            "with the objective",
            &[mixed.radius],
            &[c.dot(&w) / norm + norm],
            TOLERANCE,
        );
    }
    Ok(())
}

#[test]
fn soft_thresholding() -> Result<(), Error> {
    let mut problem = SoftThreshold::new(SoftThresholdDims { n: 4 })?.with_settings(tight());
    let a = DVector::from_vec(vec![3.0, -2.0, 0.4, -0.3]);
    let solution = problem.solve(&SoftThresholdParams { a, lambda: 0.5 })?;
    assert_close("x", solution.vars.x.as_slice(), &[2.5, -1.5, 0.0, 0.0], TOLERANCE);
    let gradient = solution.vjp(&SoftThresholdVars {
        x: DVector::from_element(4, 1.0),
    })?;
    assert_close("gradient of a", gradient.a.as_slice(), &[1.0, 1.0, 0.0, 0.0], TOLERANCE);
    assert_close("gradient of lambda", &[gradient.lambda], &[0.0], TOLERANCE);
    Ok(())
}

#[test]
fn clamping_a_matrix_on_the_stack() -> Result<(), Error> {
    let mut problem = Nearest::new()?.with_settings(tight());
    let s: SMatrix<f64, 2, 3> = matrix![0.5, 2.0, -3.0; -0.2, -1.5, 0.9];
    let solution = problem.solve(&NearestParams { s, bound: 1.0 })?;
    let x: SMatrix<f64, 2, 3> = solution.vars.x;
    let expected = matrix![0.5, 1.0, -1.0; -0.2, -1.0, 0.9];
    assert_close("x", x.as_slice(), expected.as_slice(), TOLERANCE);
    let tangent = solution.jvp(&NearestParams {
        s: SMatrix::repeat(1.0),
        bound: 10.0,
    })?;
    let expected = matrix![1.0, 10.0, -10.0; 1.0, -10.0, 1.0];
    assert_close("tangent", tangent.x.as_slice(), expected.as_slice(), TOLERANCE);
    Ok(())
}

#[test]
fn nearest_symmetric_matrix() -> Result<(), Error> {
    let mut problem = Symmetrized::new(SymmetrizedDims { n: 3 })?.with_settings(tight());
    let a = DMatrix::from_fn(3, 3, |i, j| (i * i + 2 * j) as f64);
    let solution = problem.solve(&SymmetrizedParams { a: a.clone() })?;
    let expected = (&a + a.transpose()) / 2.0;
    assert_close("x", solution.vars.x.as_slice(), expected.as_slice(), TOLERANCE);
    let mut corner = DMatrix::zeros(3, 3);
    corner[(0, 1)] = 1.0;
    let gradient = solution.vjp(&SymmetrizedVars { x: corner.clone() })?;
    let expected = (&corner + corner.transpose()) / 2.0;
    assert_close("gradient", gradient.a.as_slice(), expected.as_slice(), TOLERANCE);
    Ok(())
}

#[test]
fn water_level_is_a_common_level() -> Result<(), Error> {
    let mut problem = Water::new(WaterDims { n: 3 })?.with_settings(tight());
    let floor = DVector::from_vec(vec![0.0, 1.0, 2.5]);
    let solution = problem.solve(&WaterParams { floor, volume: 8.5 })?;
    // All three stand at the level 4.
    assert_close("x", solution.vars.x.as_slice(), &[4.0, 3.0, 1.5], TOLERANCE);
    assert_close("objective", &[solution.objective], &[8.0], TOLERANCE);
    assert_close(
        "slope",
        &[solution.objective_gradient()?.volume],
        &[2.0 / 3.0],
        TOLERANCE,
    );
    assert_close("dual", &[solution.duals.volume_], &[-2.0 / 3.0], TOLERANCE);
    Ok(())
}

#[test]
fn squares_in_constraints_become_second_order_cones() -> Result<(), Error> {
    let mut problem = EpigraphOfSquares::new(EpigraphOfSquaresDims { n: 2 })?.with_settings(tight());
    let a = DVector::from_vec(vec![1.0, 0.0]);
    let solution = problem.solve(&EpigraphOfSquaresParams { a })?;
    assert_close("x", solution.vars.x.as_slice(), &[0.5, -0.5], TOLERANCE);
    assert_close("t", &[solution.vars.t], &[0.5], TOLERANCE);
    assert_close("dual", &[solution.duals.cap], &[1.0], TOLERANCE);
    assert_close(
        "slope",
        solution.objective_gradient()?.a.as_slice(),
        &[1.0, 1.0],
        TOLERANCE,
    );
    Ok(())
}

#[test]
fn quadratic_form_without_constraints_is_a_linear_system() -> Result<(), Error> {
    let mut problem = LinearSystem::new(LinearSystemDims { n: 3 })?.with_settings(tight());
    let p = DMatrix::from_row_slice(3, 3, &[2.0, 0.5, -0.3, 0.5, 1.5, 0.2, -0.3, 0.2, 1.0]);
    let b = DVector::from_vec(vec![1.0, -2.0, 0.5]);
    let inverse = p.clone().try_inverse().expect("it is definite");
    let solution = problem.solve(&LinearSystemParams { p, b: b.clone() })?;
    let x = &inverse * &b;
    assert_close("x", solution.vars.x.as_slice(), x.as_slice(), TOLERANCE);
    assert_close("objective", &[solution.objective], &[-0.5 * b.dot(&x)], TOLERANCE);
    let g = DVector::from_vec(vec![0.3, 1.0, -0.7]);
    let lambda = &inverse * &g;
    let gradient = solution.vjp(&LinearSystemVars { x: g })?;
    assert_close("gradient of b", gradient.b.as_slice(), lambda.as_slice(), TOLERANCE);
    let expected = (&lambda * x.transpose() + &x * lambda.transpose()) * -0.5;
    assert_close("gradient of p", gradient.p.as_slice(), expected.as_slice(), TOLERANCE);
    Ok(())
}

#[test]
fn gram_matrices_are_semidefinite() -> Result<(), Error> {
    let mut problem = GramSystem::new(GramSystemDims { m: 3, n: 2 })?.with_settings(tight());
    let f = DMatrix::from_row_slice(3, 2, &[1.0, 0.5, -0.3, 2.0, 0.7, 0.1]);
    let b = DVector::from_vec(vec![1.0, -2.0]);
    let solution = problem.solve(&GramSystemParams {
        f: f.clone(),
        b: b.clone(),
    })?;
    let gram = f.transpose() * &f;
    assert_close("gram x", (&gram * &solution.vars.x).as_slice(), b.as_slice(), TOLERANCE);
    let inverse = gram.try_inverse().expect("it is definite");
    let g = DVector::from_vec(vec![0.3, 1.0]);
    let lambda = &inverse * &g;
    let gradient = solution.vjp(&GramSystemVars { x: g })?;
    let x = &solution.vars.x;
    let expected = -&f * (&lambda * x.transpose() + x * lambda.transpose());
    assert_close("gradient of f", gradient.f.as_slice(), expected.as_slice(), TOLERANCE);
    Ok(())
}

#[test]
fn constants_of_the_objective_are_in_its_value() -> Result<(), Error> {
    let mut problem = Constants::new()?;
    let a = SMatrix::<f64, 4, 9>::from_fn(|i, j| (i + j) as f64);
    let solution = problem.solve(&ConstantsParams { a })?;
    assert_close("x", solution.vars.x.as_slice(), a.as_slice(), TOLERANCE);
    assert_close("objective", &[solution.objective], &[4.0], TOLERANCE);
    Ok(())
}

#[test]
fn structs_are_vectors() -> Result<(), Error> {
    let one = SoftThresholdParams {
        a: DVector::from_vec(vec![1.0, 2.0]),
        lambda: 3.0,
    };
    let mut sum = one.clone() + one.clone() * 2.0 - one.clone();
    sum.axpy(-1.0, &one);
    assert_eq!(sum, one);
    sum += &one;
    sum *= 3.0;
    sum -= 2.0 * one.clone();
    sum += -one.clone();
    sum -= &one;
    assert_eq!(sum, 2.0 * one.clone());
    sum -= one.clone();
    sum += one.clone();
    assert_eq!(sum, one.clone() * 2.0);
    assert_close("dot", &[one.dot(&one)], &[14.0], 0.0);
    let point: SVector<f64, 2> = vector![1.0, 2.0];
    assert_close("stack", point.as_slice(), one.a.as_slice(), 0.0);
    Ok(())
}

/// Without an objective all duals are zero but for rounding, which must not be measured against itself.
#[test]
fn a_feasible_point_has_a_small_residual() -> Result<(), Error> {
    cvx! {
        problem Feasible(n) {
            param b: [n];
            var x: [n];
            subject_to { x >= b; sum(x) == 1; }
        }
    }
    for polish in [cvxlayers::Polish::Off, cvxlayers::Polish::Solve] {
        let settings = cvxlayers::Settings::default().with_polish(polish);
        let mut problem = Feasible::new(FeasibleDims { n: 3 })?.with_settings(settings);
        let solution = problem.solve(&problem.zero_params())?;
        assert!(solution.residual() < 1e-6, "{}", solution.residual());
    }
    Ok(())
}

/// Where all is zero at the solution, the data tell what is small.
#[test]
fn a_solution_of_zeros_has_a_small_residual() -> Result<(), Error> {
    cvx! {
        problem Pulled(n) {
            param c: [n];
            var x: [n];
            minimize sum_squares(x - c) + norm2(x);
        }
        problem Priced(n) {
            param c: [n];
            var x: [n] nonneg;
            minimize dot(c, x);
        }
    }
    for method in [cvxlayers::Method::Auto, cvxlayers::Method::Clarabel] {
        let settings = cvxlayers::Settings::default().with_method(method);
        let mut pulled = Pulled::new(PulledDims { n: 2 })?.with_settings(settings);
        let c = DVector::from_vec(vec![0.1, -0.05]);
        let solution = pulled.solve(&PulledParams { c })?;
        assert!(solution.residual() < 1e-4, "{}", solution.residual());
        let mut priced = Priced::new(PricedDims { n: 2 })?.with_settings(settings);
        let c = DVector::from_vec(vec![1.0, 2.0]);
        let solution = priced.solve(&PricedParams { c })?;
        assert!(solution.residual() < 1e-4, "{}", solution.residual());
    }
    Ok(())
}

/// The value's gradient is of the polished point too, whatever has been differentiated before.
#[test]
fn the_gradient_of_the_objective_does_not_depend_on_what_came_before() -> Result<(), Error> {
    cvx! {
        problem Cube {
            param p;
            var x;
            minimize power(x, 3);
            subject_to { x == p; }
        }
    }
    let mut problem = Cube::new()?;
    for p in [0.02, 0.3, 2.0_f64] {
        let solution = problem.solve(&CubeParams { p })?;
        let gradient = solution.objective_gradient()?.p;
        assert_close("gradient", &[gradient / (3.0 * p * p)], &[1.0], 1e-7);
        let slope = solution.objective_jvp(&CubeParams { p: 1.0 })?;
        assert_eq!(slope, gradient);
        solution.vjp(&CubeVars { x: 1.0 })?;
        assert_eq!(solution.objective_gradient()?.p, gradient);
        let [batched] = Solution::vjp_batch([&solution], [Cotangent::objective(1.0)])
            .try_into()
            .expect("one");
        assert_close("batch", &[batched?.p], &[gradient], 1e-12);
    }
    Ok(())
}

/// What a loose tolerance leaves is no violation.
#[test]
fn a_loose_tolerance_is_no_error() -> Result<(), Error> {
    cvx! {
        problem Bend(n) {
            param a: [n];
            var x: [n];
            minimize sum(logistic(multiply(a, x))) + sum_squares(x);
        }
    }
    for tolerance in [1e-2, 1e-3, 1e-4] {
        let settings = cvxlayers::Settings::default()
            .with_feasibility_tolerance(tolerance)
            .with_gap_tolerance(tolerance)
            .with_polish(cvxlayers::Polish::Off);
        for size in 1..20 {
            let mut average = Average::new(AverageDims { n: 5 })?.with_settings(settings);
            let a = DVector::from_fn(5, |row, _| (size * (row + 3)) as f64 % 7.0 - 3.0);
            average.solve(&AverageParams { a })?;
            let mut bend = Bend::new(BendDims { n: 5 })?.with_settings(settings);
            let a = DVector::from_fn(5, |row, _| (size * (row + 2)) as f64 % 5.0 - 2.0);
            bend.solve(&BendParams { a })?;
        }
    }
    Ok(())
}

/// Signs of constants are those of their values.
#[test]
fn constants_are_folded() -> Result<(), Error> {
    cvx! {
        problem Constants(n) {
            const T: usize = 5;
            param c: [n];
            var x: [n];
            let w = 1 - 0.8;
            minimize (T - 1) * sum_squares(x - c) / (2 * n - 2) + w * norm2(x) / log(2) + (2 - sqrt(2)) * abs(x[1])
                + sum(multiply([0.5, 1 - 0.5], square(x[..2])));
        }
    }
    let mut problem = Constants::new(ConstantsDims { n: 3 })?.with_settings(tight());
    let c = DVector::from_vec(vec![1.0, 2.0, -3.0]);
    let solution = problem.solve(&ConstantsParams { c: c.clone() })?;
    let x = &solution.vars.x;
    let objective = (x - &c).norm_squared()
        + 0.2 * x.norm() / 2.0_f64.ln()
        + (2.0 - 2.0_f64.sqrt()) * x[1].abs()
        + 0.5 * (x[0] * x[0] + x[1] * x[1]);
    assert_close("objective", &[solution.objective], &[objective], TOLERANCE);
    Ok(())
}

//! Geometric problems: optima in closed form, every rule against plain arithmetic, derivatives against finite differences.
#![allow(missing_docs)]

use cvxlayers::Error;
use cvxlayers_tests::{assert_close, check_derivatives, check_objective_derivatives, tight};
use nalgebra::{DMatrix, DVector, SVector, matrix, vector};

cvxlayers::cvx! {
    problem Box3 geometric {
        param wall: pos;
        param floor: pos;
        var h: pos;
        var w: pos;
        var d: pos;
        maximize h * w * d;
        subject_to {
            walls: 2 * (h * w + h * d) <= wall;
            floors: w * d <= floor;
            0.1 <= h / w <= 10;
            0.1 <= d / w <= 10;
        }
    }

    problem Means geometric {
        param a: [3] pos;
        var x: pos;
        var y: pos;
        minimize a[0] * x * y + a[1] / x + a[2] / y;
    }

    problem Perron(n) geometric {
        param a: [n, n] pos;
        var x: [n] pos;
        var lambda: pos;
        minimize lambda;
        subject_to { grows: a * x <= lambda * x; x[0] == 1; }
    }

    problem Powers geometric {
        param p: pos;
        var x: pos;
        minimize power(x, -1.5) + 2 * p * power(x, 0.5);
    }

    problem Balance geometric {
        param area: pos;
        var x: pos;
        var y: pos;
        maximize minimum(x, y / 2);
        subject_to { x * y <= area; }
    }

    problem Growth geometric {
        param p: pos;
        var x: pos;
        var y: pos;
        minimize exp(p * x) / x + 1 / (log(y) / y);
    }

    problem Form geometric {
        param p: [2, 2] symmetric pos;
        var x: [2] pos;
        minimize quad_form(x, p);
        subject_to { geo_mean(x) == 1; }
    }

    problem Cylinder(n) geometric {
        param least: [n] pos;
        param volume: pos;
        data rate: [n] pos;
        var r: [n] pos;
        var h: pos;
        minimize sum(multiply(rate, r)) * h + norm2(r);
        subject_to { geo_mean(r) * h >= volume; r >= least; }
    }

    problem Gates(n) geometric {
        param load: [n] pos;
        param total: pos;
        var size: [n] pos;
        var late: pos;
        minimize late;
        subject_to {
            sum(size) <= total;
            sum(i in 0..n, load[i] / size[i]) + sum(i in 1..n, sum(j in 0..i, size[i] * size[j])) / 100 <= late;
        }
    }

    problem Mirror geometric {
        param cost: [2, 2] symmetric pos;
        var x: [2, 2] symmetric pos;
        minimize sum(multiply(cost, x));
        subject_to { geo_mean(x) >= 1; }
    }

    problem Shares(n) geometric {
        param w: [n] nonneg;
        param c: [n] pos;
        var x: [n] pos;
        maximize geo_mean(x, w);
        subject_to { dot(c, x) <= 1; }
    }

    problem Falling geometric {
        param p: pos;
        var x: [2] pos;
        minimize p * x[0] / x[1];
    }

    problem Apart geometric {
        param p: pos;
        var x: pos;
        minimize x;
        subject_to { low: p <= x; high: x + x <= 1; }
    }

    problem Anywhere geometric {
        var x: pos;
        subject_to { x == 2; }
    }

    problem Nearest(n) {
        param weight: [n] pos;
        data target: [n] pos;
        var x: [n] pos;
        minimize dot(weight, square(x + target)) + sum(square(x - 1) / weight);
    }
}

#[test]
fn the_largest_box() -> Result<(), Error> {
    let mut problem = Box3::new()?.with_settings(tight());
    let params = Box3Params { wall: 10.0, floor: 4.0 };
    let solution = problem.solve(&params)?;
    assert_close("volume", &[solution.objective], &[5.0], 1e-8);
    let Box3Vars { h, w, d } = solution.vars;
    assert_close("sides", &[h, w, d], &[1.25, 2.0, 2.0], 1e-8);
    // One more percent of wall is one more percent of volume.
    let Box3Duals { walls, floors } = solution.duals;
    assert_close("relative sensitivities", &[walls, floors], &[1.0, 0.5], 1e-7);
    let gradient = solution.objective_gradient()?;
    assert_close("slopes", &[gradient.wall, gradient.floor], &[0.5, 0.625], 1e-7);
    check_derivatives(&mut problem, &params, |_| {}, 1e-5)
}

#[test]
fn means_of_three_terms() -> Result<(), Error> {
    let mut problem = Means::new()?.with_settings(tight());
    let a = vector![2.0, 0.3, 5.0];
    let params = MeansParams { a };
    let solution = problem.solve(&params)?;
    let each = a.product().cbrt();
    assert_close("objective", &[solution.objective], &[3.0 * each], 1e-8);
    assert_close(
        "point",
        &[solution.vars.x, solution.vars.y],
        &[a[1] / each, a[2] / each],
        1e-8,
    );
    check_derivatives(&mut problem, &params, |_| {}, 1e-5)
}

#[test]
fn the_eigenvalue_of_a_positive_matrix() -> Result<(), Error> {
    let mut problem = Perron::new(PerronDims { n: 3 })?.with_settings(tight());
    let a = DMatrix::from_row_slice(3, 3, &[1.0, 2.0, 0.5, 3.0, 4.0, 1.0, 0.2, 0.7, 2.0]);
    let params = PerronParams { a: a.clone() };
    let solution = problem.solve(&params)?;
    let vars = &solution.vars;
    assert_close(
        "eigenvector",
        (&a * &vars.x).as_slice(),
        (&vars.x * vars.lambda).as_slice(),
        1e-7,
    );
    // The duals are proportional to the entries of both eigenvectors, and their sum is one.
    assert_close("duals", &[solution.duals.grows.sum()], &[1.0], 1e-7);
    let left = solution.duals.grows.component_div(&vars.x);
    let expected = &left * vars.x.transpose() / left.dot(&vars.x);
    let gradient = solution.objective_gradient()?.a;
    assert_close("gradient", gradient.as_slice(), expected.as_slice(), 1e-6);
    check_derivatives(&mut problem, &params, |_| {}, 1e-5)
}

#[test]
fn powers_with_fractions() -> Result<(), Error> {
    let mut problem = Powers::new()?.with_settings(tight());
    let params = PowersParams { p: 0.7 };
    let solution = problem.solve(&params)?;
    assert_close("point", &[solution.vars.x], &[(1.5_f64 / 0.7).sqrt()], 1e-8);
    check_derivatives(&mut problem, &params, |_| {}, 1e-5)
}

/// The solver stops at five digits here, and the polish of a derivative does not: nothing of it may be of the former.
#[test]
fn derivatives_are_those_of_the_polished_point() -> Result<(), Error> {
    let mut problem = Means::new()?;
    let a = vector![2.0, 0.3, 5.0];
    let solution = problem.solve(&MeansParams { a })?;
    let each = a.product().cbrt();
    // x = a₁ / (a₀ a₁ a₂)^{1/3}
    let x = a[1] / each;
    let expected = [-x / (3.0 * a[0]), 2.0 * x / (3.0 * a[1]), -x / (3.0 * a[2])];
    let gradient = solution.vjp(&MeansVars { x: 1.0, y: 0.0 })?.a;
    assert_close("vjp", gradient.as_slice(), &expected, 1e-11);
    for (entry, expected) in expected.into_iter().enumerate() {
        let mut direction = problem.zero_params();
        direction.a[entry] = 1.0;
        let tangent = solution.tangent(&direction)?;
        assert_close("tangent", &[tangent.vars.x], &[expected], 1e-11);
        assert_close("objective", &[tangent.objective], &[each / a[entry]], 1e-11);
    }
    Ok(())
}

#[test]
fn the_smaller_of_two_is_made_large() -> Result<(), Error> {
    let mut problem = Balance::new()?.with_settings(tight());
    let params = BalanceParams { area: 6.0 };
    let solution = problem.solve(&params)?;
    let side = 3.0_f64.sqrt();
    assert_close("objective", &[solution.objective], &[side], 1e-8);
    assert_close("point", &[solution.vars.x, solution.vars.y], &[side, 2.0 * side], 1e-8);
    check_derivatives(&mut problem, &params, |_| {}, 1e-5)
}

#[test]
fn exponentials_and_logarithms() -> Result<(), Error> {
    let mut problem = Growth::new()?.with_settings(tight());
    let params = GrowthParams { p: 2.0 };
    let solution = problem.solve(&params)?;
    let e = std::f64::consts::E;
    assert_close("objective", &[solution.objective], &[2.0 * e + e], 1e-8);
    assert_close("point", &[solution.vars.x, solution.vars.y], &[0.5, e], 1e-7);
    check_derivatives(&mut problem, &params, |_| {}, 1e-5)
}

#[test]
fn a_form_of_a_positive_matrix() -> Result<(), Error> {
    let mut problem = Form::new()?.with_settings(tight());
    let p = matrix![2.0, 0.5; 0.5, 3.0];
    let params = FormParams { p };
    let solution = problem.solve(&params)?;
    assert_close("objective", &[solution.objective], &[2.0 * 6.0_f64.sqrt() + 1.0], 1e-8);
    let x = 1.5_f64.powf(0.25);
    assert_close("point", solution.vars.x.as_slice(), &[x, 1.0 / x], 1e-8);
    check_derivatives(&mut problem, &params, |_| {}, 1e-5)
}

#[test]
fn a_design_with_bounds() -> Result<(), Error> {
    let data = CylinderData {
        rate: DVector::from_vec(vec![1.0, 2.0, 0.5]),
    };
    let mut problem = Cylinder::new(CylinderDims { n: 3 }, data)?.with_settings(tight());
    let params = CylinderParams {
        least: DVector::from_vec(vec![1.0, 0.3, 0.2]),
        volume: 2.0,
    };
    let solution = problem.solve(&params)?;
    let CylinderVars { r, h } = &solution.vars;
    assert_close("volume", &[r.product().cbrt() * h], &[2.0], 1e-8);
    assert!(r.iter().zip(&params.least).all(|(r, least)| *r >= least - 1e-8));
    let objective = h * (r[0] + 2.0 * r[1] + 0.5 * r[2]) + r.norm();
    assert_close("objective", &[solution.objective], &[objective], 1e-8);
    check_derivatives(&mut problem, &params, |_| {}, 1e-5)
}

#[test]
fn sums_over_triangles() -> Result<(), Error> {
    let mut problem = Gates::new(GatesDims { n: 4 })?.with_settings(tight());
    let load = DVector::from_vec(vec![1.0, 0.5, 2.0, 0.1]);
    let params = GatesParams {
        load: load.clone(),
        total: 5.0,
    };
    let solution = problem.solve(&params)?;
    let size = &solution.vars.size;
    let pairs = (size.sum().powi(2) - size.norm_squared()) / 200.0;
    let expected = load.component_div(size).sum() + pairs;
    assert_close("objective", &[solution.objective], &[expected], 1e-8);
    check_derivatives(&mut problem, &params, |_| {}, 1e-5)
}

#[test]
fn symmetric_variables() -> Result<(), Error> {
    let mut problem = Mirror::new()?.with_settings(tight());
    let cost = matrix![2.0, 0.5; 0.5, 3.0];
    let params = MirrorParams { cost };
    let solution = problem.solve(&params)?;
    let each = cost.product().powf(0.25);
    assert_close("objective", &[solution.objective], &[4.0 * each], 1e-8);
    assert_close(
        "point",
        solution.vars.x.as_slice(),
        cost.map(|cost| each / cost).as_slice(),
        1e-8,
    );
    check_derivatives(&mut problem, &params, |_| {}, 1e-5)
}

#[test]
fn exponents_that_are_parameters() -> Result<(), Error> {
    let mut problem = Shares::new(SharesDims { n: 3 })?.with_settings(tight());
    let (w, c) = (vector![1.0, 2.0, 5.0], vector![0.5, 1.0, 3.0]);
    let dynamic = |x: SVector<f64, 3>| DVector::from_column_slice(x.as_slice());
    let params = SharesParams {
        w: dynamic(w),
        c: dynamic(c),
    };
    let solution = problem.solve(&params)?;
    let expected = (w / w.sum()).component_div(&c);
    assert_close("shares", solution.vars.x.as_slice(), expected.as_slice(), 1e-8);
    check_derivatives(&mut problem, &params, |_| {}, 1e-5)
}

#[test]
fn what_has_no_optimum() -> Result<(), Error> {
    let mut falling = Falling::new()?;
    let Err(Error::Unbounded { ray, .. }) = falling.solve(&FallingParams { p: 2.0 }) else {
        panic!("the infimum is zero");
    };
    let x = falling.ray_vars(&ray)?.x;
    assert!(x[0] < x[1], "{x}");

    let mut apart = Apart::new()?;
    assert!(apart.solve(&ApartParams { p: 0.4 }).is_ok());
    let Err(Error::Infeasible { certificate, .. }) = apart.solve(&ApartParams { p: 0.6 }) else {
        panic!("nothing is feasible");
    };
    let duals = apart.certificate_duals(&certificate)?;
    assert!(duals.low > 0.0 && duals.high > 0.0);

    let solution = Anywhere::new()?.solve(&())?;
    assert_close("any point", &[solution.vars.x, solution.objective], &[2.0, 1.0], 1e-7);
    Ok(())
}

#[test]
fn what_is_positive_is_checked() -> Result<(), Error> {
    let sign = |name, col: usize| Error::Sign {
        name,
        attribute: "pos",
        row: col,
        col: 0,
        value: 0.0,
    };
    let found = Means::new()?.solve(&MeansParams {
        a: vector![1.0, 0.0, 1.0],
    });
    assert_eq!(found.err(), Some(sign("a", 1)));

    let dims = NearestDims { n: 2 };
    let target = DVector::from_vec(vec![1.0, 0.0]);
    let found = Nearest::new(dims, NearestData { target });
    assert_eq!(found.err(), Some(sign("target", 1)));

    let target = DVector::from_vec(vec![0.1, 3.0]);
    let mut problem = Nearest::new(dims, NearestData { target })?.with_settings(tight());
    let weight = DVector::from_vec(vec![1.0, 0.5]);
    let solution = problem.solve(&NearestParams { weight })?;
    // Without a sign the second entry is 0.2.
    assert_close("point", solution.vars.x.as_slice(), &[0.45, 0.2], 1e-7);
    let weight = DVector::from_vec(vec![1.0, 2.0]);
    let params = NearestParams { weight };
    let solution = problem.solve(&params)?;
    assert_close("point at its bound", solution.vars.x.as_slice(), &[0.45, 0.0], 1e-7);
    check_derivatives(&mut problem, &params, |_| {}, 1e-5)
}

const POINT: [f64; 4] = [1.5, 0.7, 2.4, 3.1];

fn point() -> DVector<f64> {
    DVector::from_column_slice(&POINT)
}

fn square(x: &DVector<f64>) -> DMatrix<f64> {
    DMatrix::from_column_slice(2, 2, x.as_slice())
}

/// `x == p` leaves only the value, which is compared with arithmetic; its slope in `p` with finite differences.
///
/// Of parameters alone the same expression is a derived parameter.
macro_rules! values {
    ($($name:ident($sense:ident $($expression:tt)*) = |$x:ident| $value:expr;)*) => {
        $(mod $name {
            use super::*;

            cvxlayers::cvx! {
                fn value(x) = $($expression)*;

                problem Value geometric {
                    param p: [4] pos;
                    var x: [4] pos;
                    $sense value(x);
                    subject_to { x == p; }
                }

                problem Derived geometric {
                    param p: [4] pos;
                    var x: [4] pos;
                    $sense value(p) * x[0] / p[0];
                    subject_to { x == p; }
                }
            }

            #[test]
            fn value_and_slope() -> Result<(), Error> {
                let arithmetic = |$x: &DVector<f64>| -> f64 { $value };
                let expected = arithmetic(&point());
                let slopes = DVector::from_fn(4, |i, _| {
                    let moved = |step: f64| {
                        let mut x = point();
                        x[i] += step;
                        arithmetic(&x)
                    };
                    (moved(1e-6) - moved(-1e-6)) / 2e-6
                });
                let mut problem = Value::new()?.with_settings(tight());
                let params = ValueParams { p: POINT.into() };
                let solution = problem.solve(&params)?;
                assert_close("value", &[solution.objective], &[expected], 1e-7);
                let slope = solution.objective_gradient()?.p;
                assert_close("slope", slope.as_slice(), slopes.as_slice(), 1e-5);
                check_objective_derivatives(&mut problem, &params, |_| {}, 1e-5)?;

                let mut problem = Derived::new()?.with_settings(tight());
                let params = DerivedParams { p: POINT.into() };
                let solution = problem.solve(&params)?;
                assert_close("derived", &[solution.objective], &[expected], 1e-7);
                let slope = solution.objective_gradient()?.p;
                assert_close("slope of the derived", slope.as_slice(), slopes.as_slice(), 1e-5);
                Ok(())
            }
        })*
    };
}

values! {
    total(minimize sum(x)) = |x| x.sum();
    total_of_a_sum(minimize sum(x + 2 * x[0] + 3)) = |x| x.sum() + 8.0 * x[0] + 12.0;
    product_of_sums(minimize (x[0] + x[1]) * (x[2] + 1) / x[3] + 1) = |x| (x[0] + x[1]) * (x[2] + 1.0) / x[3] + 1.0;
    quotients(minimize sum((2 * x + 1) / x)) = |x| 8.0 + x.map(|x| 1.0 / x).sum();
    average(minimize mean(x)) = |x| x.mean();
    norm_one(minimize norm1(x) + x[1]) = |x| x.sum() + x[1];
    norm_two(minimize norm2(x)) = |x| x.norm();
    norm_three(minimize pnorm(x, 3)) = |x| x.map(|x| x.powi(3)).sum().cbrt();
    norm_below_one(minimize pnorm(x, 0.5)) = |x| x.map(f64::sqrt).sum().powi(2);
    norm_below_zero(maximize pnorm(x, -2)) = |x| x.map(|x| x.powi(-2)).sum().powf(-0.5);
    norm_of_all(minimize norm_fro(reshape(x, [2, 2]) * ones(2, 2))) = |x| (square(x) * DMatrix::from_element(2, 2, 1.0)).norm();
    harmonic(maximize harmonic_mean(x)) = |x| 4.0 / x.map(|x| 1.0 / x).sum();
    geometric_mean(maximize geo_mean(x, [1, 2, 0, 3])) = |x| (x[0] * x[1].powi(2) * x[3].powi(3)).powf(1.0 / 6.0);
    squares(minimize sum_squares(x + 1)) = |x| x.map(|x| (x + 1.0).powi(2)).sum();
    over_linear(minimize quad_over_lin(x[..3], x[3])) = |x| x.rows(0, 3).norm_squared() / x[3];
    largest(minimize max(2 * x + x[0])) = |x| 2.0 * x.max() + x[0];
    smallest(maximize min(x) * x[2]) = |x| x.min() * x[2];
    largest_of_two(minimize sum(maximum(x, 2))) = |x| x.map(|x| x.max(2.0)).sum();
    smallest_of_two(maximize minimum(x[0] * x[1], x[3])) = |x| (x[0] * x[1]).min(x[3]);
    largest_turn(minimize max(t in 0..3, x[t] + x[t + 1])) = |x| (x[0] + x[1]).max(x[1] + x[2]).max(x[2] + x[3]);
    smallest_turn(maximize min(t in 0..3, x[t] * x[t + 1])) = |x| (x[0] * x[1]).min(x[1] * x[2]).min(x[2] * x[3]);
    norm_inf(minimize norm_inf(x)) = |x| x.max();
    magnitudes(minimize sum(abs(x)) + pos(x[0])) = |x| x.sum() + x[0];
    exponentials(minimize sum(exp(x / 2))) = |x| x.map(|x| (x / 2.0).exp()).sum();
    roots(minimize sqrt(sum(square(x))) + inv_pos(x[0])) = |x| x.norm() + 1.0 / x[0];
    powers(minimize sum(power(x, 1.7)) * power(x[1] + 1, 0.3)) = |x| x.map(|x| x.powf(1.7)).sum() * (x[1] + 1.0).powf(0.3);
    matrix_product(minimize sum([[1, 2, 3, 4], [4, 3, 2, 1]] * x)) = |x| x.sum() * 5.0;
    matrix_products(minimize trace(reshape(x, [2, 2]) * reshape(x, [2, 2]).T * reshape(x + 1, [2, 2])))
        = |x| (square(x) * square(x).transpose() * square(&x.add_scalar(1.0))).trace();
    outer_product(minimize sum(outer(x, x) + 1)) = |x| x.sum().powi(2) + 16.0;
    inner_product(minimize dot(x, [1, 2, 3, 4]) + dot(x, x)) = |x| x.dot(&DVector::from_vec(vec![1.0, 2.0, 3.0, 4.0])) + x.norm_squared();
    form(minimize quad_form(x, 2 * ones(4, 4))) = |x| 2.0 * x.sum().powi(2);
    stacks(minimize norm2(vstack(x[..2], 1, x[0] + x[1]))) = |x| (x[0].powi(2) + x[1].powi(2) + 1.0 + (x[0] + x[1]).powi(2)).sqrt();
    blocks(minimize sum(block([[x[0], 1], [x[1] + x[2], x[3]]]) * [2, 3]))
        = |x| 2.0 * (x[0] + x[1] + x[2]) + 3.0 * (1.0 + x[3]);
    axes(minimize sum(norm2(reshape(x, [2, 2]), axis = 0)) + max(sum(reshape(x, [2, 2]), axis = 1)))
        = |x| square(x).column(0).norm() + square(x).column(1).norm() + square(x).column_sum().max();
    triangles(minimize sum(upper_tri(outer(x, x)))) = |x| (x.sum().powi(2) - x.norm_squared()) / 2.0;
    transposed(minimize sum(x.T * outer(x + 1, [1, 2]))) = |x| 3.0 * (x.norm_squared() + x.sum());
    diagonals(minimize sum(diag(outer(x, x) + 1))) = |x| x.norm_squared() + 4.0;
    turns(minimize sum(t in 1..4, sum(s in 0..t, x[t] * x[s] + t))) = |x| (x.sum().powi(2) - x.norm_squared()) / 2.0 + 14.0;
    mixed(minimize mixed_norm(reshape(x, [2, 2]), 2, 1)) = |x| square(x).row(0).norm() + square(x).row(1).norm();
    broadcast(minimize sum(multiply(reshape(x, [2, 2]), reshape(x, [2, 2])[0, ..] + 1)))
        = |x| (x[0] + x[1]) * (x[0] + 1.0) + (x[2] + x[3]) * (x[2] + 1.0);
}

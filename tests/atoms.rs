//! Every atom and function against plain arithmetic, alone and under others, with the slope of the value.
#![allow(missing_docs)]

use cvxlayers_tests::{assert_close, tight};
use nalgebra::DVector;

const POINT: [f64; 4] = [1.5, -0.7, 0.4, -2.1];

fn point() -> DVector<f64> {
    DVector::from_column_slice(&POINT)
}

fn sum_squares(x: &DVector<f64>) -> f64 {
    x.norm_squared()
}

fn norm1(x: &DVector<f64>) -> f64 {
    x.iter().map(|x| x.abs()).sum()
}

fn pos(x: f64) -> f64 {
    x.max(0.0)
}

/// The sum of the `k` largest.
fn tail(x: &DVector<f64>, k: f64) -> f64 {
    let mut sorted = x.as_slice().to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let weight = |i: usize| (k - i as f64).clamp(0.0, 1.0);
    sorted.iter().enumerate().map(|(i, x)| weight(i) * x).sum()
}

fn huber(x: f64, m: f64) -> f64 {
    if x.abs() <= m { x * x } else { 2.0 * m * x.abs() - m * m }
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

                problem Value(n) {
                    param p: [n];
                    var x: [n];
                    $sense value(x);
                    subject_to { x == p; }
                }

                problem Derived(n) {
                    param p: [n];
                    var x: [n];
                    $sense value(p);
                    subject_to { x == p * value(p); }
                }
            }

            #[test]
            fn value_and_slope() -> Result<(), cvxlayers::Error> {
                let arithmetic = |$x: &DVector<f64>| -> f64 { $value };
                let mut problem = Value::new(ValueDims { n: 4 })?.with_settings(tight());
                let solution = problem.solve(&ValueParams { p: point() })?;
                assert_close("value", &[solution.objective], &[arithmetic(&point())], 1e-7);
                let slope = solution.objective_gradient()?.p;
                for i in 0..4 {
                    let moved = |step: f64| {
                        let mut x = point();
                        x[i] += step;
                        arithmetic(&x)
                    };
                    let difference = (moved(1e-6) - moved(-1e-6)) / 2e-6;
                    assert_close("slope", &[slope[i]], &[difference], 1e-6);
                }

                let mut problem = Derived::new(DerivedDims { n: 4 })?.with_settings(tight());
                let solution = problem.solve(&DerivedParams { p: point() })?;
                assert_close("derived", &[solution.objective], &[arithmetic(&point())], 1e-12);
                let derived = solution.objective_gradient()?.p;
                assert_close("slope of the derived", derived.as_slice(), slope.as_slice(), 1e-6);
                let direction = DVector::from_fn(4, |i, _| 1.0 - 0.3 * i as f64);
                let tangent = solution.objective_jvp(&DerivedParams { p: direction.clone() })?;
                assert_close("tangent of the derived", &[tangent], &[slope.dot(&direction)], 1e-6);
                let tangent = solution.jvp(&DerivedParams { p: direction.clone() })?.x;
                let expected = &direction * arithmetic(&point()) + point() * slope.dot(&direction);
                assert_close("tangent of a product", tangent.as_slice(), expected.as_slice(), 1e-6);
                let gradient = solution.vjp(&DerivedVars { x: direction.clone() })?.p;
                let expected = &direction * arithmetic(&point()) + &slope * point().dot(&direction);
                assert_close("adjoint of a product", gradient.as_slice(), expected.as_slice(), 1e-6);
                Ok(())
            }
        })*
    };
}

values! {
    absolute_value(minimize sum(abs(x))) = |x| norm1(x);
    positive_part(minimize sum(pos(x))) = |x| x.map(pos).sum();
    negative_part(minimize sum(neg(x))) = |x| x.map(|x| pos(-x)).sum();
    largest(minimize max(x)) = |x| x.max();
    smallest(maximize min(x)) = |x| x.min();
    larger(minimize sum(maximum(x, 0.3, 2 * x))) = |x| x.map(|x| x.max(0.3).max(2.0 * x)).sum();
    smaller(maximize sum(minimum(x, 0.3))) = |x| x.map(|x| x.min(0.3)).sum();
    one_norm(minimize norm1(x)) = |x| norm1(x);
    two_norm(minimize norm2(x)) = |x| x.norm();
    infinity_norm(minimize norm_inf(x)) = |x| x.amax();
    squares(minimize sum(square(x))) = |x| sum_squares(x);
    sum_of_squares(minimize sum_squares(x)) = |x| sum_squares(x);
    sum_of_squares_in_a_cone(minimize max(sum_squares(x))) = |x| sum_squares(x);
    squares_in_cones(minimize max(square(x))) = |x| x.map(|x| x * x).max();
    quadratic_form_of_a_number(minimize quad_form(sum(x), 3)) = |x| 3.0 * x.sum() * x.sum();
    inner_product(minimize dot(x, p)) = |x| x.dot(x);
    elementwise_product(minimize sum(multiply(x, p))) = |x| x.dot(x);
    quotient(minimize sum(x / 4) + sum(x) / n) = |x| x.sum() / 2.0;
    outer_transpose(minimize sum((x * p.T).T)) = |x| x.sum() * x.sum();
    square_root(maximize sum(sqrt(x + 3))) = |x| x.map(|x| (x + 3.0).sqrt()).sum();
    inverse(minimize sum(inv_pos(x + 3))) = |x| x.map(|x| 1.0 / (x + 3.0)).sum();
    largest_turn(minimize max(i in 0..n, square(x[i]) + i)) = |x| {
        x.iter().enumerate().map(|(i, x)| x * x + i as f64).fold(f64::NEG_INFINITY, f64::max)
    };
    smallest_turn(maximize min(i in 1..n, 2 * x[i] - norm2(x))) = |x| 2.0 * x.rows(1, 3).min() - x.norm();
    exponential(minimize sum(exp(x))) = |x| x.map(f64::exp).sum();
    exponential_of_another_base(minimize sum(power(0.5, x))) = |x| x.map(|x| 0.5_f64.powf(x)).sum();
    logarithm(maximize sum(log(x + 3))) = |x| x.map(|x| (x + 3.0).ln()).sum();
    logarithm_near_one(maximize sum(log1p(x / 3))) = |x| x.map(|x| (x / 3.0).ln_1p()).sum();
    entropy(maximize sum(entr(x + 3))) = |x| x.map(|x| -(x + 3.0) * (x + 3.0).ln()).sum();
    relative_entropy(minimize sum(rel_entr(x + 3, 2 - x / 2))) = |x| {
        x.map(|x| (x + 3.0) * ((x + 3.0) / (2.0 - x / 2.0)).ln()).sum()
    };
    divergence(minimize sum(kl_div(x + 3, 2 - x / 2))) = |x| {
        x.map(|x| (x + 3.0) * ((x + 3.0) / (2.0 - x / 2.0)).ln() - (x + 3.0) + 2.0 - x / 2.0).sum()
    };
    logistic_loss(minimize sum(logistic(2 * x))) = |x| x.map(|x| (2.0 * x).exp().ln_1p()).sum();
    soft_maximum(minimize log_sum_exp(x)) = |x| x.map(f64::exp).sum().ln();
    soft_maximum_of_a_product(minimize log_sum_exp(x * ones(1, 2))) = |x| (2.0 * x.map(f64::exp).sum()).ln();
    exponential_of_a_norm(minimize exp(norm2(x) / 2)) = |x| (x.norm() / 2.0).exp();
    logarithm_of_a_minimum(maximize log(min(x) + 3)) = |x| (x.min() + 3.0).ln();
    three_halves(minimize sum(power(x + 3, 1.5))) = |x| x.map(|x| (x + 3.0).powf(1.5)).sum();
    cube(minimize sum(power(x + 3, 3))) = |x| x.map(|x| (x + 3.0).powi(3)).sum();
    fourth_power(minimize sum(power(x, 4))) = |x| x.map(|x| x.powi(4)).sum();
    third_root(maximize sum(power(x + 3, 1 / 3))) = |x| x.map(|x| (x + 3.0).cbrt()).sum();
    inverse_power(minimize sum(power(x + 3, -2.5))) = |x| x.map(|x| (x + 3.0).powf(-2.5)).sum();
    square_power(minimize sum(power(x, 2))) = |x| sum_squares(x);
    fourth_power_of_a_norm(minimize power(norm2(x), 4)) = |x| x.norm().powi(4);
    three_norm(minimize pnorm(x, 3)) = |x| x.map(|x| x.abs().powi(3)).sum().cbrt();
    norm_of_a_fraction(minimize pnorm(2 * x, 1.2)) = |x| x.map(|x| (2.0 * x).abs().powf(1.2)).sum().powf(1.0 / 1.2);
    half_norm(maximize pnorm(x + 3, 0.5)) = |x| x.map(|x| (x + 3.0).sqrt()).sum().powi(2);
    negative_norm(maximize pnorm(x + 3, -1.5)) = |x| x.map(|x| (x + 3.0).powf(-1.5)).sum().powf(-1.0 / 1.5);
    geometric_mean(maximize geo_mean(x + 3)) = |x| x.map(|x| (x + 3.0).ln()).mean().exp();
    geometric_mean_of_two(maximize geo_mean(x[0..2] + 3)) = |x| ((x[0] + 3.0) * (x[1] + 3.0)).sqrt();
    geometric_mean_of_one(maximize geo_mean(x[0] + 3)) = |x| x[0] + 3.0;
    weighted_mean(maximize geo_mean(x[1..4] + 3, [1, 0.5, 2.5])) = |x| {
        ((x[1] + 3.0).ln() + 0.5 * (x[2] + 3.0).ln() + 2.5 * (x[3] + 3.0).ln()).mul_add(0.25, 0.0).exp()
    };
    norm_of_a_stack(minimize norm2(vstack(1, x, 2 * x))) = |x| (1.0 + 5.0 * sum_squares(x)).sqrt();
    squares_of_a_stack(minimize sum_squares(hstack(x, diag(x)))) = |x| 2.0 * sum_squares(x);

    two_largest(minimize sum_largest(x, 2)) = |x| tail(x, 2.0);
    two_and_a_half_largest(minimize sum_largest(x, 2.5)) = |x| tail(x, 2.5);
    all_but_one(minimize sum_largest(x, n - 1)) = |x| tail(x, 3.0);
    half_of_them(minimize sum_largest(x, n / 2)) = |x| tail(x, 2.0);
    a_third_of_them(maximize sum_smallest(x, (n + 1) / 3)) = |x| -tail(&-x, 5.0 / 3.0);
    less_than_one(minimize sum_largest(x, 1 / 2)) = |x| tail(x, 0.5);
    two_smallest(maximize sum_smallest(x, 2)) = |x| -tail(&-x, 2.0);
    half_the_smallest(maximize sum_smallest(x, 2.5)) = |x| -tail(&-x, 2.5);
    upper_half(minimize cvar(x, 0.5)) = |x| tail(x, 2.0) / 2.0;
    upper_tail(minimize cvar(x, 0.3)) = |x| tail(x, 2.8) / 2.8;
    all_of_the_tail(minimize cvar(x, 0)) = |x| x.mean();
    huber_of_one(minimize sum(huber(x))) = |x| x.map(|x| huber(x, 1.0)).sum();
    huber_in_a_cone(minimize max(huber(x, 0.5))) = |x| x.map(|x| huber(x, 0.5)).max();
    huber_of_a_parameter(minimize sum(huber(x, norm1(p) / 5))) = |x| x.map(|y| huber(y, norm1(x) / 5.0)).sum();
    huber_of_many(minimize 2 * sum(huber(x, abs(p) + 1)) - 1) = |x| 2.0 * sum_squares(x) - 1.0;
    huber_of_a_product(minimize sum(huber([[1, 2, 3, 4], [0, 1, 0, -1]] * x[0..4]))) = |x| {
        huber(x[0] + 2.0 * x[1] + 3.0 * x[2] + 4.0 * x[3], 1.0) + huber(x[1] - x[3], 1.0)
    };
    squares_over_a_number(minimize quad_over_lin(x, 3)) = |x| sum_squares(x) / 3.0;
    squares_over_a_parameter(minimize quad_over_lin(x, norm1(p))) = |x| sum_squares(x) / norm1(x);
    squares_over_concave(minimize quad_over_lin(x, sum(sqrt(x + 3)))) = |x| {
        sum_squares(x) / x.map(|x| (x + 3.0).sqrt()).sum()
    };
    variance(minimize var(x)) = |x| x.variance();
    variance_in_a_cone(minimize maximum(var(x), 1)) = |x| x.variance();
    deviation(minimize std(x)) = |x| x.variance().sqrt();
    norm_of_two(minimize norm(x) + norm(x.T, 2)) = |x| 2.0 * x.norm();
    norm_of_one(minimize norm(x, 1)) = |x| norm1(x);
    norm_of_infinity(minimize norm(x, inf)) = |x| x.amax();
    frobenius_norm(minimize norm_fro(x * [[1, 2]])) = |x| 5.0_f64.sqrt() * x.norm();
    sum_of_row_norms(minimize mixed_norm(x * [[1, 2]], 2, 1)) = |x| 5.0_f64.sqrt() * norm1(x);
    largest_of_row_sums(minimize mixed_norm(x * [[1, -2]], 1, inf)) = |x| 3.0 * x.amax();
    norm_of_row_largest(minimize mixed_norm(x * [[1, -2]], inf, 2)) = |x| 2.0 * x.norm();
    variation(minimize tv(x)) = |x| (1..4).map(|i| (x[i] - x[i - 1]).abs()).sum();
    variation_of_an_image(minimize tv(x * [[1, 2, -1]])) = |x| {
        let steps = |i: usize, step: f64| (x[i + 1] - x[i]).hypot(step * x[i]);
        (0..3).map(|i| steps(i, 1.0)).sum::<f64>() + (0..3).map(|i| (2.0 * (x[i + 1] - x[i])).hypot(3.0 * x[i])).sum::<f64>()
    };
    powers(minimize sum(power(x, 2) + power(x + 3, -1) + power(x, 0) + power(x, 1))) = |x| {
        sum_squares(x) + x.map(|x| 1.0 / (x + 3.0)).sum() + 4.0 + x.sum()
    };
    root_as_a_power(maximize sum(power(x + 3, 0.5))) = |x| x.map(|x| (x + 3.0).sqrt()).sum();
    mean_of_inverses(maximize harmonic_mean(x + 3)) = |x| 4.0 / x.map(|x| 1.0 / (x + 3.0)).sum();

    largest_of_columns(minimize sum(max(reshape(x[0..4], [2, 2]), axis = 0))) = |x| x[0].max(x[1]) + x[2].max(x[3]);
    smallest_of_rows(maximize sum(min(reshape(x[0..4], [2, 2]), axis = 1))) = |x| x[0].min(x[2]) + x[1].min(x[3]);
    norms_of_rows(minimize dot([1, 2], norm2(reshape(x[0..4], [2, 2]), axis = 1))) = |x| {
        x[0].hypot(x[2]) + 2.0 * x[1].hypot(x[3])
    };
    one_norms_of_columns(minimize norm_inf(norm1(x * [[1, -3]], axis = 0))) = |x| 3.0 * norm1(x);
    infinity_norms_of_rows(minimize norm2(norm(x * [[1, -3]], inf, axis = 1))) = |x| 3.0 * x.norm();
    squares_of_columns(minimize sum_squares(x * [[1, -3]], axis = 0) * [2, 1]) = |x| 11.0 * sum_squares(x);
    squares_of_columns_in_cones(minimize max(sum_squares(x * [[1, -3]], axis = 0))) = |x| 9.0 * sum_squares(x);
    largest_of_each_column(minimize sum(sum_largest(x * [[1, -1]], 2, axis = 0))) = |x| tail(x, 2.0) + tail(&-x, 2.0);
    variances_of_columns(minimize sum(var(x * [[1, -3]], axis = 0))) = |x| 10.0 * x.variance();
    rows_of_a_column(minimize sum(norm2(x, axis = 1)) + max(x, axis = 0)) = |x| norm1(x) + x.max();

    sign_change(maximize -norm1(-x)) = |x| -norm1(x);

    square_of_a_magnitude(minimize sum(square(abs(x)))) = |x| sum_squares(x);
    square_of_a_norm(minimize square(norm2(x))) = |x| sum_squares(x);
    norm_of_squares(minimize norm2(square(x))) = |x| x.map(|x| x * x).norm();
    magnitude_of_a_nonpos_concave(minimize sum(abs(-square(x)))) = |x| sum_squares(x);
    largest_of_norms(minimize maximum(norm1(x), 2 * norm2(x), 1)) = |x| norm1(x).max(2.0 * x.norm()).max(1.0);
    positive_part_of_convex(minimize pos(norm_inf(x) - 1)) = |x| pos(x.amax() - 1.0);
    negative_part_of_concave(minimize neg(min(x))) = |x| pos(-x.min());
    smaller_of_concave(maximize minimum(min(x), -norm1(x))) = |x| x.min().min(-norm1(x));
    convex_minus_concave(minimize norm1(x) - min(x)) = |x| norm1(x) - x.min();
    weighted_squares(minimize sum(square(p)) + sum(square(x - 1) / 2)) = |x| {
        sum_squares(x) + x.map(|x| (x - 1.0) * (x - 1.0) / 2.0).sum()
    };

    columns_in_every_turn(minimize sum(i in 0..n, sum(norm_inf(x * [[1, -i]], axis = 0)))) = |x| 10.0 * x.amax();
    squares_over_a_number_in_a_cone(minimize maximum(quad_over_lin(x, 3), 1)) = |x| sum_squares(x) / 3.0;
    huber_and_more_in_a_cone(minimize maximum(sum(huber(x, 2)) + norm1(x), norm1(x))) = |x| {
        x.map(|x| huber(x, 2.0)).sum() + norm1(x)
    };
    frobenius_norm_of_nonpos_concave(minimize norm_fro(-abs(x))) = |x| x.norm();
    inverse_of_concave(minimize sum(power(sqrt(x + 3), -1))) = |x| x.map(|x| (x + 3.0).sqrt().recip()).sum();
    tail_of_convex(minimize cvar(square(x), 0.5)) = |x| tail(&x.map(|x| x * x), 2.0) / 2.0;
    largest_of_convex(minimize sum_largest(abs(x), 2)) = |x| tail(&x.abs(), 2.0);
    smallest_of_concave(maximize sum_smallest(-square(x), 2)) = |x| -tail(&x.map(|x| x * x), 2.0);
    huber_of_convex(minimize sum(huber(square(x), 0.5))) = |x| x.map(|x| huber(x * x, 0.5)).sum();
    huber_of_a_nonpos_concave(minimize sum(huber(-abs(x), 2))) = |x| x.map(|x| huber(x, 2.0)).sum();
    squares_of_convex_over_concave(minimize quad_over_lin(abs(x), sum(sqrt(x + 3)))) = |x| {
        sum_squares(x) / x.map(|x| (x + 3.0).sqrt()).sum()
    };
    squares_of_nonpos_concave_over(minimize quad_over_lin(-square(x), 2)) = |x| x.map(|x| x.powi(4)).sum() / 2.0;
    frobenius_norm_of_convex(minimize norm_fro(square(x))) = |x| x.map(|x| x * x).norm();
    mixed_norm_of_convex(minimize mixed_norm(abs(x) * [[1, 2]], 1, 2)) = |x| 3.0 * x.norm();
    mean_of_inverses_of_concave(maximize harmonic_mean(sqrt(x + 3))) = |x| {
        4.0 / x.map(|x| (x + 3.0).sqrt().recip()).sum()
    };
    convex_of_largest_of_columns(minimize norm2(max(abs(x * [[1, 2]]), axis = 0))) = |x| 5.0_f64.sqrt() * x.amax();
}

cvxlayers::cvx! {
    problem Ties(n) {
        param p: [n];
        var x;
        minimize square(x - sum_largest(p, 2.5));
    }
}

cvxlayers::cvx! {
    problem Mean {
        param least;
        var x;
        minimize x;
        subject_to { geo_mean(x) >= least; }
    }
}

/// The mean of a negative number is none, also where nothing else is in it.
#[test]
fn the_mean_of_one_entry_is_of_a_nonneg_one() -> Result<(), cvxlayers::Error> {
    let mut problem = Mean::new()?.with_settings(tight());
    for (least, x) in [(-5.0, 0.0), (2.0, 2.0)] {
        assert_close("the least", &[problem.solve(&MeanParams { least })?.vars.x], &[x], 1e-7);
    }
    Ok(())
}

cvxlayers::cvx! {
    problem SparseSpread(n) {
        param a: [n, n] sparse;
        param p: [n];
        var x: [n];
        minimize sum_squares(x - std(a, axis = 1) - norm2(a, axis = 1) - p);
    }
}

/// The sums of squares come from stored entries, and their difference may be less than zero.
#[test]
fn sparse_rows_without_deviation() -> Result<(), cvxlayers::Error> {
    let mut triplets = cvxlayers::sprs::TriMat::new((7, 7));
    for i in 0..7 {
        for j in 0..7 {
            triplets.add_triplet(i, j, 0.1 * (i + 1) as f64);
        }
    }
    let a = triplets.to_csc();
    let mut problem = SparseSpread::new(SparseSpreadDims { n: 7 }, SparseSpreadData { a: a.clone() })?;
    let solution = problem.solve(&SparseSpreadParams {
        a,
        p: DVector::zeros(7),
    })?;
    let expected: Vec<_> = (1..=7).map(|i| 0.1 * f64::from(i) * 7.0_f64.sqrt()).collect();
    assert_close("norms", solution.vars.x.as_slice(), &expected, 1e-6);
    Ok(())
}

#[test]
fn ties_share_a_subgradient() -> Result<(), cvxlayers::Error> {
    let mut problem = Ties::new(TiesDims { n: 5 })?.with_settings(tight());
    let p = DVector::from_column_slice(&[1.0, 3.0, 1.0, 1.0, 0.0]);
    let solution = problem.solve(&TiesParams { p })?;
    assert_close("value", &[solution.vars.x], &[4.5], 1e-9);
    let slope = solution.vjp(&TiesVars { x: 1.0 })?.p;
    assert_close(
        "the largest and none of the smallest",
        &[slope[1], slope[4]],
        &[1.0, 0.0],
        1e-9,
    );
    assert_close("the share of the tied", &[slope[0] + slope[2] + slope[3]], &[1.5], 1e-9);
    Ok(())
}

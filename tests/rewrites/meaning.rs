//! Rewrites at fixed points: each means what was meant.

use cvxlayers::{Error, cvx};
use cvxlayers_tests::{assert_close, tight};
use nalgebra::{DVector, vector};

/// A rewritten expression at a fixed point, and its value there.
macro_rules! rewritten {
    ($($name:ident($sense:ident $($expression:tt)*) = |$x:ident, $y:ident| $value:expr;)*) => {
        $(mod $name {
            use super::*;

            cvx! {
                problem Rewritten(n) {
                    param p;
                    param q: [n];
                    var x: nonneg;
                    var y: [n] nonneg;
                    $sense $($expression)* + 0 * (x + sum(y));
                    subject_to { x == p; y == q; }
                }
            }

            #[test]
            fn means_what_was_meant() -> Result<(), Error> {
                let mut problem = Rewritten::new(RewrittenDims { n: 3 })?.with_settings(tight());
                let ($x, $y): (f64, DVector<f64>) = (1.3, DVector::from_vec(vec![0.7, 1.9, 0.4]));
                let solution = problem.solve(&RewrittenParams { p: $x, q: $y.clone() })?;
                assert_close("value", &[solution.objective], &[$value], 1e-7);
                Ok(())
            }
        })*
    };
}

rewritten! {
    square_of_a_scalar(minimize square(x)) = |x, y| x * x + 0.0 * y[0];
    inner_product_with_itself(minimize sum_squares(y)) = |x, y| y.dot(&y) + 0.0 * x;
    root_of_a_square(minimize abs(x)) = |x, y| (x * x).sqrt() + 0.0 * y[0];
    root_of_one_and_a_square(minimize norm2(vstack(1, x))) = |x, y| (1.0 + x * x).sqrt() + 0.0 * y[0];
    root_of_a_sum_of_squares(minimize norm2(y)) = |x, y| y.norm_squared().sqrt() + 0.0 * x;
    root_of_several(minimize norm2(vstack(2, y, x))) = |x, y| (4.0 + y.norm_squared() + x * x).sqrt();
    logarithm_of_a_sum(minimize log_sum_exp(y)) = |x, y| y.map(f64::exp).sum().ln() + 0.0 * x;
    logarithm_of_one_more(minimize logistic(y[0])) = |x, y| (1.0 + y[0].exp()).ln() + 0.0 * x;
    logarithm_of_two(minimize log_sum_exp(vstack(y[0], 2 * y[1]))) = |x, y| {
        (y[0].exp() + (2.0 * y[1]).exp()).ln() + 0.0 * x
    };
    inverse(minimize inv_pos(x)) = |x, y| 1.0 / x + 0.0 * y[0];
    weighted_inverse(minimize 3 * inv_pos(x)) = |x, y| 3.0 / x + 0.0 * y[0];
    squares_over_a_variable(minimize quad_over_lin(y, x)) = |x, y| y.norm_squared() / x;
    grows_as_the_product(maximize geo_mean(vstack(x, y[0]))) = |x, y| (x * y[0]).sqrt();
    sum_of_the_largest_magnitudes(minimize sum_largest(abs(y), 2)) = |x, y| y[1] + y[0] + 0.0 * x;
    peak_to_peak(minimize max(y) - min(y)) = |x, y| y.max() - y.min() + 0.0 * x;
    form_of_a_factor(minimize sum_squares(q.T * y)) = |x, y| y.dot(&y).powi(2) + 0.0 * x;
    root_of_a_sum_of_squares_of_a_matrix(minimize norm_fro(x * eye(n))) = |x, y| x * 3f64.sqrt() + 0.0 * y[0];
    stacked_with_a_matrix(minimize norm2(vstack(1, norm_fro(x * eye(n))))) = |x, y| {
        (1.0 + 3.0 * x * x).sqrt() + 0.0 * y[0]
    };
    many_inverses(minimize sum(inv_pos(y))) = |x, y| y.map(|y| 1.0 / y).sum() + 0.0 * x;
}

cvx! {
    /// `x == norm2(y)` relaxed: tight, because the objective pushes.
    problem Relaxed {
        param p: [2];
        var x;
        minimize x;
        subject_to { x >= norm2(p); }
    }

    problem Form {
        param p: [2, 2] psd;
        param c: [2];
        var x: [2];
        minimize quad_form(x - c, p) + x[0];
    }
}

#[test]
fn a_relaxed_equality_is_tight() -> Result<(), Error> {
    let mut problem = Relaxed::new()?.with_settings(tight());
    let solution = problem.solve(&RelaxedParams { p: vector![3.0, 4.0] })?;
    assert_close("x", &[solution.vars.x], &[5.0], 1e-9);
    let mut problem = Form::new()?.with_settings(tight());
    let params = FormParams {
        p: nalgebra::matrix![2.0, 0.0; 0.0, 1.0],
        c: vector![1.0, -1.0],
    };
    assert_close("x", problem.solve(&params)?.vars.x.as_slice(), &[0.75, -1.0], 1e-9);
    Ok(())
}

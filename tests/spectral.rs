//! Atoms of matrices against eigenvalues and singular values, with the slopes of their values and the derivatives of points.
#![allow(missing_docs)]

use cvxlayers::{Error, cvx};
use cvxlayers_tests::{assert_close, check_derivatives, check_objective_derivatives, random_matrix, tight};
use nalgebra::DMatrix;
use rand::SeedableRng;
use rand::rngs::StdRng;

/// Of a symmetric matrix, positive definite with eigenvalues that are apart.
fn definite(n: usize) -> DMatrix<f64> {
    let a = random_matrix(n, n, &mut StdRng::seed_from_u64(9));
    &a * a.transpose() + DMatrix::identity(n, n) * 0.5
}

fn eigenvalues(x: &DMatrix<f64>) -> Vec<f64> {
    let mut values: Vec<f64> = x.clone().symmetric_eigen().eigenvalues.iter().copied().collect();
    values.sort_by(f64::total_cmp);
    values
}

macro_rules! spectral {
    ($($name:ident($sense:ident $($expression:tt)*) = |$x:ident| $value:expr;)*) => {
        $(mod $name {
            use super::*;

            cvx! {
                problem Value(n) {
                    param p: [n, n] symmetric;
                    var x: [n, n] symmetric;
                    $sense $($expression)*;
                    subject_to { x == p; }
                }
            }

            #[test]
            fn value_and_slope() -> Result<(), Error> {
                let n = 3;
                let mut problem = Value::new(ValueDims { n })?.with_settings(tight());
                let params = ValueParams { p: definite(n) };
                let solution = problem.solve(&params)?;
                let arithmetic = |$x: &DMatrix<f64>| -> f64 { $value };
                assert_close("value", &[solution.objective], &[arithmetic(&params.p)], 1e-7);
                check_objective_derivatives(&mut problem, &params, |_| {}, 1e-6)
            }
        })*
    };
}

/// The point that trades the atom for the distance from `p`.
macro_rules! near {
    ($($name:ident($sense:ident $sign:tt $($expression:tt)*);)*) => {
        $(mod $name {
            use super::*;

            cvx! {
                problem Near(n) {
                    param p: [n, n] symmetric;
                    var x: [n, n] symmetric;
                    $sense $($expression)* $sign 2 * sum_squares(x - p);
                }
            }

            #[test]
            fn derivatives() -> Result<(), Error> {
                let n = 3;
                let mut problem = Near::new(NearDims { n })?.with_settings(tight());
                check_derivatives(&mut problem, &NearParams { p: definite(n) }, |_| {}, 2e-6)
            }
        })*
    };
}

spectral! {
    largest(minimize lambda_max(x)) = |x| *eigenvalues(x).last().expect("three");
    smallest(maximize lambda_min(x)) = |x| eigenvalues(x)[0];
    two_largest(minimize lambda_sum_largest(x, 2)) = |x| eigenvalues(x)[1..].iter().sum();
    two_smallest(maximize lambda_sum_smallest(x, 2)) = |x| eigenvalues(x)[..2].iter().sum();
    spectral_norm(minimize sigma_max(x[0..2, ..] + 1)) = |x| (x.rows(0, 2).add_scalar(1.0)).singular_values().max();
    nuclear_norm(minimize norm_nuc(x[0..2, ..] - 1)) = |x| (x.rows(0, 2).add_scalar(-1.0)).singular_values().sum();
    determinant(maximize log_det(x)) = |x| x.determinant().ln();
    fraction(minimize matrix_frac(ones(n, 2) + x[.., 0..2], x + eye(n))) = |x| {
        let y = x.columns(0, 2).add_scalar(1.0);
        let inverse = (x + DMatrix::identity(3, 3)).try_inverse().expect("definite");
        (y.transpose() * inverse * y).trace()
    };
    fraction_of_a_vector(minimize matrix_frac(x[.., 1], x)) = |x| { let y = x.column(1); y.dot(&(x.clone().try_inverse().expect("definite") * y)) };
    inverse(minimize tr_inv(x)) = |x| x.clone().try_inverse().expect("definite").trace();
    larger_of_two(minimize maximum(lambda_max(x), norm_nuc(2 * x))) = |x| 2.0 * eigenvalues(x).iter().sum::<f64>();
    of_each_turn(minimize sum(i in 0..2, norm_nuc(x - i * eye(n)) + matrix_frac(x[.., i], x))) = |x| {
        let norm = |i: f64| (x - DMatrix::identity(3, 3) * i).singular_values().sum();
        norm(0.0) + norm(1.0) + x[(0, 0)] + x[(1, 1)]
    };
}

near! {
    near_largest(minimize + lambda_max(x));
    near_smallest(maximize - lambda_min(x));
    near_two_largest(minimize + lambda_sum_largest(x, 2));
    near_two_smallest(maximize - lambda_sum_smallest(x, 2));
    near_spectral_norm(minimize + sigma_max(x[0..2, ..] + 1));
    near_nuclear_norm(minimize + norm_nuc(x[0..2, ..] - 1));
    near_determinant(maximize - log_det(x));
    near_fraction(minimize + matrix_frac(ones(n, 2) + x[.., 0..2], x + eye(n)));
    near_fraction_of_a_vector(minimize + matrix_frac(x[.., 1], x));
    near_inverse(minimize + tr_inv(x));
    near_larger_of_two(minimize + maximum(lambda_max(x), norm_nuc(2 * x)));
    near_of_each_turn(minimize + sum(i in 0..2, norm_nuc(x - i * eye(n)) + matrix_frac(x[.., i], x)));
}

//! Affine functions: of variables as rows of `A`, of parameters as entries of `b`, against plain arithmetic.
#![allow(missing_docs)]

use cvxlayers::{Cotangent, Family, Problem, Record, cvx};
use cvxlayers_tests::{assert_close, randomize, shifted, tight};
use nalgebra::{DMatrix, DVector};
use rand::SeedableRng;
use rand::rngs::StdRng;

/// A family with `x == a`, `y == f(x)` and `z == f(a)`, and its test for two dimensions.
macro_rules! affine {
    ($name:ident, $module:ident, $from:tt -> $to:tt, |$e:ident| ($($function:tt)*), |$m:ident, $n:ident, $a:ident| $value:expr) => {
        mod $module {
            use super::*;

            cvx! {
                fn f($e) = $($function)*;

                problem Affine(m, n) {
                    param a: $from;
                    param w: [m, n];
                    var x: $from;
                    var y: $to;
                    var z: $to;
                    minimize sum_squares(x - a) + 0 * sum(w);
                    subject_to { y == f(x); z == f(a); }
                }
            }

            #[test]
            fn $name() {
                for (rows, cols) in [(1, 1), (2, 3), (3, 3), (4, 2)] {
                    let Ok(problem) = Affine::new(AffineDims { m: rows, n: cols }) else {
                        continue;
                    };
                    let expected = |params: &AffineParams| {
                        let ($m, $n, $a) = (rows, cols, params.a.clone());
                        let _ = ($m, $n);
                        let value = $value;
                        value.as_slice().to_vec()
                    };
                    linear(problem, |vars| (vars.x.as_slice(), vars.y.as_slice(), vars.z.as_slice()), expected);
                }
            }
        }
    };
}

/// Value, jvp and adjoint identity of a linear function.
fn linear<F: Family, C>(
    problem: Problem<F, C>,
    parts: impl Fn(&F::Vars) -> (&[f64], &[f64], &[f64]),
    expected: impl Fn(&F::Params) -> Vec<f64>,
) {
    let mut rng = StdRng::seed_from_u64(3);
    let mut problem = problem.with_settings(tight());
    let (mut params, mut direction) = (problem.zero_params(), problem.zero_params());
    let mut cotangent = problem.zero_vars();
    randomize(&mut params, F::ATTRIBUTES, &mut rng);
    randomize(&mut direction, F::ATTRIBUTES, &mut rng);
    randomize(&mut cotangent, &[], &mut rng);
    let solution = problem.solve(&params).expect("a solution");
    let (_, y, z) = parts(&solution.vars);
    assert_close("of variables", y, &expected(&params), 1e-7);
    assert_close("of parameters", z, &expected(&params), 1e-7);
    let tangent = solution.jvp(&direction).expect("a tangent");
    let gradient = solution.vjp(Cotangent::vars(&cotangent)).expect("a gradient");
    let slope: Vec<f64> = expected(&shifted(&params, 1.0, &direction))
        .iter()
        .zip(expected(&params))
        .map(|(above, here)| above - here)
        .collect();
    let (_, dy, dz) = parts(&tangent);
    assert_close("tangent of variables", dy, &slope, 1e-6);
    assert_close("tangent of parameters", dz, &slope, 1e-6);
    let (left, right) = (cotangent.dot(&tangent), gradient.dot(&direction));
    assert_close("adjoint identity", &[left], &[right], 1e-8);
}

affine!(vertical_stacks, vstack, [m, n] -> [2 * m + 1, n], |x| (vstack(x, ones(1, n), -2 * x)), |m, n, a| {
    let mut stack = DMatrix::repeat(2 * m + 1, n, 1.0);
    stack.rows_mut(0, m).copy_from(&a);
    stack.rows_mut(m + 1, m).copy_from(&(-2.0 * a));
    stack
});

affine!(horizontal_stacks, hstack, [m, n] -> [m, n + 3], |x| (hstack(x[.., 0], x, 3 * x[.., n - 1], zeros(m))), |m, n, a| {
    let mut stack = DMatrix::zeros(m, n + 3);
    stack.column_mut(0).copy_from(&a.column(0));
    stack.columns_mut(1, n).copy_from(&a);
    stack.column_mut(n + 1).copy_from(&(3.0 * a.column(n - 1)));
    stack
});

affine!(blocks_of_blocks, block, [m, n] -> [2 * m, 2 * n], |x| (block([[x, 2 * x], [-x, ones(m, n)]])), |m, n, a| {
    let mut stack = DMatrix::repeat(2 * m, 2 * n, 1.0);
    stack.view_mut((0, 0), (m, n)).copy_from(&a);
    stack.view_mut((0, n), (m, n)).copy_from(&(2.0 * &a));
    stack.view_mut((m, 0), (m, n)).copy_from(&-a);
    stack
});

affine!(slices_of_stacks, slice, [m, n] -> [m + 1, n], |x| (vstack(x, x)[m - 1..2 * m, ..]), |m, n, a| {
    let mut stack = DMatrix::zeros(2 * m, n);
    stack.rows_mut(0, m).copy_from(&a);
    stack.rows_mut(m, m).copy_from(&a);
    stack.rows(m - 1, m + 1).into_owned()
});

affine!(products_with_stacks, product, [m, n] -> [n, n], |x| (ones(n, 2 * m) * vstack(x, 2 * x)), |m, n, a| {
    DMatrix::repeat(n, m, 3.0) * a
});

affine!(diagonal_matrices, to_diagonal, [n] -> [n, n], |x| (2 * diag(x) + eye(n)), |m, n, a| {
    DMatrix::from_diagonal(&(2.0 * a)) + DMatrix::identity(n, n)
});

affine!(diagonals, from_diagonal, [n, n] -> [n], |x| (diag(x - 2 * x.T)), |m, n, a| -a.diagonal());

affine!(products_with_diagonals, scaled, [n, m] -> [n, m], |x| ((3 * eye(n)) * x + x * diag(ones(m))), |m, n, a| 4.0 * a);

affine!(traces, trace, [n, n] -> [1], |x| (2 * trace(ones(n, n) * x)), |m, n, a| DVector::repeat(1, 2.0 * a.sum()));

affine!(differences, diff, [m + 1, n] -> [m, n], |x| (diff(x)), |m, n, a| {
    a.rows(1, m) - a.rows(0, m)
});

affine!(differences_along_a_row, diff_row, [n + 2] -> [1, n], |x| (diff(diff(x.T))), |m, n, a| {
    DMatrix::from_fn(1, n, |_, j| a[j + 2] - 2.0 * a[j + 1] + a[j])
});

affine!(cumulative_sums, cumsum, [m, n] -> [m, n], |x| (cumsum(2 * x)), |m, n, a| {
    DMatrix::from_fn(m, n, |i, j| 2.0 * a.view((0, j), (i + 1, 1)).sum())
});

affine!(sums_down_the_rows, sum_rows, [m, n] -> [1, n], |x| (sum(x, axis = 0)), |m, n, a| a.row_sum());

affine!(sums_along_the_columns, sum_cols, [m, n] -> [m], |x| (sum(x, axis = 1)), |m, n, a| a.column_sum());

affine!(means, mean, [m, n] -> [1, n + 1], |x| (hstack(mean(x), mean(x, axis = 0))), |m, n, a| {
    let means = a.row_mean();
    DMatrix::from_fn(1, n + 1, |_, j| if j == 0 { a.mean() } else { means[j - 1] })
});

affine!(vectors_of_matrices, vec, [m, n] -> [m * n], |x| (vec(2 * x + ones(m, n))), |m, n, a| {
    DVector::from_iterator(m * n, a.iter().map(|entry| 2.0 * entry + 1.0))
});

affine!(other_shapes, reshape, [m, n] -> [n, m], |x| (reshape(x, [n, m])), |m, n, a| {
    DMatrix::from_column_slice(n, m, a.as_slice())
});

affine!(kronecker_products, kron, [m, n] -> [2 * m, 3 * n], |x| (kron([[1, 2, 3], [4, 5, 6]], x)), |m, n, a| {
    DMatrix::from_row_slice(2, 3, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).kronecker(&a)
});

affine!(convolutions, conv, [n] -> [n + 2], |x| (conv([1, -2, 4], x)), |m, n, a| {
    let kernel = [1.0, -2.0, 4.0];
    DVector::from_fn(n + 2, |k, _| (0..3).filter(|i| k >= *i && k - i < n).map(|i| kernel[i] * a[k - i]).sum())
});

affine!(outer_products, outer, [n] -> [n, m], |x| (outer(x, 2 * ones(m))), |m, n, a| {
    DMatrix::from_fn(n, m, |i, _| 2.0 * a[i])
});

affine!(upper_triangles, upper_tri, [4, 4] -> [6], |x| (upper_tri(x)), |m, n, a| {
    let order = (0..4).flat_map(|i| (i + 1..4).map(move |j| (i, j)));
    DVector::from_iterator(6, order.map(|place| a[place]))
});

affine!(literal_arrays, literal, [3, n] -> [2, n], |x| ([[1, -2, 0.5], [0, 3, 1]] * x), |m, n, a| {
    DMatrix::from_row_slice(2, 3, &[1.0, -2.0, 0.5, 0.0, 3.0, 1.0]) * a
});

affine!(arrays_of_entries, array, [n] -> [2, 2], |x| ([[x[0], 2], [sum(x), -x[n - 1]]]), |m, n, a| {
    DMatrix::from_row_slice(2, 2, &[a[0], 2.0, a.sum(), -a[n - 1]])
});

affine!(rows_broadcast, rows_broadcast, [m, n] -> [m, n], |e| (e - 2 * e[0, ..]), |m, n, a| {
    DMatrix::from_fn(m, n, |i, j| a[(i, j)] - 2.0 * a[(0, j)])
});
affine!(columns_broadcast, columns_broadcast, [m, n] -> [m, n], |e| (e[.., n - 1] + e + multiply(ones(m), e)), |m, n, a| {
    DMatrix::from_fn(m, n, |i, j| 2.0 * a[(i, j)] + a[(i, n - 1)])
});

affine!(scalars_are_divided, scalars_are_divided, [m, n] -> [m, n], |e| (sum(e) / (2 * ones(m, n))), |m, n, a| {
    DMatrix::repeat(m, n, a.sum() / 2.0)
});

affine!(to_upper_triangles, to_upper_triangles, [m, n] -> [m, m], |e| (vec_to_upper_tri(upper_tri(e * ones(n, m)), m)), |m, n, a| {
    let _ = n;
    DMatrix::from_fn(m, m, |i, j| if i < j { a.row(i).sum() } else { 0.0 })
});

mod broadcast {
    use super::*;

    cvx! {
        problem Broadcast(m, n) {
            param a: [m, n];
            param column: [m];
            param row: [1, n];
            var x: [m, n];
            var y: [m, n];
            minimize sum_squares(x - a) + sum(maximum(x, 0.1 * column, row)) + sum_squares(y - a / (2 + square(row)));
            subject_to { upper: x <= column + 1; multiply(row, y) >= column - 2; }
        }

        problem Written(m, n) {
            param a: [m, n];
            param column: [m];
            param row: [1, n];
            var x: [m, n];
            var y: [m, n];
            minimize sum_squares(x - a) + sum(maximum(x, 0.1 * column * ones(1, n), ones(m) * row))
                + sum_squares(y - a / (2 + square(ones(m) * row)));
            subject_to {
                upper: x <= column * ones(1, n) + 1;
                multiply(ones(m) * row, y) >= column * ones(1, n) - 2;
            }
        }
    }

    #[test]
    fn a_row_and_a_column_stand_for_a_matrix() -> Result<(), cvxlayers::Error> {
        let mut problem = Broadcast::new(BroadcastDims { m: 3, n: 2 })?.with_settings(tight());
        let mut written = Written::new(WrittenDims { m: 3, n: 2 })?.with_settings(tight());
        let mut params = problem.zero_params();
        randomize(&mut params, &[], &mut StdRng::seed_from_u64(8));
        let BroadcastParams { a, column, row } = params.clone();
        let expected = written.solve(&WrittenParams { a, column, row })?;
        let solution = problem.solve(&params)?;
        assert_close("x", solution.vars.x.as_slice(), expected.vars.x.as_slice(), 1e-8);
        assert_close("y", solution.vars.y.as_slice(), expected.vars.y.as_slice(), 1e-8);
        assert_close(
            "upper",
            solution.duals.upper.as_slice(),
            expected.duals.upper.as_slice(),
            1e-7,
        );
        cvxlayers_tests::check_derivatives(&mut problem, &params, |_| {}, 1e-5)
    }
}

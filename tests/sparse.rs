//! Sparse parameters and data: the cone program and the derivatives of their dense twins, at the cost of what is stored.
#![allow(missing_docs)]

use cvxlayers::sprs::{CsMat, TriMat};
use cvxlayers::{Argument, Error, cvx};
use cvxlayers_tests::{assert_close, check_derivatives, flat, randomize, tight};
use nalgebra::{DMatrix, DVector};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// A matrix of which about a third is stored, by columns or by rows.
fn random_sparse(rows: usize, cols: usize, rng: &mut StdRng) -> CsMat<f64> {
    let mut entries = TriMat::new((rows, cols));
    for col in 0..cols {
        for row in 0..rows {
            if rng.random::<f64>() < 0.4 {
                entries.add_triplet(row, col, rng.random_range(-1.0..1.0));
            }
        }
    }
    if rng.random::<bool>() {
        entries.to_csc()
    } else {
        entries.to_csr()
    }
}

fn dense(matrix: &CsMat<f64>) -> DMatrix<f64> {
    let mut dense = DMatrix::zeros(matrix.rows(), matrix.cols());
    for (value, (row, col)) in matrix {
        dense[(row, col)] = *value;
    }
    dense
}

/// A family over a sparse parameter and the same over a dense one, and the test that they agree. `stored`: whether `A`
/// has no more entries than there are stored ones, besides those that do not come from the parameter.
macro_rules! twins {
    ($name:ident, $module:ident, stored: $stored:expr, { minimize $($objective:tt)* } { $($constraints:tt)* }) => {
        mod $module {
            use super::*;

            cvx! {
                problem Sparse(m, n) {
                    param a: [m, n] sparse;
                    param p: [n];
                    param q: [m];
                    param g;
                    var x: [n];
                    var y: [m];
                    var z: [m, n];
                    minimize 0 * (sum(p) + sum(q) + g) + $($objective)*;
                    subject_to { $($constraints)* }
                }

                problem Dense(m, n) {
                    param a: [m, n];
                    param p: [n];
                    param q: [m];
                    param g;
                    var x: [n];
                    var y: [m];
                    var z: [m, n];
                    minimize 0 * (sum(p) + sum(q) + g) + $($objective)*;
                    subject_to { $($constraints)* }
                }
            }

            #[test]
            fn $name() -> Result<(), Error> {
                let mut rng = StdRng::seed_from_u64(11);
                for (m, n) in [(4, 6), (5, 5), (7, 3), (2, 2), (5, 4)] {
                    let a = random_sparse(m, n, &mut rng);
                    let mut sparse = Sparse::new(SparseDims { m, n }, SparseData { a: a.clone() })?.with_settings(tight());
                    let mut full = Dense::new(DenseDims { m, n })?.with_settings(tight());
                    let (mut params, mut direction) = (sparse.zero_params(), sparse.zero_params());
                    randomize(&mut params, &[Default::default(); 4], &mut rng);
                    randomize(&mut direction, &[Default::default(); 4], &mut rng);
                    let to_dense = |params: &SparseParams| DenseParams {
                        a: dense(&params.a),
                        p: params.p.clone(),
                        q: params.q.clone(),
                        g: params.g,
                    };

                    let (program, expected) = (sparse.program(&params)?, full.program(&to_dense(&params))?);
                    assert_eq!(program.p.to_dense(), expected.p.to_dense());
                    assert_eq!(program.a.to_dense(), expected.a.to_dense());
                    assert_close("q", &program.q, &expected.q, 1e-14);
                    assert_close("b", &program.b, &expected.b, 1e-14);
                    assert_close("r", &[program.r], &[expected.r], 1e-14);
                    if $stored {
                        let empty = SparseData { a: CsMat::zero((m, n)) };
                        let others = Sparse::new(SparseDims { m, n }, empty)?;
                        let others = others.program(&others.zero_params())?;
                        assert!(program.a.nnz() + program.p.nnz() <= others.a.nnz() + others.p.nnz() + a.nnz());
                    }

                    let solution = sparse.solve(&params)?;
                    let expected = full.solve(&to_dense(&params))?;
                    assert_close("variables", &flat(&solution.vars), &flat(&expected.vars), 1e-8);
                    let mut cotangent = sparse.zero_vars();
                    randomize(&mut cotangent, &[Default::default(); 3], &mut rng);
                    let gradient = solution.vjp(&cotangent)?;
                    let SparseVars { x, y, z } = cotangent.clone();
                    let expected_gradient = expected.vjp(&DenseVars { x, y, z })?;
                    let on_pattern = gradient.a.iter().map(|(_, (row, col))| expected_gradient.a[(row, col)]);
                    assert_close("gradient", gradient.a.data(), &on_pattern.collect::<Vec<_>>(), 1e-7);
                    assert_close("gradient", gradient.p.as_slice(), expected_gradient.p.as_slice(), 1e-7);
                    let tangent = solution.jvp(&direction)?;
                    let expected_tangent = expected.jvp(&to_dense(&direction))?;
                    assert_close("tangent", &flat(&tangent), &flat(&expected_tangent), 1e-7);
                    let (one, other) = (tangent.dot(&cotangent), direction.dot(&gradient));
                    assert!((one - other).abs() <= 1e-9 * (1.0 + one.abs()), "{one} {other}");
                }
                Ok(())
            }
        }
    };
}

twins!(product, product, stored: true,
    { minimize sum_squares(x - p) + sum_squares(y) + sum_squares(z) }
    { y == a * x - q; }
);

twins!(transposed, transposed, stored: true,
    { minimize sum_squares(x) + sum_squares(y - q) + sum_squares(z) }
    { x == a.T * y + p; }
);

twins!(slices, slices, stored: true,
    { minimize sum_squares(x - p) + sum_squares(y - q) + sum_squares(z) }
    { y[1..] == g * a[1.., ..] * x; 2 * a[0, 1..] * x[1..] <= g + 3; }
);

twins!(entrywise, entrywise, stored: true,
    { minimize sum_squares(x - p) + sum_squares(y - q) + sum_squares(z - a) }
    { multiply(a, z) <= 1; }
);

twins!(sum_of_matrices, sum_of_matrices, stored: false,
    { minimize sum_squares(x - p) + sum_squares(y) + sum_squares(z) }
    { y[0..1] == (g * (a + abs(a)) + 2 * a)[0..1, ..] * x; }
);

twins!(rows_in_a_loop, rows_in_a_loop, stored: true,
    { minimize sum_squares(x - p) + sum_squares(y) + sum_squares(z) }
    { for i in 0..m { each: y[i] == dot(a[i, ..].T, x) + q[i]; } }
);

twins!(in_the_objective, in_the_objective, stored: true,
    { minimize sum_squares(x) + sum_squares(y) + sum_squares(z) + q.T * a * x + sum(multiply(a, z)) - sum(a) }
    { x >= p - 2; }
);

twins!(norms, norms, stored: true,
    { minimize sum_squares(x - p) + sum_squares(y) + sum_squares(z) }
    { y[0] == norm1(a) + g; y[1] == norm_inf(a); x[0] == max(a) + sum_squares(a) * g; }
);

twins!(entries, entries, stored: false,
    { minimize sum_squares(x - p) + sum_squares(y) + sum_squares(z) }
    { a[0, 1] * x[0] + a[1, 0] <= 5; sum(a, axis = 0).T + exp(a[1, ..]).T <= x + 10; y >= sum(a, axis = 1); }
);

twins!(constants, constants, stored: false,
    { minimize sum_squares(x - p) + sum_squares(y) + sum_squares(z) }
    { y == a * p; x == a.T * q; z <= abs(a) + square(a) + 1; }
);

twins!(matrix_products, matrix_products, stored: false,
    { minimize sum_squares(x) + sum_squares(y) + sum_squares(z) }
    { y == a * (a.T * q) + g; x == (a.T * a) * x + p; }
);

twins!(second_order, second_order, stored: true,
    { minimize norm2(a * x - q) + sum_squares(x - p) + sum_squares(y) + sum_squares(z) }
    { x <= 10; }
);

cvx! {
    problem Curved(n) {
        data s: [n, n] psd sparse;
        param p: [n, n] psd sparse;
        param c: [n];
        var x: [n];
        minimize quad_form(x, p) + quad_form(x, s) + dot(c, x);
        subject_to { sum(x) == 1; }
    }

    /// Minimum-cost flow.
    problem Flow(nodes, arcs) {
        data incidence: [nodes, arcs] sparse;
        param cost: [arcs];
        param supply: [nodes];
        var flow: [arcs];
        minimize dot(cost, flow) + 0.01 * sum_squares(flow);
        subject_to {
            balance: incidence * flow == supply;
            0 <= flow <= 3;
        }
    }

    problem Large(m, n) {
        param a: [m, n] sparse;
        var x: [n];
        minimize sum_squares(x);
        subject_to { a * x <= 1; }
    }
}

fn tridiagonal(size: usize, diagonal: f64, off: f64) -> CsMat<f64> {
    let mut entries = TriMat::new((size, size));
    for i in 0..size {
        entries.add_triplet(i, i, diagonal);
        if i > 0 {
            entries.add_triplet(i, i - 1, off);
            entries.add_triplet(i - 1, i, off);
        }
    }
    entries.to_csc()
}

#[test]
fn semidefinite_matrices_are_checked() -> Result<(), Error> {
    let data = CurvedData {
        s: tridiagonal(5, 2.0, -1.0),
        p: tridiagonal(5, f64::NAN, 0.0),
    };
    let mut problem = Curved::new(CurvedDims { n: 5 }, data.clone())?;
    let mut params = problem.zero_params();
    params.p = tridiagonal(5, 1.0, 0.5);
    params.c[2] = 1.0;
    let solution = problem.solve(&params)?;
    let gradient = solution.objective_gradient()?;
    let x = &solution.vars.x;
    for (value, (row, col)) in &gradient.p {
        assert!(
            (value - x[row] * x[col]).abs() <= 1e-8,
            "the gradient of a quadratic form is x xᵀ on its pattern"
        );
    }
    *problem.settings_mut() = tight();
    check_derivatives(&mut problem, &params, |_| {}, 1e-6)?;

    params.p = tridiagonal(5, 1.0, 0.7);
    let smallest = 1.0 - 1.4 * (std::f64::consts::PI / 6.0).cos();
    match problem.solve(&params) {
        Err(Error::Indefinite { name: "p", eigenvalue }) => assert!((smallest - 1e-12..0.0).contains(&eigenvalue)),
        other => panic!("expected an indefinite matrix, found {other:?}"),
    }
    params.p = tridiagonal(5, 1.0, 0.5);
    params.p.data_mut()[1] += 0.1;
    assert!(matches!(
        problem.solve(&params),
        Err(Error::Asymmetric { name: "p", .. })
    ));
    let wrong = CurvedData {
        s: tridiagonal(5, 1.0, 1.0),
        ..data
    };
    assert!(matches!(
        Curved::new(CurvedDims { n: 5 }, wrong).map(drop),
        Err(Error::Indefinite { name: "s", .. })
    ));
    Ok(())
}

#[test]
fn another_pattern_is_refused() -> Result<(), Error> {
    let mut rng = StdRng::seed_from_u64(5);
    let a = random_sparse(4, 5, &mut rng);
    let dims = LargeDims { m: 4, n: 5 };
    let mut problem = Large::new(dims, LargeData { a: a.clone() })?;
    let solution = problem.solve(&LargeParams { a: a.clone() })?;
    let mut other = a.to_dense();
    other[[0, 0]] = if other[[0, 0]] == 0.0 { 1.0 } else { 0.0 };
    let other = LargeParams {
        a: CsMat::csc_from_dense(other.view(), 0.0),
    };
    let pattern = |argument| Error::Pattern { argument, name: "a" };
    assert_eq!(problem.solve(&other).map(drop), Err(pattern(Argument::Parameter)));
    assert_eq!(solution.jvp(&other).map(drop), Err(pattern(Argument::Direction)));
    let shape = Large::new(LargeDims { m: 5, n: 5 }, LargeData { a: a.clone() }).map(drop);
    assert_eq!(
        shape,
        Err(Error::Shape {
            argument: Argument::Data,
            name: "a",
            expected: [5, 5],
            found: [4, 5]
        })
    );
    let mut bad = LargeParams { a };
    bad.a.data_mut()[2] = f64::NAN;
    let (_, (row, col)) = bad.a.iter().nth(2).expect("more than two entries");
    match problem.solve(&bad) {
        Err(Error::NotFinite { row: r, col: c, .. }) => assert_eq!((r, c), (row, col)),
        other => panic!("expected a NaN to be found, found {other:?}"),
    }
    Ok(())
}

#[test]
fn flow_over_sparse_data() -> Result<(), Error> {
    // A ring with two chords.
    let arcs = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 0), (0, 2), (1, 4)];
    let mut incidence = TriMat::new((5, arcs.len()));
    for (arc, (from, to)) in arcs.into_iter().enumerate() {
        incidence.add_triplet(from, arc, 1.0);
        incidence.add_triplet(to, arc, -1.0);
    }
    let data = FlowData {
        incidence: incidence.to_csc(),
    };
    let dims = FlowDims { nodes: 5, arcs: 7 };
    let mut problem = Flow::new(dims, data.clone())?.with_settings(tight());
    let mut params = problem.zero_params();
    params.cost.copy_from_slice(&[1.0, 1.5, 1.0, 2.0, 1.0, 2.0, 4.0]);
    params.supply.copy_from_slice(&[2.0, 1.0, 0.0, 0.0, -3.0]);
    let solution = problem.solve(&params)?;
    let balance = &dense(&data.incidence) * &solution.vars.flow - &params.supply;
    assert!(balance.amax() <= 1e-9);
    // Each of the seven columns has its two nodes and its two bounds.
    assert_eq!(problem.program(&params)?.a.nnz(), 7 * 4);
    let balanced = |direction: &mut FlowParams| {
        let mean = direction.supply.mean();
        direction.supply.add_scalar_mut(-mean);
    };
    check_derivatives(&mut problem, &params, balanced, 1e-6)
}

/// A 2000 × 2000 matrix with 10 000 entries costs 10 000 entries everywhere: were anything of its 4 000 000 places
/// visited, it would be held.
#[test]
fn large_matrices_cost_what_they_store() -> Result<(), Error> {
    let (size, each) = (2000, 5);
    let mut rng = StdRng::seed_from_u64(2);
    let mut entries = TriMat::new((size, size));
    for col in 0..size {
        for k in 0..each {
            entries.add_triplet((col + 397 * k + k * k) % size, col, rng.random_range(-1.0..1.0));
        }
    }
    let a: CsMat<f64> = entries.to_csc();
    assert_eq!(a.nnz(), size * each);
    let dims = LargeDims { m: size, n: size };
    let mut problem = None;
    let info = allocation_counter::measure(|| {
        problem = Large::new(dims, LargeData { a: a.clone() }).ok();
    });
    assert!(
        info.bytes_max < 200 * 10_000,
        "{} bytes at the peak of `new`",
        info.bytes_max
    );
    let mut problem = problem.expect("the dimensions are positive");
    let params = LargeParams { a };
    assert_eq!(problem.program(&params)?.a.nnz(), size * each);
    let solution = problem.solve(&params)?;
    let gradient = solution.vjp(&LargeVars {
        x: DVector::from_element(size, 1.0),
    })?;
    assert_eq!(gradient.a.nnz(), size * each);
    Ok(())
}

cvx! {
    problem Distance(m, n) {
        param a: [m, n] sparse;
        param b: [m, n];
        var x;
        minimize square(x) + norm_fro(a - b) * x;
    }
}

/// Expanded, the squares would cancel: to 1e-8 here, and below zero.
#[test]
fn squares_of_differences_do_not_cancel() -> Result<(), Error> {
    let a = tridiagonal(6, 1e4, -3e3);
    let mut problem = Distance::new(DistanceDims { m: 6, n: 6 }, DistanceData { a: a.clone() })?.with_settings(tight());
    let mut b = dense(&a);
    b[(2, 3)] += 3e-5;
    b[(5, 0)] -= 4e-5;
    let solution = problem.solve(&DistanceParams { a, b })?;
    assert!((solution.vars.x + 2.5e-5).abs() <= 1e-12, "{}", solution.vars.x);
    Ok(())
}

//! Loops around constraints and inside expressions: the same problems as without them, at every horizon.
#![allow(missing_docs)]

use cvxlayers::{Error, cvx};
use cvxlayers_tests::{assert_close, check_derivatives, randomize, tight};
use nalgebra::{DVector, matrix, vector};
use rand::SeedableRng;
use rand::rngs::StdRng;

cvx! {
    problem Rolled(T) {
        param a: [2, 2];
        param b: [2, 1];
        param x0: [2];
        param q: [2, 2] psd;
        param limit: nonneg;
        var x: [2, T + 1];
        var u: [1, T];
        fn stage(t) = quad_form(x[.., t + 1], q) + square(u[0, t]) + norm2(x[.., t]) / 10;
        fn change(t, s) = u[0, t] - u[0, s];
        minimize sum(t in 0..T, stage(t));
        subject_to {
            start: x[.., 0] == x0;
            for t in 0..T {
                dynamics: x[.., t + 1] == a * x[.., t] + b * u[.., t];
                bounds: -limit <= u[0, t] <= limit;
            }
            for t in 1..T { abs(change(t, t - 1)) <= limit; }
        }
    }

    problem Flat {
        const T: usize = 3;
        param a: [2, 2];
        param b: [2, 1];
        param x0: [2];
        param q: [2, 2] psd;
        param limit: nonneg;
        var x: [2, T + 1];
        var u: [1, T];
        minimize quad_form(x[.., 1], q) + quad_form(x[.., 2], q) + quad_form(x[.., 3], q) + sum_squares(u)
            + (norm2(x[.., 0]) + norm2(x[.., 1]) + norm2(x[.., 2])) / 10;
        subject_to {
            start: x[.., 0] == x0;
            dynamics: x[.., 1..] == a * x[.., ..T] + b * u;
            bounds: -limit <= u.T <= limit;
            abs(u[.., 1..] - u[.., ..T - 1]) <= limit;
        }
    }

    /// `Σᵢⱼ |xᵢ − j cⱼ|` over nested loops, whose labels have one entry for each turn.
    problem Nested(m, n) {
        param c: [n];
        var x: [m];
        var t: [m, n];
        minimize sum(i in 0..m, sum(j in 0..n, t[i, j]));
        subject_to {
            for i in 0..m {
                for j in 0..n {
                    above: t[i, j] >= x[i] - (j + 1) * c[j];
                    below: t[i, j] >= (j + 1) * c[j] - x[i];
                }
            }
        }
    }
}

fn rolled(t: usize) -> RolledParams {
    RolledParams {
        a: matrix![1.0, 0.2; -0.1, 0.9],
        b: matrix![0.1; 0.8],
        x0: vector![2.0, -1.0 + t as f64 / 100.0],
        q: matrix![1.0, 0.1; 0.1, 0.5],
        limit: 0.4,
    }
}

#[test]
fn a_loop_is_its_turns() -> Result<(), Error> {
    let params = rolled(3);
    let mut one = Rolled::new(RolledDims { T: 3 })?.with_settings(tight());
    let mut other = Flat::new()?.with_settings(tight());
    let RolledParams { a, b, x0, q, limit } = params.clone();
    let flat = FlatParams { a, b, x0, q, limit };
    let (one, other) = (one.solve(&params)?, other.solve(&flat)?);
    assert_close("objective", &[one.objective], &[other.objective], 1e-8);
    assert_close("x", one.vars.x.as_slice(), other.vars.x.as_slice(), 1e-7);
    assert_close("u", one.vars.u.as_slice(), other.vars.u.as_slice(), 1e-7);
    assert_eq!(one.duals.dynamics.shape(), (2, 3));
    assert_close(
        "dynamics",
        one.duals.dynamics.as_slice(),
        other.duals.dynamics.as_slice(),
        1e-6,
    );
    assert_close(
        "lower",
        one.duals.bounds.lower.as_slice(),
        other.duals.bounds.lower.as_slice(),
        1e-6,
    );
    assert_close(
        "upper",
        one.duals.bounds.upper.as_slice(),
        other.duals.bounds.upper.as_slice(),
        1e-6,
    );

    let (left, right) = (one.vjp(&one.vars)?, other.vjp(&other.vars)?);
    assert_close("gradient of a", left.a.as_slice(), right.a.as_slice(), 1e-6);
    assert_close("gradient of q", left.q.as_slice(), right.q.as_slice(), 1e-6);
    assert_close("gradient of x0", left.x0.as_slice(), right.x0.as_slice(), 1e-6);
    Ok(())
}

cvx! {
    /// The same sums, by a function whose argument is a number as well as where a range begins.
    problem Tails(n) {
        param c: [n];
        var x: [n];
        fn tail(k) = k * sum(i in k..n, x[i]) + sum(zeros(k + 1));
        minimize sum_squares(x - c);
        subject_to {
            written: sum(i in 0..n, x[i]) + 2 * sum(x[2..]) <= 1;
            called: tail(1) + x[0] + tail(2) <= 1;
            for k in 0..n - 1 { tail(k) <= tail(1) + 10; }
        }
    }
}

#[test]
fn an_argument_may_be_an_index() -> Result<(), Error> {
    let mut tails = Tails::new(TailsDims { n: 5 })?;
    let solution = tails.solve(&TailsParams {
        c: DVector::from_element(5, 1.0),
    })?;
    let x = &solution.vars.x;
    let sums = [x.sum() + 2.0 * x.rows_range(2..).sum(), 1.0];
    assert_close("active", &sums[..1], &sums[1..], 1e-6);
    assert_close("two of one", &[x[0]], &[x[1]], 1e-6);
    Ok(())
}

#[test]
fn a_loop_may_have_no_turn() -> Result<(), Error> {
    // With one step the second loop is empty.
    let mut problem = Rolled::new(RolledDims { T: 1 })?;
    let solution = problem.solve(&rolled(1))?;
    assert_eq!(solution.vars.x.ncols(), 2);
    assert!(solution.vjp(&solution.vars)?.limit.is_finite());
    Ok(())
}

#[test]
fn long_horizons_stay_sparse() -> Result<(), Error> {
    let size =
        |t: usize| -> Result<usize, Error> { Ok(Rolled::new(RolledDims { T: t })?.program(&rolled(t))?.a.nnz()) };
    let (one, two, three) = (size(50)?, size(100)?, size(150)?);
    assert_eq!(three - two, two - one);
    Ok(())
}

#[test]
fn duals_of_nested_loops_have_the_outer_turns_outermost() -> Result<(), Error> {
    let (m, n) = (2, 3);
    let mut problem = Nested::new(NestedDims { m, n })?.with_settings(tight());
    let solution = problem.solve(&NestedParams {
        c: DVector::from_vec(vec![1.0, 2.0, 4.0]),
    })?;
    // The median of 1, 4, 12.
    assert_close("x", solution.vars.x.as_slice(), &[4.0, 4.0], 1e-7);
    assert_close("objective", &[solution.objective], &[22.0], 1e-7);
    let (above, below) = (&solution.duals.above, &solution.duals.below);
    assert_eq!(above.len(), m * n);
    for i in 0..m {
        assert_close("first", &[above[n * i], below[n * i]], &[1.0, 0.0], 1e-6);
        assert_close("last", &[above[n * i + 2], below[n * i + 2]], &[0.0, 1.0], 1e-6);
    }
    Ok(())
}

mod triangles {
    use super::*;

    cvx! {
        problem Pairs(n) {
            param a: [n];
            param d: [n, n];
            var x: [n];
            minimize sum_squares(x - a) + sum(i in 0..n, sum(j in i + 1..n, 0.05 * abs(x[i] - d[j, i] * x[j])));
            subject_to {
                for i in 0..n {
                    for j in i + 1..n { gap: x[i] - x[j] <= d[i, j]; }
                }
                for i in 0..n { max(t in 0..i + 1, x[t]) <= 1 + norm2(a) + sum(k in 0..i, a[k]); }
            }
        }

        /// The same, its pairs written out.
        problem Listed(n, pairs) {
            param a: [n];
            param e: [pairs, n];
            param d: [pairs];
            param f: [pairs, n];
            param g: [n];
            var x: [n];
            minimize sum_squares(x - a) + 0.05 * norm1(f * x);
            subject_to {
                gap: e * x <= d;
                for i in 0..n { x[i] <= g[i]; }
            }
        }

        problem Nested(n) {
            var x: [n];
            maximize sum(x);
            subject_to {
                for i in 0..n { for j in 0..i { for k in j..i + 1 {
                    each: x[i] + 2 * x[j] + 3 * x[k] <= i + j + k + 1;
                } } }
                x[0] == 0.1;
            }
        }
    }

    #[test]
    fn loops_over_pairs_have_one_row_a_pair() -> Result<(), Error> {
        let n = 5;
        let pairs: Vec<(usize, usize)> = (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j))).collect();
        let mut problem = Pairs::new(PairsDims { n })?.with_settings(tight());
        let mut params = problem.zero_params();
        randomize(&mut params, &[], &mut StdRng::seed_from_u64(4));
        let solution = problem.solve(&params)?;
        assert_eq!(solution.duals.gap.len(), pairs.len());
        assert!(solution.duals.gap.amax() > 1e-3, "no gap is closed");

        let dims = ListedDims { n, pairs: pairs.len() };
        let mut listed = Listed::new(dims)?.with_settings(tight());
        let mut expected = listed.zero_params();
        expected.a = params.a.clone();
        for (row, (i, j)) in pairs.iter().copied().enumerate() {
            expected.e[(row, i)] = 1.0;
            expected.e[(row, j)] = -1.0;
            expected.d[row] = params.d[(i, j)];
            expected.f[(row, i)] = 1.0;
            expected.f[(row, j)] = -params.d[(j, i)];
        }
        for i in 0..n {
            // The bound of a later maximum holds for the earlier entries too.
            let bound = |i: usize| 1.0 + params.a.norm() + params.a.rows(0, i).sum();
            expected.g[i] = (i..n).map(bound).fold(f64::INFINITY, f64::min);
        }
        let expected = listed.solve(&expected)?;
        assert_close("x", solution.vars.x.as_slice(), expected.vars.x.as_slice(), 1e-7);
        assert_close(
            "gap",
            solution.duals.gap.as_slice(),
            expected.duals.gap.as_slice(),
            1e-6,
        );
        check_derivatives(&mut problem, &params, |_| {}, 1e-5)
    }

    #[test]
    fn three_loops_deep() -> Result<(), Error> {
        let n = 4;
        let mut problem = Nested::new(NestedDims { n })?;
        let solution = problem.solve(&problem.zero_params())?;
        let x = &solution.vars.x;
        let mut turn = 0;
        for i in 0..n {
            for j in 0..i {
                for k in j..=i {
                    let slack = (i + j + k + 1) as f64 - x[i] - 2.0 * x[j] - 3.0 * x[k];
                    let dual = solution.duals.each[turn];
                    assert!(
                        slack >= -1e-7 && dual >= -1e-7 && slack * dual <= 1e-6,
                        "{i} {j} {k}: {slack} {dual}"
                    );
                    turn += 1;
                }
            }
        }
        assert_eq!(turn, solution.duals.each.len());
        Ok(())
    }
}

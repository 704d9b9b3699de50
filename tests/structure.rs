//! What the types and the cone programs of problems are: sizes, storage, threads.
#![allow(missing_docs)]

use cvxlayers::{Cone, Error, Family, Problem, cvx};

cvx! {
    problem Diagonal(n) {
        param d: [n];
        param p: [n];
        param g: nonneg;
        var x: [n];
        minimize g * sum_squares(multiply(d, x) - p) + sum_squares(x - p) / 2 + sum(square(3 * x));
    }

    problem Mixed(m, n) {
        param a: [m, n];
        param b: [m];
        var x: [n];
        minimize sum_squares(a * x - b) + sum_squares(x);
    }

    problem Form(n) {
        param p: [n, n] psd;
        param c: [n];
        var x: [n];
        minimize quad_form(x - c, p);
    }

    problem Twice(m, n) {
        param a: [m, n];
        param b: [m, m];
        var x: [n];
        let e = norm1(b * (a * x));
        minimize e + sum(x);
        subject_to { e <= 1; }
    }

    problem Alike(m, n) {
        param a: [m, n];
        var x: [n];
        var y: [m, n];
        fn size(z) = norm2(a * z);
        minimize norm2(a * x) + 2 * size(x) + sum(i in 0..m, norm1(y[i, ..])) + 3 * sum(j in 0..m, norm1(y[j, ..]));
        subject_to {
            max(norm2(y, axis = 0)) + norm2(a * x) <= 2;
            max(norm2(y, axis = 0)) + norm2(a * y[0, ..].T) <= 1;
            for i in 0..m - 1 { sum(norm2(y, axis = 1)) + norm2(y[i, ..] + 1) <= 9; }
            for i in 0..m - 1 { norm2(y[i, ..] + 1) <= 2; }
        }
    }

    problem Columns(m, n) {
        param g: nonneg;
        var x: [m, n];
        minimize g * sum(sum_squares(x, axis = 0)) + sum(square(x[0, ..]));
    }

    problem Robust(m, n) {
        param a: [m, n];
        param g: nonneg;
        var x: [n];
        minimize g * sum(huber(a * x)) + quad_over_lin(x, 1 + g);
    }

    problem Spread(n) {
        var x: [n];
        minimize var(x) - 1;
    }

    problem Tail(n, k) {
        var x: [n];
        minimize sum_largest(x, k / 2);
        subject_to { -1 <= x; sum(x) == 1; }
    }

    #[strict_dpp]
    problem Affine(n) {
        param p;
        param m: nonneg;
        param a: [n];
        var x: [n];
        var y;
        minimize sum(huber(p * x - a, m + 1)) + quad_over_lin(x + a, y) + norm(a - x, 1) + cvar(multiply(a, x), 0.2)
            + var(p * x) + std(x + a) + tv(vstack(x, p)) + mixed_norm(x * [[1, 2]], 2, 1)
            + sum(max(x * a.T, axis = 0));
    }

    problem Small {
        param a: [64, 64];
        var x: [64, 64];
        minimize sum_squares(x - a);
    }

    problem Large {
        param a: [65, 64];
        var x: [65, 64];
        minimize sum_squares(x - a);
    }

    problem Symmetric(n) {
        param s: [n, n];
        var x: [n, n] symmetric nonneg;
        minimize sum_squares(x - s);
    }
}

/// Columns, rows, nonzeros of `P` and of `A`.
fn size<F: Family, C>(problem: Problem<F, C>) -> Result<[usize; 4], Error> {
    let program = problem.program(&problem.zero_params())?;
    Ok([program.q.len(), program.b.len(), program.p.nnz(), program.a.nnz()])
}

#[test]
fn one_variable_an_entry_needs_no_auxiliary_variables() -> Result<(), Error> {
    assert_eq!(size(Diagonal::new(DiagonalDims { n: 5 })?)?, [5, 0, 5, 0]);
    assert_eq!(size(Form::new(FormDims { n: 4 })?)?, [4, 0, 10, 0]);
    Ok(())
}

#[test]
fn anything_else_is_exactly_one_block() -> Result<(), Error> {
    let (m, n) = (3, 5);
    assert_eq!(size(Mixed::new(MixedDims { m, n })?)?, [n + m, m, n + m, m * n + m]);
    Ok(())
}

#[test]
fn a_let_is_canonicalized_once_and_products_do_not_nest() -> Result<(), Error> {
    let (m, n) = (3, 5);
    // `a * x` is a block of m variables, the magnitudes of its image another.
    let [columns, rows, _, nonzeros] = size(Twice::new(TwiceDims { m, n })?)?;
    assert_eq!([columns, rows], [n + 2 * m, 3 * m + 1]);
    assert_eq!(nonzeros, (m * n + m) + 2 * (m * m + m) + m);
    Ok(())
}

#[test]
fn what_is_written_twice_is_canonicalized_once() -> Result<(), Error> {
    let (m, n) = (3, 5);
    let problem = Alike::new(AlikeDims { m, n })?;
    let count = |dim: usize| {
        let is_one = |cone: &&Cone| **cone == Cone::SecondOrder(dim);
        problem.cones().iter().filter(is_one).count()
    };
    // `a * x` and `a * y[0, ..].T`; the columns of `y`; its rows, and twice all rows but one plus one.
    assert_eq!(count(m + 1), 2 + n);
    assert_eq!(count(n + 1), m + 2 * (m - 1));
    Ok(())
}

#[test]
fn a_quadratic_objective_stays_one_along_an_axis() -> Result<(), Error> {
    let (m, n) = (3, 4);
    assert_eq!(size(Columns::new(ColumnsDims { m, n })?)?, [m * n, 0, m * n, 0]);
    Ok(())
}

#[test]
fn what_is_made_of_squares_stays_quadratic() -> Result<(), Error> {
    let (m, n) = (3, 5);
    // The inner part and both outer ones of each entry of `a * x`.
    let expected = [n + 3 * m, 3 * m, n + m, m * n + 3 * m + 2 * m];
    assert_eq!(size(Robust::new(RobustDims { m, n })?)?, expected);
    // Deviations from a mean that is a variable.
    assert_eq!(size(Spread::new(SpreadDims { n })?)?, [2 * n + 1, n, n, 3 * n]);
    Ok(())
}

#[test]
fn as_many_as_there_are_at_most() -> Result<(), Error> {
    let mut problem = Tail::new(TailDims { n: 4, k: 3 })?;
    let solution = problem.solve(&problem.zero_params())?;
    assert!((solution.objective - 0.375).abs() < 1e-6);
    let error = Tail::new(TailDims { n: 4, k: 9 }).map(drop);
    let Err(Error::Bounds { expression, value, .. }) = error else {
        panic!("{error:?}")
    };
    assert_eq!((expression, value), ("sum_largest(x, k / 2)", 0));
    Ok(())
}

#[test]
fn parameters_enter_affinely() -> Result<(), Error> {
    Affine::new(AffineDims { n: 3 }).map(drop)
}

#[test]
fn a_symmetric_variable_has_its_free_entries_only() -> Result<(), Error> {
    let problem = Symmetric::new(SymmetricDims { n: 4 })?;
    assert_eq!(problem.cones(), [Cone::Nonneg(10)]);
    assert_eq!(size(problem)?, [10, 10, 10, 10]);
    Ok(())
}

#[test]
fn literal_shapes_are_on_the_stack_up_to_4096_entries() -> Result<(), Error> {
    let small = Small::new()?;
    let _: nalgebra::SMatrix<f64, 64, 64> = small.zero_params().a;
    assert_eq!(size(small)?, [4096, 0, 4096, 0]);
    let large = Large::new()?;
    let _: nalgebra::DMatrix<f64> = large.zero_params().a;
    assert_eq!(size(large)?, [4160, 0, 4160, 0]);
    Ok(())
}

#[test]
fn problems_and_solutions_cross_threads() -> Result<(), Error> {
    fn crosses<T: Send + 'static>(value: T) -> T {
        value
    }
    let mut problem = crosses(Form::new(FormDims { n: 2 })?);
    let mut params = problem.zero_params();
    params.p.fill_with_identity();
    let solution = crosses(problem.solve(&params)?);
    let gradients: Vec<_> = std::thread::scope(|scope| {
        let work = |_| scope.spawn(|| solution.vjp(&solution.vars));
        let threads: Vec<_> = (0..4).map(work).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("it does not panic"))
            .collect()
    });
    for gradient in gradients {
        assert_eq!(gradient?, solution.vjp(&solution.vars)?);
    }
    Ok(())
}

//! What a problem holds: bytes counted, so nothing here depends on the machine.
#![allow(missing_docs)]

use allocation_counter::{AllocationInfo, measure};
use clarabel::algebra::CscMatrix;
use clarabel::solver::{DefaultSettings, DefaultSolver, SupportedConeT};
use cvxlayers::nalgebra::{DMatrix, DVector};
use cvxlayers::{Cotangent, Error, Method, Program, Settings, cvx};

cvx! {
    problem Dense(m, n) {
        param a: [m, n];
        param b: [m];
        var x: [n];
        minimize sum_squares(x);
        subject_to { a * x <= b; }
    }

    problem Products(n) {
        param p: [n, n] psd;
        param q: [n];
        var x: [n];
        minimize quad_form(x, p) + dot(q, x);
        subject_to { x >= 0; }
    }
}

/// So many vectors of one entry a variable or a row are small beside a matrix.
const VECTORS: usize = 40;

fn count<T>(run: impl FnOnce() -> Result<T, Error>) -> Result<(T, AllocationInfo), Error> {
    let mut outcome = None;
    let counted = measure(|| outcome = Some(run()));
    Ok((outcome.expect("it has run")?, counted))
}

fn params(n: usize) -> DenseParams {
    DenseParams {
        a: DMatrix::from_fn(n, n, |i, j| ((i * n + j) as f64).sin() + 2.0 * f64::from(i == j)),
        b: DVector::from_fn(n, |i, _| (i as f64).cos() - 0.5),
    }
}

/// Bytes, relative to those of the parameters.
fn relative(bytes: i64, n: usize) -> f64 {
    bytes as f64 / (size_of::<f64>() * (n * n + n)) as f64
}

/// What the solver holds for a program when it is used without us.
fn of_solver(program: &Program, rows: usize) -> i64 {
    let [p, a] = [&program.p, &program.a].map(|matrix| {
        let indices = |of: &[_]| of.iter().map(|index| *index as usize).collect();
        let (starts, rows): (Vec<usize>, Vec<usize>) =
            (indices(matrix.indptr().raw_storage()), indices(matrix.indices()));
        CscMatrix::new(matrix.rows(), matrix.cols(), starts, rows, matrix.data().to_vec())
    });
    let settings = DefaultSettings {
        verbose: false,
        presolve_enable: false,
        input_sparse_dropzeros: false,
        direct_solve_method: "qdldl".to_owned(),
        max_threads: 1,
        ..DefaultSettings::default()
    };
    let cones = [SupportedConeT::NonnegativeConeT(rows)];
    let mut solver = None;
    let counted = measure(|| {
        solver = DefaultSolver::new(&p, &program.q, &a, &program.b, &cones, settings).ok();
    });
    assert!(solver.is_some());
    counted.bytes_current
}

#[test]
fn a_new_problem_takes_three_times_its_data_at_most() -> Result<(), Error> {
    for n in [300, 725, 1000, 1025] {
        let (_problem, new) = count(|| Dense::new(DenseDims { m: n, n }))?;
        let (held, peak) = (relative(new.bytes_current, n), relative(new.bytes_max as i64, n));
        eprintln!("n = {n}: new holds {held:.2} times the data, {peak:.2} at its peak");
        assert!(held <= 2.0 + VECTORS as f64 / n as f64, "{held}");
        assert!(peak <= 3.0, "{peak}");
    }
    Ok(())
}

#[test]
fn a_solved_problem_takes_three_times_its_data_and_what_the_solver_takes() -> Result<(), Error> {
    let n = 200;
    let params = params(n);
    let (problem, new) = count(|| Dense::new(DenseDims { m: n, n }))?;
    let mut problem = problem.with_settings(Settings::default().with_method(Method::Clarabel));
    let solver = of_solver(&problem.program(&params)?, n);
    let (mut solution, solve) = count(|| problem.solve(&params))?;
    let ours = new.bytes_current + solve.bytes_current - solver;
    // The solution owns a copy of the parameters.
    let (ours, solver) = (relative(ours, n) - 1.0, relative(solver, n));
    eprintln!("n = {n}: a solved problem holds {ours:.2} times the data, the solver {solver:.2}");
    assert!(ours <= 3.0 + VECTORS as f64 / n as f64, "{ours}");
    let (_, again) = count(|| problem.solve_into(&params, &mut solution))?;
    assert_eq!(again.bytes_current, 0);

    // Matrix products have a buffer of a fixed size in each thread.
    Dense::new(DenseDims { m: n, n })?.solve(&params)?;
    let (mut other, other_new) = count(|| Dense::new(DenseDims { m: n, n }))?;
    let (_solution, other_solve) = count(|| other.solve(&params))?;
    let (with_solver, without) = [(new, solve), (other_new, other_solve)]
        .map(|(new, solve)| relative(new.bytes_current + solve.bytes_current, n))
        .into();
    eprintln!("n = {n}: in all {without:.2} times the data, with the solver {with_solver:.2}");
    assert!(without <= with_solver, "{without} {with_solver}");
    Ok(())
}

#[test]
fn the_derivative_takes_nothing_where_its_system_has_solved() -> Result<(), Error> {
    let n = 60;
    let params = params(n);
    let solution = Dense::new(DenseDims { m: n, n })?.solve(&params)?;
    let cotangent = DenseVars {
        x: DVector::from_element(n, 1.0),
    };
    let mut gradient = DenseParams::clone(solution.params());
    let (_, first) = count(|| solution.vjp_into(Cotangent::vars(&cotangent), &mut gradient))?;
    assert_eq!(first.count_total, 0);
    Ok(())
}

#[test]
fn beside_the_solver_the_derivative_is_built_by_the_first_one_asked_for() -> Result<(), Error> {
    let n = 60;
    let params = params(n);
    let clarabel = Settings::default().with_method(Method::Clarabel);
    let mut problem = Dense::new(DenseDims { m: n, n })?.with_settings(clarabel);
    let mut solution = problem.solve(&params)?;
    let (_, solve) = count(|| problem.solve_into(&params, &mut solution))?;
    assert_eq!(solve.bytes_current, 0, "no solve builds it");
    let cotangent = DenseVars {
        x: DVector::from_element(n, 1.0),
    };
    let (mut gradient, mut tangent) = (problem.zero_params(), problem.zero_vars());
    let (_, first) = count(|| solution.vjp_into(Cotangent::vars(&cotangent), &mut gradient))?;
    eprintln!(
        "n = {n}: the derivative holds {:.2} times the data",
        relative(first.bytes_current, n)
    );
    assert!(first.bytes_current > 0);
    let (_, second) = count(|| {
        solution.vjp_into(Cotangent::vars(&cotangent), &mut gradient)?;
        solution.jvp_into(&params, &mut tangent)
    })?;
    assert_eq!(second.count_total, 0, "the second finds all there");

    let mut other = Dense::new(DenseDims { m: n, n })?.with_settings(clarabel);
    let other = other.solve(&params)?;
    let (_, first) = count(|| other.jvp_into(&params, &mut tangent))?;
    assert!(first.bytes_current > 0, "a jvp builds it too");
    Ok(())
}

#[test]
fn programs_of_a_problem_share_their_pattern() -> Result<(), Error> {
    let n = 100;
    let mut problem = Products::new(ProductsDims { n })?;
    let params = ProductsParams {
        p: DMatrix::identity(n, n),
        q: DVector::from_element(n, -1.0),
    };
    problem.solve(&params)?;
    let (program, counted) = count(|| problem.program(&params))?;
    let values = program.p.nnz() + program.a.nnz() + program.q.len() + program.b.len();
    let values = size_of::<f64>() * values;
    let held = u64::try_from(counted.bytes_current).unwrap_or_default();
    assert_eq!(held, values as u64);
    let wide: cvxlayers::sprs::CsMat<f64> = program.p.to_other_types();
    assert_eq!(wide.to_dense(), program.p.to_dense());
    Ok(())
}

//! What a batch holds at its peak: bytes counted, so nothing here depends on the machine.

use std::sync::Arc;

use allocation_counter::measure;
use cvxlayers::nalgebra::{DMatrix, DVector};
use cvxlayers::{Error, Solution, cvx};

cvx! {
    problem Quadratic(n) {
        param p: [n, n] psd;
        param q: [n];
        var x: [n];
        minimize quad_form(x, p) + dot(q, x);
        subject_to { x >= 0; }
    }
}

const N: usize = 128;

/// One number a variable: `x`, `s` and `z` of the cone program, and the variables.
const OF_SOLUTION: usize = 4 * N;

/// The more samples, the less counts what a thread holds; `BATCH=1024` gives 1.02.
fn batch() -> usize {
    std::env::var("BATCH").map_or(40, |batch| batch.parse().expect("a number"))
}

fn params(sample: usize) -> QuadraticParams {
    let entry = |row: usize, column: usize| ((row * column + sample) as f64).sin() / N as f64;
    let half = DMatrix::from_fn(N, N, |row, column| entry(row.min(column), row.max(column)));
    QuadraticParams {
        p: half + DMatrix::identity(N, N) * 2.0,
        q: DVector::from_fn(N, |row, _| ((row + sample) as f64).cos()),
    }
}

/// Everything is counted on the thread that asks for it, so there is one; the others would each have a workspace more.
fn on_this_thread<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
    pool.build().expect("one thread").install(run)
}

/// Relative to the numbers of the parameters, of the solutions and of the gradients.
fn peak(run: impl FnOnce() -> Result<(), Error> + Send) -> Result<f64, Error> {
    let of_params = N * N + N;
    let held = size_of::<f64>() * batch() * (2 * of_params + OF_SOLUTION);
    let mut outcome = Ok(());
    let peak = on_this_thread(|| measure(|| outcome = run())).bytes_max;
    outcome?;
    Ok(peak as f64 / held as f64)
}

#[test]
fn a_batch_takes_half_as_much_again_as_its_numbers_at_most() -> Result<(), Error> {
    let ratio = peak(|| {
        let mut problem = Quadratic::new(QuadraticDims { n: N })?;
        let params: Vec<_> = (0..batch()).map(|sample| Arc::new(params(sample))).collect();
        let solutions = problem
            .solve_batch(&params)
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?;
        let weights = QuadraticVars {
            x: DVector::from_element(N, 1.0),
        };
        let gradients = Solution::vjp_batch(&solutions, solutions.iter().map(|_| &weights));
        assert!(gradients.iter().all(Result::is_ok));
        Ok(())
    })?;
    eprintln!("batch {}: {ratio:.3} of what is held", batch());
    assert!(ratio <= 1.5, "{ratio}");
    Ok(())
}

#[test]
fn columns_take_half_as_much_again_as_their_numbers_at_most() -> Result<(), Error> {
    let ratio = peak(|| {
        let mut problem = Quadratic::new(QuadraticDims { n: N })?;
        let (mut p, mut q) = (Vec::with_capacity(N * N * batch()), Vec::with_capacity(N * batch()));
        for sample in 0..batch() {
            let params = params(sample);
            p.extend_from_slice(params.p.as_slice());
            q.extend_from_slice(params.q.as_slice());
        }
        let solved = problem.solve_columns(batch(), [&p, &q])?;
        let (gradient, accuracy) = solved.vjp([[1.0; N]])?;
        assert!(accuracy.iter().all(Result::is_ok));
        assert_eq!(gradient["p"].len(), p.len());
        Ok(())
    })?;
    eprintln!("columns {}: {ratio:.3} of what is held", batch());
    assert!(ratio <= 1.5, "{ratio}");
    Ok(())
}

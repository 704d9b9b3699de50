//! Many parameter points at once, on the threads of rayon.

use std::borrow::Borrow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::check::Checker;
use crate::engine::{Engine, Report};
use crate::point::Point;
use crate::{Argument, Cotangent, Error, Family, Problem, Solution};

/// What one thread solves with.
#[derive(Debug)]
pub(crate) struct Lane {
    engine: Engine,
    checker: Checker,
    point: Point,
}

/// Things that are each used by one thread at a time, as many as there have been threads at once.
#[derive(Debug)]
pub(crate) struct Pool<T>(Mutex<Vec<T>>);

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Pool<T> {
    /// Runs on one of them, or a new one; after a panic that one is no more.
    pub(crate) fn with<R>(&self, new: impl FnOnce() -> T, run: impl FnOnce(&mut T) -> R) -> R {
        let free = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pooled = free().pop();
        let mut item = pooled.unwrap_or_else(new);
        let result = run(&mut item);
        free().push(item);
        result
    }
}

/// Runs one sample; a panic is its own error, and nobody else's.
pub(crate) fn guarded<T>(problem: &'static str, run: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    // What it was writing to is overwritten by the next sample, or has been thrown away.
    catch_unwind(AssertUnwindSafe(run)).unwrap_or(Err(Error::Numerical {
        problem,
        trouble: "it panicked",
    }))
}

/// Runs samples on all threads; the results are in order.
fn each<T: Send>(batch: usize, run: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
    (0..batch).into_par_iter().map(run).collect()
}

/// A solved sample, without what is recovered from it.
#[derive(Debug)]
pub(crate) struct Solved {
    pub(crate) report: Report,
    pub(crate) point: Point,
}

impl<F: Family, C> Problem<F, C> {
    /// Solves for many parameter points, on the threads of [`rayon`]'s current pool. The results are in the order of the
    /// parameters, each what [`solve`](Self::solve) gives: one that fails does not touch the others.
    ///
    /// Clarabel, where it solves, scales the data of all samples by what it sees in those of the first `solve`, or in the
    /// first good ones of the first batch where there was none. On nothing else do the last digits depend: neither on the
    /// number of threads, nor on what else is solved. [`Settings`](crate::Settings) are those of each sample, the time limit too.
    ///
    /// A solution holds its parameters, to be differentiated. Of a slice of `NameParams` it is a copy; of a slice of
    /// `Arc<NameParams>` nothing is copied. [`solve_columns`](Self::solve_columns) takes flat arrays.
    ///
    /// ```
    /// use cvxlayers::{Solution, nalgebra::DVector};
    ///
    /// cvxlayers::cvx! {
    ///     problem Projection(n) {
    ///         param a: [n];
    ///         param size: nonneg;
    ///         var x: [n] nonneg;
    ///         minimize sum_squares(x - a);
    ///         subject_to { sum(x) == size; }
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), cvxlayers::Error> {
    /// let mut projection = Projection::new(ProjectionDims { n: 2 })?;
    /// let sample = |size| ProjectionParams { a: DVector::from_vec(vec![0.5, 0.1]), size };
    /// let results = projection.solve_batch(&[sample(1.0), sample(-1.0), sample(2.0)]);
    /// assert!((results[0].as_ref().unwrap().vars.x[0] - 0.7).abs() < 1e-6);
    /// assert!(results[1].is_err(), "`size` is negative");
    ///
    /// // Reverse mode, of the samples that are solved: a loss that is the sum of all variables.
    /// let solutions: Vec<_> = results.into_iter().flatten().collect();
    /// let loss = ProjectionVars { x: DVector::from_element(2, 1.0) };
    /// for gradient in Solution::vjp_batch(&solutions, [&loss, &loss]) {
    ///     assert!((gradient?.size - 1.0).abs() < 1e-9);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Each result has the errors of [`solve`](Self::solve); a panic is an [`Error::Numerical`].
    pub fn solve_batch<P>(&mut self, params: &[P]) -> Vec<Result<Solution<F>, Error>>
    where
        P: Borrow<F::Params> + Into<Arc<F::Params>> + Clone + Sync,
    {
        let referred = params.iter().any(|params| self.refer(params.borrow()));
        let problem = &*self;
        let results = each(params.len(), |sample| {
            let params = &params[sample];
            guarded(F::NAME, || {
                let Solved { report, point } = problem.solve_sample(params.borrow())?;
                let mut solution = Solution::new(Arc::clone(&problem.shared), params.clone().into(), point);
                solution.finish(report, *problem.settings());
                Ok(solution)
            })
        });
        self.tidy(referred);
        results
    }

    /// Solves with the lane of this thread. All of the program is filled: what another sample has left does not matter.
    pub(crate) fn solve_sample(&self, params: &F::Params) -> Result<Solved, Error> {
        let core = &self.shared.core;
        let new = || Lane {
            engine: self.engine.twin(&core.structure),
            checker: Checker::new(F::ATTRIBUTES.len()),
            point: Point::zero(&core.structure),
        };
        self.lanes.with(new, |lane| {
            let Lane { engine, checker, point } = lane;
            let (reach, _) = self.shared.fill(params, None, checker, &mut engine.program)?;
            let report = engine.solve(core, self.settings(), F::NAME, reach, point)?;
            Ok(Solved {
                report,
                point: point.clone(),
            })
        })
    }

    /// After a batch without good parameters: its lanes do not know by what to scale.
    pub(crate) fn tidy(&mut self, referred: bool) {
        if !referred {
            self.lanes = Pool::default();
        }
    }
}

impl<F: Family> Solution<F> {
    /// Reverse mode for many solutions, on the threads of [`rayon`]'s current pool: the gradient of each, in order, as
    /// [`vjp`](Self::vjp) gives it. A thread has one workspace, whose memory all its samples share.
    ///
    /// There is one cotangent a solution, of whatever converts into one: an array or a `Vec` of `NameVars` by reference, or
    /// [`Cotangent`]s themselves. Where some samples have failed, `results.iter().flatten()` are the solutions.
    ///
    /// The gradients are the same to the last digit for any number of threads, and whatever has been differentiated
    /// before. For this each solution is factored anew.
    ///
    /// # Errors
    ///
    /// Each result has the errors of [`vjp`](Self::vjp); all are an [`Error::Length`] where there are not as many
    /// cotangents as solutions; a panic is an [`Error::Numerical`].
    pub fn vjp_batch<'s, 'a, C: Into<Cotangent<'a, F>>>(
        solutions: impl IntoIterator<Item = &'s Self>,
        cotangents: impl IntoIterator<Item = C>,
    ) -> Vec<Result<F::Params, Error>> {
        let cotangents: Vec<Cotangent<'a, F>> = cotangents.into_iter().map(Into::into).collect();
        Self::differentiate(Argument::Cotangent, solutions, &cotangents, |solution, cotangent| {
            solution.vjp(cotangent)
        })
    }

    /// Forward mode for many solutions: the tangent of each along a direction of its own, in order, as
    /// [`jvp`](Self::jvp) gives it; otherwise as [`vjp_batch`](Self::vjp_batch).
    ///
    /// # Errors
    ///
    /// Each result has the errors of [`jvp`](Self::jvp); all are an [`Error::Length`] where there are not as many
    /// directions as solutions; a panic is an [`Error::Numerical`].
    pub fn jvp_batch<'s, 'd>(
        solutions: impl IntoIterator<Item = &'s Self>,
        directions: impl IntoIterator<Item = &'d F::Params>,
    ) -> Vec<Result<F::Vars, Error>> {
        let directions: Vec<&F::Params> = directions.into_iter().collect();
        Self::differentiate(Argument::Direction, solutions, &directions, |solution, direction| {
            solution.jvp(direction)
        })
    }

    fn differentiate<'s, A: Sync, T: Send>(
        argument: Argument,
        solutions: impl IntoIterator<Item = &'s Self>,
        along: &[A],
        run: impl Fn(&Self, &A) -> Result<T, Error> + Sync + Send,
    ) -> Vec<Result<T, Error>> {
        let solutions: Vec<&Self> = solutions.into_iter().collect();
        let (expected, found) = (solutions.len(), along.len());
        if expected != found {
            let name = F::NAME;
            let error = Error::Length {
                argument,
                name,
                expected,
                found,
            };
            return (0..expected).map(|_| Err(error.clone())).collect();
        }
        each(expected, |sample| {
            guarded(F::NAME, || run(&solutions[sample].afresh(), &along[sample]))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Pool, each, guarded};
    use crate::Error;

    #[test]
    fn a_panic_is_one_sample_s_error_and_its_lane_is_thrown_away() {
        let pool = Pool::<Vec<usize>>::default();
        for _ in 0..2 {
            let results = each(100, |sample| {
                guarded("Test", || {
                    pool.with(Vec::new, |lane| {
                        assert!(!lane.contains(&42), "a lane outlives its panic");
                        lane.push(sample);
                        assert_ne!(sample, 42, "injected");
                        Ok(sample)
                    })
                })
            });
            for (sample, result) in results.into_iter().enumerate() {
                let expected = match sample {
                    42 => Err(Error::Numerical {
                        problem: "Test",
                        trouble: "it panicked",
                    }),
                    _ => Ok(sample),
                };
                assert_eq!(result, expected);
            }
        }
    }
}

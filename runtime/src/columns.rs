//! Batches as flat arrays, the way a tensor library holds them.

mod cotangent;
mod derivatives;
mod inputs;
mod parts;

use std::fmt;
use std::ops::{Index, Range};
use std::sync::Arc;

pub use self::cotangent::CotangentColumns;
pub use self::derivatives::TangentColumns;
use self::inputs::Inputs;
use self::parts::{Output, in_parts};
use crate::batch::{Solved, guarded};
use crate::point::Point;
use crate::problem::Shared;
use crate::{Argument, Error, Family, Problem, Record, Settings, Solution, Status};

/// A flat array for each field of a record: one sample after another, each by columns, of a sparse matrix the stored
/// entries.
///
/// `columns["x"]` is the array of the field `x`, and panics where there is none.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Columns {
    /// The names of the fields, in the order of their declaration.
    pub names: &'static [&'static str],
    /// The array of each.
    pub fields: Vec<Vec<f64>>,
}

impl Columns {
    fn of<R: Record>(fields: &mut impl Iterator<Item = Vec<f64>>) -> Self {
        Self {
            names: R::NAMES,
            fields: fields.take(R::NAMES.len()).collect(),
        }
    }
}

impl Index<&str> for Columns {
    type Output = [f64];

    fn index(&self, name: &str) -> &[f64] {
        let field = self.names.iter().position(|known| *known == name);
        &self.fields[field.unwrap_or_else(|| panic!("no field is called `{name}`, of {:?}", self.names))]
    }
}

/// The solutions of a batch, as flat arrays.
///
/// [`Problem::solve_columns`] gives one. It holds the arrays of parameters that it was given, by reference or by value, and
/// of each solution what its derivatives need.
#[non_exhaustive]
pub struct SolutionColumns<F: Family, B> {
    /// The optimal variables; NaN where a sample has none.
    pub vars: Columns,
    /// The dual variables of the labelled constraints, as [`Solution::duals`].
    pub duals: Columns,
    /// The values of the `let`s that are affine in the variables.
    pub lets: Columns,
    /// The optimal values, in the user's sense.
    pub objective: Vec<f64>,
    /// How well each sample is solved, or why it is not.
    pub status: Vec<Result<Status, Error>>,
    params: Vec<B>,
    solved: Vec<Option<Solved>>,
    shared: Arc<Shared<F>>,
    settings: Settings,
}

impl<F: Family, C> Problem<F, C> {
    /// Solves for a batch of parameters given as flat arrays, one for each parameter in the order of their declaration.
    ///
    /// An array holds one sample after another, each by columns (of a `sparse` parameter the stored entries): `rows ×
    /// columns × batch` numbers, as of a tensor of shape `[batch, columns, rows]`. An array of `rows × columns` numbers is
    /// broadcast: all samples share them. Arrays are anything that is a slice, borrowed or owned; nothing is copied.
    ///
    /// Otherwise it is as [`solve_batch`](Self::solve_batch).
    ///
    /// ```
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
    /// let a = [0.5, 0.1, 0.2, 0.4, 0.3, 0.3]; // three samples of two numbers
    /// let size = [1.0]; // the same for all
    /// let solved = projection.solve_columns(3, [&a[..], &size])?;
    /// assert!(solved.status.iter().all(Result::is_ok));
    /// assert!((solved.vars["x"][0] - 0.7).abs() < 1e-6);
    ///
    /// // A loss that is the sum of all variables of all samples.
    /// let (gradient, _) = solved.vjp([[1.0; 6]])?;
    /// assert_eq!(gradient["a"].len(), 6);
    /// assert!((gradient["size"][0] - 3.0).abs() < 1e-9, "the sum over the samples");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Length`] where an array has another length, [`Error::Arrays`] where there are not as many as parameters; what is wrong with a
    /// sample is in its [`status`](SolutionColumns::status).
    pub fn solve_columns<B: AsRef<[f64]> + Sync>(
        &mut self,
        batch: usize,
        params: impl IntoIterator<Item = B>,
    ) -> Result<SolutionColumns<F, B>, Error> {
        let params: Vec<B> = params.into_iter().collect();
        let inputs = Inputs::new::<F::Params>(Argument::Parameter, &self.shared.params, batch, &params)?;
        let mut scratch = self.zero_params();
        let referred = (0..batch).any(|sample| {
            inputs.copy_to(sample, &mut scratch);
            self.refer(&scratch)
        });
        let problem = &*self;
        let shared = &problem.shared;
        let (outputs, [of_duals, of_lets, of_objective]) = shared.outputs();
        let (arrays, results) = in_parts(batch, &outputs, f64::NAN, |mut part| {
            let mut solution = blank(shared);
            let samples = part.samples.clone();
            let solve = |sample| {
                let (params, point) = solution.parts_mut();
                inputs.copy_to(sample, params);
                let solved = problem.solve_sample(params)?;
                point.copy_from(&solved.point);
                solution.finish(solved.report, *problem.settings());
                part.write_record(0, sample, &solution.vars);
                part.write_record(of_duals, sample, &solution.duals);
                part.write_record(of_lets, sample, &solution.lets);
                part.write(of_objective, sample, &[solution.objective]);
                Ok(solved)
            };
            each_guarded(F::NAME, samples, solve)
        });
        let settings = *problem.settings();
        self.tidy(referred);
        let mut arrays = arrays.into_iter();
        let (status, solved) = results.into_iter().map(split).unzip();
        Ok(SolutionColumns {
            vars: Columns::of::<F::Vars>(&mut arrays),
            duals: Columns::of::<F::Duals>(&mut arrays),
            lets: Columns::of::<F::Lets>(&mut arrays),
            objective: arrays.next().unwrap_or_default(),
            status,
            params,
            solved,
            shared: Arc::clone(&self.shared),
            settings,
        })
    }
}

impl<F: Family, B> SolutionColumns<F, B> {
    /// The number of samples.
    pub fn batch(&self) -> usize {
        self.solved.len()
    }
}

impl<F: Family, B> SolutionColumns<F, B> {
    /// Why a sample has no solution.
    fn failure(&self, sample: usize) -> Error {
        let status = self.status.get(sample);
        status
            .and_then(|status| status.as_ref().err().cloned())
            .unwrap_or(Error::Numerical {
                problem: F::NAME,
                trouble: "the sample has no solution",
            })
    }
}

/// The public fields: the rest would fill pages.
impl<F: Family, B> fmt::Debug for SolutionColumns<F, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SolutionColumns")
            .field("vars", &self.vars)
            .field("duals", &self.duals)
            .field("lets", &self.lets)
            .field("objective", &self.objective)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl<F: Family> Shared<F> {
    /// The outputs of the parts of a solution: of the variables, and from where on of the duals, of the `let`s and of the
    /// objective.
    fn outputs(&self) -> (Vec<Output>, [usize; 3]) {
        let records = [&self.vars, &self.duals, &self.lets];
        let sizes = records.into_iter().flat_map(|shapes| shapes.sizes()).chain([1]);
        let of_duals = F::Vars::NAMES.len();
        let of_lets = of_duals + F::Duals::NAMES.len();
        let of_objective = of_lets + F::Lets::NAMES.len();
        let outputs = sizes.map(|size| Output { size, sum: false }).collect();
        (outputs, [of_duals, of_lets, of_objective])
    }
}

/// A solution to be overwritten.
fn blank<F: Family>(shared: &Arc<Shared<F>>) -> Solution<F> {
    let params = Arc::new(shared.family.zero_params());
    Solution::new(Arc::clone(shared), params, Point::zero(&shared.core.structure))
}

fn each_guarded<T>(
    problem: &'static str,
    samples: Range<usize>,
    mut run: impl FnMut(usize) -> Result<T, Error>,
) -> Vec<Result<T, Error>> {
    samples.map(|sample| guarded(problem, || run(sample))).collect()
}

fn split(result: Result<Solved, Error>) -> (Result<Status, Error>, Option<Solved>) {
    match result {
        Ok(solved) => (Ok(solved.report.status), Some(solved)),
        Err(error) => (Err(error), None),
    }
}

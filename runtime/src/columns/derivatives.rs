//! Derivatives of a batch, from flat arrays to flat arrays.

use super::inputs::Inputs;
use super::parts::{Output, Part, in_parts};
use super::{Columns, CotangentColumns, SolutionColumns, blank, each_guarded};
use crate::check::Shapes;
use crate::point::Point;
use crate::problem::Shared;
use crate::{Accuracy, Argument, Cotangent, Error, Family, Record, Solution, Tangent};

/// The tangents of the solutions of a batch, as flat arrays, which are NaN where a sample has none.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TangentColumns {
    /// Of the variables.
    pub vars: Columns,
    /// Of the dual variables of the labelled constraints.
    pub duals: Columns,
    /// Of the affine `let`s.
    pub lets: Columns,
    /// Of the optimal values, in the user's sense.
    pub objective: Vec<f64>,
    /// How accurate each sample is, or why there is none: as [`Solution::jvp`], or as the solve.
    pub accuracy: Vec<Result<Accuracy, Error>>,
}

impl<F: Family, B: AsRef<[f64]> + Sync> SolutionColumns<F, B> {
    /// Reverse mode: from cotangents of the variables, an array for each in the order of their declaration, to the gradient
    /// of the parameters, and how accurate it is for each sample. Cotangents may be broadcast as parameters may, and be of
    /// the dual variables, of the `let`s and of the objective too ([`CotangentColumns`]).
    ///
    /// The gradient of a parameter that was broadcast is the sum over the samples. A sample without a solution or without a
    /// gradient is left out: it adds nothing, and its own numbers are zero.
    ///
    /// It is the same to the last digit for any number of threads.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] where an array has another length, [`Error::Arrays`] where there are not as many as variables, dual
    /// variables or `let`s. Each accuracy has the errors of [`Solution::vjp`], or that of the solve.
    pub fn vjp<A: AsRef<[f64]>>(
        &self,
        cotangent: impl Into<CotangentColumns<A>>,
    ) -> Result<(Columns, Vec<Result<Accuracy, Error>>), Error> {
        let Shared {
            family,
            params,
            vars,
            duals,
            lets,
            ..
        } = &*self.shared;
        let cotangent = cotangent.into();
        let of_vars = self.given::<F::Vars>(vars, cotangent.vars.as_deref())?;
        let of_duals = self.given::<F::Duals>(duals, cotangent.duals.as_deref())?;
        let of_lets = self.given::<F::Lets>(lets, cotangent.lets.as_deref())?;
        let weights = cotangent
            .objective
            .as_ref()
            .map(|weights| self.weights(weights.as_ref()));
        let weights = weights.transpose()?;
        let inputs = self.inputs()?;
        let outputs = params.sizes().zip(inputs.broadcast());
        let outputs: Vec<Output> = outputs.map(|(size, sum)| Output { size, sum }).collect();
        let scratch = || {
            (
                family.zero_vars(),
                family.zero_duals(),
                family.zero_lets(),
                family.zero_params(),
            )
        };
        let (arrays, accuracy) =
            self.differentiate(&inputs, &outputs, 0.0, scratch, |solution, sample, scratch, part| {
                let (vars, duals, lets, gradient) = scratch;
                let cotangent = Cotangent {
                    vars: copied(of_vars.as_ref(), sample, vars),
                    duals: copied(of_duals.as_ref(), sample, duals),
                    lets: copied(of_lets.as_ref(), sample, lets),
                    objective: weights.map_or(0.0, |weights| weights[sample.min(weights.len() - 1)]),
                };
                let accuracy = solution.vjp_into(cotangent, gradient)?;
                part.write_record(0, sample, gradient);
                Ok(accuracy)
            });
        Ok((Columns::of::<F::Params>(&mut arrays.into_iter()), accuracy))
    }

    /// Forward mode: from directions of the parameters, an array for each, to the tangents of the variables, which are NaN
    /// where a sample has none, and how accurate they are. Directions may be broadcast as parameters may.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] where an array has another length, [`Error::Arrays`] where there are not as many as parameters. Each
    /// accuracy has the errors of [`Solution::jvp`], or that of the solve.
    pub fn jvp<A: AsRef<[f64]>>(
        &self,
        directions: impl IntoIterator<Item = A>,
    ) -> Result<(Columns, Vec<Result<Accuracy, Error>>), Error> {
        let TangentColumns { vars, accuracy, .. } = self.tangent(directions)?;
        Ok((vars, accuracy))
    }

    /// Forward mode: as [`jvp`](Self::jvp), to the tangents of the dual variables, of the affine `let`s and of the optimal
    /// values too.
    ///
    /// # Errors
    ///
    /// As [`jvp`](Self::jvp).
    pub fn tangent<A: AsRef<[f64]>>(&self, directions: impl IntoIterator<Item = A>) -> Result<TangentColumns, Error> {
        let Shared { family, params, .. } = &*self.shared;
        let directions: Vec<A> = directions.into_iter().collect();
        let directions = Inputs::new::<F::Params>(Argument::Direction, params, self.batch(), &directions)?;
        let (outputs, [of_duals, of_lets, of_objective]) = self.shared.outputs();
        let scratch = || (family.zero_params(), Tangent::zero(family));
        let inputs = self.inputs()?;
        let (arrays, accuracy) = self.differentiate(
            &inputs,
            &outputs,
            f64::NAN,
            scratch,
            |solution, sample, scratch, part| {
                let (direction, tangent) = scratch;
                directions.copy_to(sample, direction);
                let accuracy = solution.tangent_into(direction, tangent)?;
                part.write_record(0, sample, &tangent.vars);
                part.write_record(of_duals, sample, &tangent.duals);
                part.write_record(of_lets, sample, &tangent.lets);
                part.write(of_objective, sample, &[tangent.objective]);
                Ok(accuracy)
            },
        );
        let mut arrays = arrays.into_iter();
        Ok(TangentColumns {
            vars: Columns::of::<F::Vars>(&mut arrays),
            duals: Columns::of::<F::Duals>(&mut arrays),
            lets: Columns::of::<F::Lets>(&mut arrays),
            objective: arrays.next().unwrap_or_default(),
            accuracy,
        })
    }

    fn inputs(&self) -> Result<Inputs<'_>, Error> {
        Inputs::new::<F::Params>(Argument::Parameter, &self.shared.params, self.batch(), &self.params)
    }

    fn given<'a, R: Record>(
        &self,
        shapes: &Shapes,
        arrays: Option<&'a [impl AsRef<[f64]>]>,
    ) -> Result<Option<Inputs<'a>>, Error> {
        let inputs = |arrays| Inputs::new::<R>(Argument::Cotangent, shapes, self.batch(), arrays);
        arrays.map(inputs).transpose()
    }

    /// A number for each sample, or one.
    fn weights<'a>(&self, weights: &'a [f64]) -> Result<&'a [f64], Error> {
        let (expected, found) = (self.batch(), weights.len());
        if found != 1 && found != expected {
            let (argument, name) = (Argument::Cotangent, "objective");
            return Err(Error::Length {
                argument,
                name,
                expected,
                found,
            });
        }
        Ok(weights)
    }

    /// Runs on the solution of each sample, and gives the outputs.
    fn differentiate<S>(
        &self,
        inputs: &Inputs<'_>,
        outputs: &[Output],
        empty: f64,
        scratch: impl Fn() -> S + Sync,
        run: impl Fn(&Solution<F>, usize, &mut S, &mut Part<'_>) -> Result<Accuracy, Error> + Sync,
    ) -> (Vec<Vec<f64>>, Vec<Result<Accuracy, Error>>) {
        in_parts(self.batch(), outputs, empty, |mut part| {
            let (mut solution, mut scratch) = (blank(&self.shared), scratch());
            let samples = part.samples.clone();
            let differentiate = |sample: usize| {
                let Some(solved) = &self.solved[sample] else {
                    return Err(self.failure(sample));
                };
                let (params, point) = solution.parts_mut();
                inputs.copy_to(sample, params);
                point.copy_from(&solved.point);
                // What an earlier derivative has left in a workspace would show in the last digits.
                point.id = Point::fresh_id();
                solution.finish(solved.report, self.settings);
                run(&solution, sample, &mut scratch, &mut part)
            };
            each_guarded(F::NAME, samples, differentiate)
        })
    }
}

/// The numbers of a sample, in a record of its own.
fn copied<'a, R: Record>(inputs: Option<&Inputs<'_>>, sample: usize, record: &'a mut R) -> Option<&'a R> {
    inputs?.copy_to(sample, record);
    Some(record)
}

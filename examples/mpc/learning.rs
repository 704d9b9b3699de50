//! Gradient descent on the cost of the last state.

use cvxlayers::nalgebra::{SMatrix, Vector4};

use crate::controller::{Controller, Expert, Learner};
use crate::plant::{FORCE, State};

const STEPS: i32 = 200;
const RATE: f64 = 0.2;
const TRAIN: u32 = 32;
const TEST: u32 = 200;
/// States to learn from are within this of rest.
const REACH: State = State::new(1.0, 1.0, 0.3, 1.0);

type Factor = SMatrix<f64, 4, 4>;

/// States, and what the expert does there.
pub struct Samples(pub Vec<(State, f64)>);

impl Samples {
    /// To learn from, and to judge by.
    pub fn of(expert: &mut Expert) -> Result<(Self, Self), cvxlayers::Error> {
        let mut ask = |indices: std::ops::Range<u32>| {
            let answers = indices.map(|i| {
                let state = spread(i);
                Ok((state, expert.force(&state)?))
            });
            answers.collect::<Result<_, cvxlayers::Error>>().map(Self)
        };
        Ok((ask(1..TRAIN + 1)?, ask(TRAIN + 1..TRAIN + TEST + 1)?))
    }

    /// In how many the expert's force is at a bound, where it is learned only that it is.
    pub fn saturated(&self) -> usize {
        self.0.iter().filter(|(_, force)| force.abs() > FORCE - 1e-5).count()
    }

    /// The mean squared difference to the expert's forces.
    pub fn loss(&self, learner: &mut Learner) -> Result<f64, cvxlayers::Error> {
        let mut sum = 0.0;
        for (state, force) in &self.0 {
            sum += (learner.force(state)? - force).powi(2);
        }
        Ok(sum / self.0.len() as f64)
    }

    /// The loss and its gradient.
    pub fn slope(&self, learner: &mut Learner) -> Result<(f64, Factor), cvxlayers::Error> {
        let (mut loss, mut slope) = (0.0, Factor::zeros());
        let weight = 1.0 / self.0.len() as f64;
        for (state, force) in &self.0 {
            let solution = learner.solve(state)?;
            let difference = solution.vars.u[0] - force;
            let mut cotangent = learner.zero_vars();
            cotangent.u[0] = 2.0 * weight * difference;
            loss += weight * difference * difference;
            slope += solution.vjp(&cotangent)?.f;
        }
        Ok((loss, slope))
    }
}

/// Lowers the loss by the method of Kingma and Ba (Adam) with a rate that falls to zero; returns the loss before each
/// step and after the last.
pub fn descend(learner: &mut Learner, samples: &Samples) -> Result<Vec<f64>, cvxlayers::Error> {
    let (mut mean, mut square) = (Factor::zeros(), Factor::zeros());
    let mut losses = Vec::new();
    for step in 1..=STEPS {
        let (loss, slope) = samples.slope(learner)?;
        losses.push(loss);
        mean = mean * 0.9 + slope * 0.1;
        square = square * 0.99 + slope.component_mul(&slope) * 0.01;
        let (unbias_mean, unbias_square) = (1.0 - 0.9_f64.powi(step), 1.0 - 0.99_f64.powi(step));
        let rate = RATE * (1.0 - f64::from(step - 1) / f64::from(STEPS));
        *learner.factor() -= mean.zip_map(&square, |mean, square| {
            rate * (mean / unbias_mean) / ((square / unbias_square).sqrt() + 1e-12)
        });
    }
    losses.push(samples.loss(learner)?);
    Ok(losses)
}

/// The points of Halton: spread more evenly than random ones, and the same in every run.
fn spread(index: u32) -> State {
    let bases = Vector4::new(2, 3, 5, 7);
    bases.zip_map(&REACH, |base, reach| {
        let (mut rest, mut digit, mut place) = (index, 1.0, 0.0);
        while rest > 0 {
            digit /= f64::from(base);
            place += digit * f64::from(rest % base);
            rest /= base;
        }
        reach * (2.0 * place - 1.0)
    })
}

//! Two horizons, one interface.

use std::error::Error;

use cvxlayers::nalgebra::SMatrix;

use crate::plant::{self, FORCE, State};
use crate::{Mpc, MpcParams, MpcSolution, MpcVars, ShortMpc, ShortMpcParams, ShortMpcSolution, ShortMpcVars, riccati};

/// Cost of a step for each part of the state.
const WEIGHTS: State = State::new(1.0, 0.1, 10.0, 0.1);
/// Cost of a step for the force.
const EFFORT: f64 = 0.01;

/// Looks at a state, decides on a force.
pub trait Controller {
    fn force(&mut self, state: &State) -> Result<f64, cvxlayers::Error>;
}

/// The long horizon, and behind it the cost of an endless one.
pub struct Expert {
    mpc: Mpc,
    params: MpcParams,
}

impl Expert {
    pub fn zero_vars(&self) -> MpcVars {
        self.mpc.zero_vars()
    }

    pub fn solve(&mut self, state: &State) -> Result<MpcSolution, cvxlayers::Error> {
        self.params.now = *state;
        self.mpc.solve(&self.params)
    }
}

impl Controller for Expert {
    fn force(&mut self, state: &State) -> Result<f64, cvxlayers::Error> {
        Ok(self.solve(state)?.vars.u[0])
    }
}

/// The short horizon.
pub struct Learner {
    mpc: ShortMpc,
    params: ShortMpcParams,
}

impl Learner {
    pub fn zero_vars(&self) -> ShortMpcVars {
        self.mpc.zero_vars()
    }

    pub fn solve(&mut self, state: &State) -> Result<ShortMpcSolution, cvxlayers::Error> {
        self.params.now = *state;
        self.mpc.solve(&self.params)
    }

    /// The factor of the cost of the last state.
    pub fn factor(&mut self) -> &mut SMatrix<f64, 4, 4> {
        &mut self.params.f
    }
}

impl Controller for Learner {
    fn force(&mut self, state: &State) -> Result<f64, cvxlayers::Error> {
        Ok(self.solve(state)?.vars.u[0])
    }
}

/// What a step costs.
pub fn cost(state: &State, force: f64) -> f64 {
    WEIGHTS.dot(&state.component_mul(state)) + EFFORT * force * force
}

/// The controller to learn from.
pub fn expert() -> Result<Expert, Box<dyn Error>> {
    let (a, b) = plant::linear();
    let q = SMatrix::from_diagonal(&WEIGHTS);
    let params = MpcParams {
        a,
        b,
        now: State::zeros(),
        q,
        r: EFFORT,
        p: riccati::cost(&a, &b, &q, EFFORT)?,
        limit: FORCE,
    };
    Ok(Expert {
        mpc: Mpc::new()?,
        params,
    })
}

/// The controller that takes the cost of the last state for that of any other.
pub fn naive() -> Result<Learner, cvxlayers::Error> {
    let (a, b) = plant::linear();
    let params = ShortMpcParams {
        a,
        b,
        now: State::zeros(),
        q: SMatrix::from_diagonal(&WEIGHTS),
        r: EFFORT,
        f: SMatrix::from_diagonal(&WEIGHTS.map(f64::sqrt)),
        limit: FORCE,
    };
    Ok(Learner {
        mpc: ShortMpc::new()?,
        params,
    })
}

/// The short horizon with the cost of the endless one, which nobody has to learn who has a model.
pub fn informed() -> Result<Learner, Box<dyn Error>> {
    let mut learner = naive()?;
    let ShortMpcParams { a, b, q, r, .. } = &learner.params;
    let p = riccati::cost(a, b, q, *r)?;
    let factor = p.cholesky().ok_or("the cost of the endless horizon is singular")?;
    learner.params.f = factor.l().transpose();
    Ok(learner)
}

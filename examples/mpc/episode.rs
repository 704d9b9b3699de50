//! The closed loop of a controller and the nonlinear plant.

use crate::controller::{self, Controller};
use crate::plant::{self, FORCE, STEP, State};

/// At rest, the pole leaning by 29 degrees.
pub const START: State = State::new(0.0, 0.0, 0.5, 0.0);
/// Six seconds.
const STEPS: usize = 120;

/// States and forces of a run; there is one state more.
pub struct Episode {
    pub states: Vec<State>,
    pub forces: Vec<f64>,
}

/// Runs until the end, or until the pole lies flat.
pub fn run(controller: &mut impl Controller) -> Result<Episode, cvxlayers::Error> {
    let mut episode = Episode {
        states: vec![START],
        forces: Vec::new(),
    };
    let mut state = START;
    while episode.forces.len() < STEPS && !is_flat(&state) {
        let force = controller.force(&state)?;
        state = plant::advance(state, force);
        episode.forces.push(force);
        episode.states.push(state);
    }
    Ok(episode)
}

impl Episode {
    /// What all steps cost; nothing tells what a fall costs.
    pub fn cost(&self) -> Option<f64> {
        let steps = self.states.iter().zip(&self.forces);
        (!self.fell()).then(|| steps.map(|(state, &force)| controller::cost(state, force)).sum())
    }

    pub fn fell(&self) -> bool {
        self.states.last().is_some_and(is_flat)
    }

    /// When the run ended, in seconds.
    pub fn duration(&self) -> f64 {
        STEP * self.forces.len() as f64
    }

    /// How many of the forces are at a bound.
    pub fn saturated(&self) -> usize {
        self.forces.iter().filter(|force| force.abs() > FORCE - 1e-5).count()
    }

    /// How far the cart went.
    pub fn reach(&self) -> f64 {
        self.states
            .iter()
            .fold(0.0, |most: f64, state| most.max(state[0].abs()))
    }

    /// How far the last state is from rest.
    pub fn rest(&self) -> f64 {
        self.states.last().map_or(0.0, |state| state.norm())
    }
}

fn is_flat(state: &State) -> bool {
    state[2].abs() > std::f64::consts::FRAC_PI_2
}

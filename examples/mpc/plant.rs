//! A pole on a cart: a point mass at the end of a rod without mass, hinged on a cart that a force pushes.

use cvxlayers::nalgebra::{SMatrix, Vector4};

/// Position of the cart, its velocity, angle of the pole from upright, its rate; metres, radians and seconds.
pub type State = Vector4<f64>;

/// Seconds between two decisions.
pub const STEP: f64 = 0.05;
/// The most that the motor does, in newtons.
pub const FORCE: f64 = 10.0;

const CART: f64 = 1.0;
const POLE: f64 = 0.2;
const LENGTH: f64 = 0.5;
const GRAVITY: f64 = 9.81;
/// Steps of the integrator in a `STEP`.
const SUBSTEPS: u32 = 4;

/// The nonlinear equations of motion.
fn motion(state: &State, force: f64) -> State {
    let [_, velocity, angle, rate] = (*state).into();
    let (sin, cos) = angle.sin_cos();
    let thrust = force + POLE * sin * (LENGTH * rate * rate - GRAVITY * cos);
    let acceleration = thrust / (CART + POLE * sin * sin);
    State::new(
        velocity,
        acceleration,
        rate,
        (GRAVITY * sin - acceleration * cos) / LENGTH,
    )
}

/// The state after a `STEP` under a constant force, by the classical method of Runge and Kutta.
pub fn advance(mut state: State, force: f64) -> State {
    let h = STEP / f64::from(SUBSTEPS);
    for _ in 0..SUBSTEPS {
        let k1 = motion(&state, force);
        let k2 = motion(&(state + k1 * (h / 2.0)), force);
        let k3 = motion(&(state + k2 * (h / 2.0)), force);
        let k4 = motion(&(state + k3 * h), force);
        state += (k1 + (k2 + k3) * 2.0 + k4) * (h / 6.0);
    }
    state
}

/// `a` and `b` of the linear plant, exact for motions near upright and forces constant over a `STEP`.
pub fn linear() -> (SMatrix<f64, 4, 4>, SMatrix<f64, 4, 1>) {
    let fall = GRAVITY / LENGTH;
    let ratio = POLE / CART;
    // The state, and the force as a fifth that does not change.
    let continuous = SMatrix::<f64, 5, 5>::from([
        [0.0, 1.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, -ratio * GRAVITY, 0.0, 1.0 / CART],
        [0.0, 0.0, 0.0, 1.0, 0.0],
        [0.0, 0.0, (1.0 + ratio) * fall, 0.0, -1.0 / (CART * LENGTH)],
        [0.0, 0.0, 0.0, 0.0, 0.0],
    ])
    .transpose();
    let discrete = (continuous * STEP).exp();
    (
        discrete.fixed_view::<4, 4>(0, 0).into_owned(),
        discrete.fixed_view::<4, 1>(0, 4).into_owned(),
    )
}

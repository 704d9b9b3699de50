//! What an endless horizon without bounds costs.

use std::error::Error;

use cvxlayers::nalgebra::SMatrix;

const MAX_STEPS: u32 = 10_000;
const TOLERANCE: f64 = 1e-12;

/// The fixed point of the Riccati equation, by iterating it.
pub fn cost(
    a: &SMatrix<f64, 4, 4>,
    b: &SMatrix<f64, 4, 1>,
    q: &SMatrix<f64, 4, 4>,
    r: f64,
) -> Result<SMatrix<f64, 4, 4>, Box<dyn Error>> {
    let mut p = *q;
    for _ in 0..MAX_STEPS {
        let gain = (b.transpose() * p * a) / (r + b.dot(&(p * b)));
        let next = q + a.transpose() * p * (a - b * gain);
        let next = (next + next.transpose()) / 2.0;
        let change = (next - p).norm();
        p = next;
        if change <= TOLERANCE * p.norm() {
            return Ok(p);
        }
    }
    Err("the Riccati equation does not settle".into())
}

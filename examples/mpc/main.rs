//! A cart-pole under model predictive control: it catches the pole from an angle that takes all the force there is, and
//! a controller of a fifth of the horizon learns from its inputs what lies beyond its own.
//!
//! Run it with `cargo run --release --example mpc`.

#![allow(clippy::print_stdout, reason = "a program that reports to a person")]

mod controller;
mod episode;
mod learning;
mod plant;
mod plot;
mod report;
mod riccati;
mod table;

use std::error::Error;

use cvxlayers::cvx;

use learning::Samples;

cvx! {
    /// A second ahead.
    problem Mpc {
        const T: usize = 20;
        /// The plant, linear and discrete.
        param a: [4, 4];
        param b: [4, 1];
        /// Where it is now.
        param now: [4];
        /// Cost of each step, in the state and in the input.
        param q: [4, 4] psd;
        param r: nonneg;
        /// Cost of the last state: of all that comes after it.
        param p: [4, 4] psd;
        /// Most of the force, in either direction.
        param limit: nonneg;
        var x: [4, T + 1];
        var u: [1, T];

        minimize sum(t in 0..T, quad_form(x[.., t], q) + r * square(u[0, t])) + quad_form(x[.., T], p);
        subject_to {
            start: x[.., 0] == now;
            for t in 0..T {
                dynamics: x[.., t + 1] == a * x[.., t] + b * u[.., t];
            }
            bounds: -limit <= u <= limit;
        }
    }

    /// A fifth of a second ahead, with the cost of the last state in a form that can be learned: semidefinite for any
    /// factor.
    problem ShortMpc {
        const T: usize = 4;
        param a: [4, 4];
        param b: [4, 1];
        param now: [4];
        param q: [4, 4] psd;
        param r: nonneg;
        /// A factor of the cost of the last state, `fᵀf`.
        param f: [4, 4];
        param limit: nonneg;
        var x: [4, T + 1];
        var u: [1, T];

        minimize sum(t in 0..T, quad_form(x[.., t], q) + r * square(u[0, t])) + sum_squares(f * x[.., T]);
        subject_to {
            start: x[.., 0] == now;
            for t in 0..T {
                dynamics: x[.., t + 1] == a * x[.., t] + b * u[.., t];
            }
            bounds: -limit <= u <= limit;
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    report::setting();
    let mut expert = controller::expert()?;
    let expert_run = report::expert(&mut expert)?;

    let mut learner = controller::naive()?;
    let naive_run = episode::run(&mut learner)?;
    let (train, test) = Samples::of(&mut expert)?;
    let path = report::learning(&mut learner, &train, &test)?;
    let horizons = [expert.zero_vars().u.len(), learner.zero_vars().u.len()];
    let learned_run = report::comparison(&mut learner, horizons, &expert_run, &naive_run)?;
    report::timings(&mut expert, &mut learner)?;

    let file = plot::draw(&expert_run, &naive_run, &learned_run, &path)?;
    report::plot(&file);
    Ok(())
}

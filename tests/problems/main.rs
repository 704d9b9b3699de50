//! Problems from practice, whose optimum is known from elsewhere or proven by its dual variables, and their derivatives.
#![allow(missing_docs)]

mod control;
mod filtering;
mod images;
mod markets;
mod networks;
mod polynomials;
mod power;
mod puzzles;
mod regression;
mod separation;
mod transport;

//! The problem families that are measured, and where their numbers come from.
#![allow(dead_code, unused_imports, reason = "each benchmark takes some of them")]

mod conic;
mod control;
mod draw;
mod quadratic;
mod regression;

use std::fmt;

use cvxlayers::{Family, OfDims, Problem, Record, Settings};

pub use conic::{entropy, nearest_correlation, robust_lp};
pub use control::{MPC_SIZES, mpc, stochastic_control};
pub use draw::Draw;
pub use quadratic::{dense_qp, portfolio, sparse_qp};
pub use regression::{elastic_net, lasso, logistic, robust_ls};

type Drawn<T> = Box<dyn Fn(&mut Draw) -> T>;

/// A family at fixed dimensions.
pub struct Case<F: Family, C = OfDims> {
    /// That of the family.
    pub name: &'static str,
    /// The dimensions, by name.
    pub sizes: Vec<(&'static str, usize)>,
    make: Box<dyn Fn() -> Problem<F, C>>,
    point: Drawn<F::Params>,
}

impl<F: Family, C> fmt::Display for Case<F, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        self.sizes.iter().try_for_each(|(_, size)| write!(f, "-{size}"))
    }
}

impl<F: Family, C> Case<F, C> {
    fn new<const N: usize>(
        name: &'static str,
        sizes: [(&'static str, usize); N],
        make: impl Fn() -> Problem<F, C> + 'static,
        point: impl Fn(&mut Draw) -> F::Params + 'static,
    ) -> Self {
        Self {
            name,
            sizes: sizes.to_vec(),
            make: Box::new(make),
            point: Box::new(point),
        }
    }

    pub fn problem(&self, settings: Settings) -> Problem<F, C> {
        (self.make)().with_settings(settings)
    }

    /// The same points at each call; more of them begin with the same ones.
    pub fn points(&self, count: usize) -> Vec<F::Params> {
        let mut draw = Draw::new(1);
        (0..count).map(|_| (self.point)(&mut draw)).collect()
    }

    /// Likewise cotangents.
    pub fn cotangents(&self, count: usize) -> Vec<F::Vars> {
        let mut draw = Draw::new(2);
        let zero = (self.make)().zero_vars();
        let cotangent = |_| {
            let mut vars = zero.clone();
            for field in 0..F::Vars::NAMES.len() {
                vars.entries_mut(field).fill_with(|| draw.normal());
            }
            vars
        };
        (0..count).map(cotangent).collect()
    }
}

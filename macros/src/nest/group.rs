//! Nests that may meet in one place: they are filled again together, when one of their parameters has changed.

use std::collections::BTreeSet;

use super::{Map, Nest, Target};

/// Nests of one target, by their numbers, and the parameters that they read.
pub struct Group {
    pub place: Place,
    pub nests: Vec<usize>,
    pub params: BTreeSet<usize>,
}

/// A part of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Between two blocks of variables.
    P(usize, usize),
    /// Of a block.
    Q(usize),
    R,
    /// Of a cone block and a block of variables.
    A(usize, usize),
    /// Of a cone block.
    B(usize),
}

impl Target {
    fn place(&self) -> Place {
        match self {
            Target::P(one, other) => Place::P(one.block.min(other.block), one.block.max(other.block)),
            Target::Q(entry) => Place::Q(entry.block),
            Target::R => Place::R,
            Target::A(row, entry) => Place::A(row.cone, entry.block),
            Target::B(row) => Place::B(row.cone),
        }
    }
}

impl Map {
    /// The groups, in the order of their first nests.
    pub fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for (number, nest) in self.nests.iter().enumerate() {
            let place = nest.target.place();
            let known = groups.iter().position(|group| group.place == place);
            let known = known.unwrap_or_else(|| {
                groups.push(Group {
                    place,
                    nests: Vec::new(),
                    params: BTreeSet::new(),
                });
                groups.len() - 1
            });
            groups[known].nests.push(number);
            groups[known].params.extend(self.params_of(nest));
        }
        groups
    }

    /// The parameters that a nest reads.
    pub fn params_of(&self, nest: &Nest) -> BTreeSet<usize> {
        let mut params = BTreeSet::new();
        nest.coef.collect_params(&self.derived, &mut params);
        params
    }
}

//! What a place asks of the curvature of the expression in it.

use std::fmt::{self, Display, Formatter};

use crate::curvature::Curvature;
use crate::syntax::ast::{Relation, Sense};

#[derive(Clone, Copy)]
pub enum Demand {
    Affine,
    Convex,
    Concave,
}

impl Demand {
    pub fn of_objective(sense: Sense) -> Demand {
        match sense {
            Sense::Minimize => Demand::Convex,
            Sense::Maximize => Demand::Concave,
        }
    }

    /// Of the left and of the right side.
    pub fn of_sides(relation: Relation) -> [Demand; 2] {
        match relation {
            Relation::Equal | Relation::MatrixAtMost | Relation::MatrixAtLeast => [Demand::Affine, Demand::Affine],
            Relation::AtMost => [Demand::Convex, Demand::Concave],
            Relation::AtLeast => [Demand::Concave, Demand::Convex],
        }
    }

    pub fn met_by(self, curvature: Curvature) -> bool {
        match self {
            Demand::Affine => curvature.is_affine(),
            Demand::Convex => curvature.is_convex(),
            Demand::Concave => curvature.is_concave(),
        }
    }

    pub fn article(self) -> &'static str {
        match self {
            Demand::Affine => "an",
            Demand::Convex | Demand::Concave => "a",
        }
    }
}

impl Display for Demand {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Demand::Affine => "affine",
            Demand::Convex => "convex",
            Demand::Concave => "concave",
        })
    }
}

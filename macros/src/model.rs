//! A resolved problem: every name has a meaning and every expression a shape and a sign.

use proc_macro2::Ident;
use syn::{Attribute, Visibility};

use crate::conic::ConeKind;
use crate::dims::{Dim, Loop, Shape};
use crate::expr::ExprRef;
use crate::extent::Extent;
use crate::syntax::ast::{Relation, Sense};

pub struct Model {
    pub docs: Vec<Attribute>,
    pub vis: Visibility,
    pub name: Ident,
    /// Whether the cone program must be affine in the parameters.
    pub strict_dpp: bool,
    /// Whether the documentation explains the family.
    pub explain: bool,
    /// Whether it is convex in the logarithms of the variables.
    pub geometric: Option<Ident>,
    /// The run-time dimensions.
    pub dims: Vec<Ident>,
    pub params: Vec<Leaf>,
    /// What is given once, at construction.
    pub data: Vec<Leaf>,
    pub vars: Vec<Leaf>,
    /// Those that are affine in the variables: a solution has their values.
    pub lets: Vec<Let>,
    pub objective: Option<Objective>,
    pub constraints: Vec<Constraint>,
    pub duals: Vec<Dual>,
    /// What the run-time dimensions must satisfy besides being positive.
    pub requirements: Vec<Requirement>,
    /// Of dimensions, constants, leaves, `let`s and indices.
    pub declarations: Vec<Declaration>,
    /// How many loops there are: further ones are numbered from here on.
    pub loops: usize,
}

impl Model {
    /// The sparse parameters, whose patterns are given at construction.
    pub fn patterns(&self) -> impl Iterator<Item = &Leaf> {
        self.params.iter().filter(|leaf| leaf.attributes.sparse)
    }

    /// All sparse arrays.
    pub fn sparse(&self) -> impl Iterator<Item = &Leaf> {
        self.data
            .iter()
            .filter(|leaf| leaf.attributes.sparse)
            .chain(self.patterns())
    }

    /// Whether anything but dimensions is given at construction.
    pub fn has_data(&self) -> bool {
        !self.data.is_empty() || self.patterns().next().is_some()
    }
}

/// A name where it is declared, and where it stands in expressions, shapes and indices.
pub struct Declaration {
    pub name: Ident,
    pub uses: Vec<Ident>,
}

/// An expression whose indices are within bounds only where `room` is positive.
pub struct Requirement {
    pub expression: String,
    pub room: Dim,
}

/// A parameter, data or a variable.
pub struct Leaf {
    pub docs: Vec<Attribute>,
    pub name: Ident,
    pub shape: Shape,
    pub rank: Rank,
    pub attributes: Attributes,
}

/// A named expression.
pub struct Let {
    pub leaf: Leaf,
    pub value: ExprRef,
}

/// Which entries of a matrix are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    Full,
    /// Of a variable: the upper triangle, by columns.
    Symmetric,
    /// The diagonal; a variable has nothing else, a parameter has zeros.
    Diagonal,
    /// Of a parameter or of data: those of a pattern that is given at construction.
    Sparse,
}

/// How a shape was written, which decides the Rust type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    Scalar,
    Vector,
    Matrix,
    /// It has a mistake: the one who wrote it knows.
    Unknown,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// Strictly positive.
    pub pos: bool,
    pub nonneg: bool,
    pub nonpos: bool,
    /// Also where `psd` or `nsd` is written.
    pub symmetric: bool,
    pub psd: bool,
    pub nsd: bool,
    pub diagonal: bool,
    pub sparse: bool,
}

impl Attributes {
    /// The names of those that hold.
    pub fn names(self) -> Vec<&'static str> {
        let Attributes {
            pos,
            nonneg,
            nonpos,
            symmetric,
            psd,
            nsd,
            diagonal,
            sparse,
        } = self;
        let all = [
            (pos, "pos"),
            (nonneg, "nonneg"),
            (nonpos, "nonpos"),
            (symmetric, "symmetric"),
            (psd, "psd"),
            (nsd, "nsd"),
            (diagonal, "diagonal"),
            (sparse, "sparse"),
        ];
        all.into_iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, name)| name)
            .collect()
    }

    /// As a parameter or as data, which are given in full where they are symmetric.
    pub fn storage(self) -> Storage {
        match self {
            Attributes { sparse: true, .. } => Storage::Sparse,
            Attributes { diagonal: true, .. } => Storage::Diagonal,
            _ => Storage::Full,
        }
    }

    /// As a variable.
    pub fn storage_of_variable(self) -> Storage {
        match self {
            Attributes { diagonal: true, .. } => Storage::Diagonal,
            Attributes { symmetric: true, .. } => Storage::Symmetric,
            _ => Storage::Full,
        }
    }
}

pub struct Objective {
    pub sense: Sense,
    pub value: ExprRef,
}

/// One relation, of which a chain gives two, or one cone.
pub struct Constraint {
    /// The loops around it, the outermost first.
    pub loops: Vec<Loop>,
    pub claim: Claim,
    /// Of the dual variable of one turn.
    pub shape: Shape,
    pub extent: Extent,
    pub dual: Option<DualPlace>,
}

pub enum Claim {
    Relation(Relation, ExprRef, ExprRef),
    /// Affine expressions of one shape in a cone for each entry; all in one cone where it is a second-order one.
    Cone(ConeKind, Vec<ExprRef>),
}

/// Where the dual variable of a constraint goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DualPlace {
    pub dual: usize,
    pub bound: Bound,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The constraint is not part of a chain.
    Only,
    Lower,
    Upper,
}

/// A labelled constraint.
pub struct Dual {
    pub name: Ident,
    pub shape: Shape,
    pub rank: Rank,
    /// A chain: one dual variable for each bound.
    pub chain: bool,
}

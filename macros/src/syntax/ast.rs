//! What the user wrote, each node with its tokens.

use std::rc::Rc;

use proc_macro2::{Ident, TokenTree};
use syn::{Attribute, Visibility};

use crate::extent::Extent;

/// The input of one `cvx!`.
pub struct Input {
    /// The path of the runtime crate, which the wrapping macro hands over as `$crate`.
    pub runtime: TokenTree,
    /// Known in every problem.
    pub functions: Vec<Rc<Function>>,
    pub problems: Vec<Problem>,
}

pub struct Problem {
    pub docs: Vec<Attribute>,
    /// `#[strict_dpp]`
    pub strict_dpp: bool,
    /// `#[explain]`
    pub explain: bool,
    pub vis: Visibility,
    pub name: Ident,
    pub dims: Vec<Ident>,
    /// The word `geometric` behind the dimensions.
    pub geometric: Option<Ident>,
    pub consts: Vec<Const>,
    pub params: Vec<Declaration>,
    pub data: Vec<Declaration>,
    pub vars: Vec<Declaration>,
    pub lets: Vec<Let>,
    pub functions: Vec<Rc<Function>>,
    pub objectives: Vec<Objective>,
    pub constraints: Vec<Constraint>,
    /// The labels of constraints that did not parse.
    pub lost: Vec<Ident>,
    /// Whether every statement parsed.
    pub sound: bool,
    /// Whether every name is known, those of statements that did not parse as well.
    pub whole: bool,
}

/// `const T: usize = 20;`
pub struct Const {
    pub name: Ident,
    /// None where it did not parse.
    pub value: Option<Expr>,
}

/// What can be said of a parameter; all but the last of a variable as well.
pub const ATTRIBUTES: [&str; 8] = [
    "pos",
    "nonneg",
    "nonpos",
    "symmetric",
    "psd",
    "nsd",
    "diagonal",
    "sparse",
];

/// `param mu: [n] nonneg;`, `data a: [n];` or `var w: [n];`
pub struct Declaration {
    pub docs: Vec<Attribute>,
    pub name: Ident,
    /// None for a scalar; one expression for a column, two for a matrix.
    pub shape: Option<Rc<[Expr]>>,
    pub attributes: Vec<Ident>,
    /// Nothing but the name parsed.
    pub lost: bool,
}

pub struct Let {
    pub name: Ident,
    /// None where it did not parse.
    pub value: Option<Expr>,
}

/// `fn name(x, y) = expression;`
pub struct Function {
    pub name: Ident,
    pub params: Vec<Ident>,
    pub body: Expr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    Minimize,
    Maximize,
}

impl Sense {
    pub fn opposite(self) -> Sense {
        match self {
            Sense::Minimize => Sense::Maximize,
            Sense::Maximize => Sense::Minimize,
        }
    }
}

pub struct Objective {
    pub keyword: Extent,
    pub sense: Sense,
    pub value: Expr,
}

/// `t in first..last`
pub struct LoopHead {
    pub index: Ident,
    pub first: Expr,
    pub last: Expr,
}

/// One relation, a chain of two in the same direction, or a call that says that its arguments are in a cone.
pub struct Constraint {
    /// The loops around it, the outermost first.
    pub loops: Vec<Rc<LoopHead>>,
    pub label: Option<Ident>,
    pub first: Expr,
    pub rest: Vec<(Relation, Extent, Expr)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Equal,
    AtMost,
    AtLeast,
    /// `<<`: the difference is positive semidefinite.
    MatrixAtMost,
    /// `>>`
    MatrixAtLeast,
}

impl Relation {
    /// The same relation, read from the right.
    pub fn mirrored(self) -> Relation {
        match self {
            Relation::Equal => Relation::Equal,
            Relation::AtMost => Relation::AtLeast,
            Relation::AtLeast => Relation::AtMost,
            Relation::MatrixAtMost => Relation::MatrixAtLeast,
            Relation::MatrixAtLeast => Relation::MatrixAtMost,
        }
    }

    pub fn is_semidefinite(self) -> bool {
        matches!(self, Relation::MatrixAtMost | Relation::MatrixAtLeast)
    }
}

/// What is called as a constraint.
pub const CONES: [&str; 3] = ["soc", "exp_cone", "pow_cone"];

pub struct Expr {
    pub node: Node,
    pub extent: Extent,
    /// How many nodes lie on the longest way down.
    pub depth: usize,
}

/// What a thread's stack holds, with a good margin, of all that walks down an expression.
pub const MOST_DEPTH: usize = 500;

/// What compiles in seconds. A few names, each made of the one before twice, would stand for millions of operations.
pub const MOST_SIZE: usize = 10_000;

/// The same for what functions of parameters and products are written out as, with their derivatives.
pub const MOST_EXPANDED: usize = 100_000;

impl Expr {
    /// An error where the expression is nested too deeply.
    pub fn new(node: Node, extent: Extent) -> syn::Result<Expr> {
        let below = match &node {
            Node::Number(_) | Node::Name(_) => 0,
            Node::Negate(arg) | Node::Transpose(arg) | Node::Index(arg, _) | Node::Group(arg) => arg.depth,
            Node::Fold(_, _, arg) => arg.depth,
            Node::Call(_, args, _) | Node::Array(args) => args.iter().map(|arg| arg.depth).max().unwrap_or(0),
            Node::Binary(_, left, right) => left.depth.max(right.depth),
        };
        if below >= MOST_DEPTH {
            return Err(too_deep(extent));
        }
        Ok(Expr {
            node,
            extent,
            depth: below + 1,
        })
    }
}

pub fn too_large(extent: Extent) -> syn::Error {
    syn::Error::new_spanned(
        extent,
        format_args!(
            "more than {MOST_SIZE} operations, those of each `let` and `fn` counted wherever it is used\nhelp: solve for what is \
             used often: `var y;` and `y == …;` in `subject_to`"
        ),
    )
}

/// A few functions inside each other, each of which uses its argument several times, would be millions of operations.
pub fn too_expanded(extent: Extent) -> syn::Error {
    syn::Error::new_spanned(
        extent,
        format_args!(
            "more than {MOST_EXPANDED} operations once it is written out: `std`, `square` and products use what they are of \
             several times, those inside each other ever more often\nhelp: compute a part of it in Rust, and pass it as a `param`"
        ),
    )
}

/// An expression that nobody could read either.
pub fn too_deep(extent: Extent) -> syn::Error {
    syn::Error::new_spanned(
        extent,
        format_args!("more than {MOST_DEPTH} operations on each other\nhelp: use `sum`, or vectors instead of scalars"),
    )
}

pub enum Node {
    Number(f64),
    Name(Ident),
    /// A function of arguments, `axis = …` behind them.
    Call(Ident, Vec<Expr>, Option<Box<Expr>>),
    /// `[1, 2]`, or `[[1, 2], [3, 4]]` by rows.
    Array(Vec<Expr>),
    /// `sum(t in a..b, e)`
    Fold(Fold, Box<LoopHead>, Box<Expr>),
    Negate(Box<Expr>),
    Binary(Operator, Box<Expr>, Box<Expr>),
    Transpose(Box<Expr>),
    Index(Box<Expr>, Vec<Index>),
    Group(Box<Expr>),
}

/// What becomes of the turns of a loop inside an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    Sum,
    Max,
    Min,
}

/// What stands between brackets for one axis.
pub enum Index {
    /// `x[i]`
    At(Expr),
    /// `x[a..b]`, either end left out
    Range(Option<Box<Expr>>, Option<Box<Expr>>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

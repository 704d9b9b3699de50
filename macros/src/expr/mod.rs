//! Typed expressions: kind, shape, sign, and the user's tokens.

mod build;
mod constant;
mod origin;
mod promise;
mod size;

use std::fmt::{self, Display, Formatter};
use std::rc::Rc;

use crate::atoms::Atom;
use crate::dims::{Dim, Loop, Shape};
use crate::extent::Extent;
use crate::model::Storage;
use crate::sign::Sign;

pub use constant::Constant;
pub use origin::{found, origin};
pub use promise::Promise;
pub use size::Size;

/// A shared node: the value of a `let` is one node however often it is used.
pub type ExprRef = Rc<Expr>;

pub struct Expr {
    pub kind: Kind,
    pub shape: Shape,
    pub sign: Sign,
    pub extent: Extent,
    /// Semidefiniteness, where it is known from the structure: positive as `nonneg`, negative as `nonpos`.
    pub definite: Sign,
    /// Whether a matrix is known to equal its transpose.
    pub symmetric: bool,
    /// Whether a variable occurs.
    pub variables: bool,
    /// Whether a parameter occurs.
    pub parameters: bool,
    /// The loops whose indices occur, by their numbers.
    pub loops: Vec<usize>,
    pub constant: Constant,
    /// How many nodes lie on the longest way down, through every `let`.
    pub depth: usize,
    pub size: Size,
    text: String,
}

pub enum Kind {
    Number(f64),
    /// A dimension standing as a number.
    Size(Dim),
    Param(usize, Storage),
    /// What is known from construction on.
    Data(usize, Storage),
    /// A block of variables: the user's, or an auxiliary one.
    Block(usize),
    /// The free entries of a block, as a column.
    Packed(usize),
    /// One of the matrices of a symmetric block.
    Copy(usize, Dim),
    /// The use of a `let`.
    Named(ExprRef),
    /// The call of a user's function.
    Called(ExprRef),
    Negate(ExprRef),
    Add(ExprRef, ExprRef),
    /// Elementwise; a scalar factor broadcasts.
    Multiply(ExprRef, ExprRef),
    /// The matrix product.
    Product(ExprRef, ExprRef),
    /// Elementwise; a scalar denominator broadcasts.
    Divide(ExprRef, ExprRef),
    Transpose(ExprRef),
    Sum(ExprRef),
    /// The sum over the turns of a loop.
    SumOver(Loop, ExprRef),
    /// The largest over the turns of a loop.
    Extreme(Loop, ExprRef),
    /// Entries in other places.
    Move(Move, ExprRef),
    /// A literal array, by columns.
    Literal(Rc<[f64]>),
    /// The entries within a window, as many as the shape says.
    Slice(ExprRef, Window),
    Atom(&'static Atom, Vec<ExprRef>),
    /// The logarithm of a sum of exponentials, in each place: only where a geometric problem became a convex one.
    LogSumExp(Vec<Term>),
    /// A quadratic form that stays one: only in a canonicalized objective.
    Quadratic(Quadratic),
}

/// What is summed over the turns of its loops, the first of them outermost.
#[derive(Clone)]
pub struct Term {
    pub loops: Vec<Loop>,
    pub value: ExprRef,
}

/// Where entries go, as the shape says.
#[derive(Clone, Debug, PartialEq)]
pub enum Move {
    /// To this row and column, among zeros.
    Place(Dim, Dim),
    /// From a column to the diagonal of a matrix.
    ToDiagonal,
    /// From the diagonal of a matrix to a column.
    FromDiagonal,
    /// To another shape, in the order of columns.
    Reshape,
    /// The sums down each column.
    Cumulate,
    /// Nowhere, for what is not above the diagonal.
    AboveDiagonal,
    /// To every row, or to every column.
    Repeat,
}

/// Where a slice begins.
#[derive(Clone)]
pub struct Window {
    pub row: Dim,
    pub col: Dim,
    /// The indices as they were written.
    pub text: String,
}

pub enum Quadratic {
    /// The square of each entry.
    Square(ExprRef),
    /// The sum of the squares of the entries.
    SumSquares(ExprRef),
    /// `xᵀPx` of a column `x`.
    Form(ExprRef, ExprRef),
}

impl Expr {
    /// Whether this is written as the transpose of `other`.
    pub fn is_transpose_of(&self, other: &Expr) -> bool {
        match &self.kind {
            Kind::Transpose(arg) => arg.text == other.text,
            Kind::Named(arg) | Kind::Called(arg) => arg.is_transpose_of(other),
            _ => false,
        }
    }

    /// Whether this is a sum that was written as `dot(a, b)`.
    pub fn is_dot(&self) -> bool {
        matches!(self.kind, Kind::Sum(_)) && self.text.starts_with("dot(")
    }

    /// The parameter or the data of which this is a part, a transpose or a sum.
    pub fn declared(&self) -> Option<&Expr> {
        match &self.kind {
            Kind::Param(..) | Kind::Data(..) => Some(self),
            Kind::Named(arg)
            | Kind::Negate(arg)
            | Kind::Transpose(arg)
            | Kind::Sum(arg)
            | Kind::SumOver(_, arg)
            | Kind::Move(_, arg)
            | Kind::Slice(arg, _) => arg.declared(),
            _ => None,
        }
    }

    /// The text of `factor * x`.
    pub fn times(factor: &str, x: &Expr) -> String {
        format!("{factor} * {}", x.within(Level::Unary))
    }

    /// The operands, in the order written.
    pub fn children(&self) -> Vec<&ExprRef> {
        children(&self.kind)
    }

    fn level(&self) -> Level {
        match &self.kind {
            Kind::Add(..) => Level::Sum,
            Kind::Multiply(a, b) if a.shape.is_scalar() || b.shape.is_scalar() => Level::Product,
            Kind::Product(..) | Kind::Divide(..) => Level::Product,
            Kind::Negate(_) => Level::Unary,
            Kind::Move(Move::Repeat, arg) => arg.level(),
            _ => Level::Postfix,
        }
    }

    /// The text, in parentheses where it would not bind as strongly as `level`.
    fn within(&self, level: Level) -> String {
        if self.level() < level {
            format!("({self})")
        } else {
            self.to_string()
        }
    }
}

/// How strongly an operator binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Sum,
    Product,
    Unary,
    Postfix,
}

fn children(kind: &Kind) -> Vec<&ExprRef> {
    match kind {
        Kind::Number(_)
        | Kind::Size(_)
        | Kind::Literal(_)
        | Kind::Param(..)
        | Kind::Data(..)
        | Kind::Block(_)
        | Kind::Packed(_)
        | Kind::Copy(..) => {
            vec![]
        }
        Kind::Named(arg)
        | Kind::Called(arg)
        | Kind::Negate(arg)
        | Kind::Transpose(arg)
        | Kind::Sum(arg)
        | Kind::SumOver(_, arg)
        | Kind::Extreme(_, arg)
        | Kind::Move(_, arg)
        | Kind::Slice(arg, ..) => {
            vec![arg]
        }
        Kind::Add(a, b) | Kind::Multiply(a, b) | Kind::Product(a, b) | Kind::Divide(a, b) => vec![a, b],
        Kind::Atom(_, args) => args.iter().collect(),
        Kind::LogSumExp(terms) => terms.iter().map(|term| &term.value).collect(),
        Kind::Quadratic(Quadratic::Square(arg) | Quadratic::SumSquares(arg)) => vec![arg],
        Kind::Quadratic(Quadratic::Form(x, p)) => vec![x, p],
    }
}

pub fn call(name: &str, args: &[ExprRef]) -> String {
    let args: Vec<_> = args.iter().map(|arg| arg.to_string()).collect();
    format!("{name}({})", args.join(", "))
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for range in &self.loops {
            write!(f, "for {range} ")?;
        }
        write!(f, "{}", self.value)
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

//! Constructors: each knows the shape, the sign and the text of what it builds.

use std::rc::Rc;

use super::constant::Constant;
use super::promise::{definite, symmetric};
use super::{Expr, ExprRef, Kind, Level, Move, Promise, Quadratic, Size, Term, Window, children};
use crate::atoms::Atom;
use crate::dims::{Dim, Loop, Shape, Symbol};
use crate::extent::Extent;
use crate::literal;
use crate::sign::Sign;

impl Expr {
    pub fn number(value: f64, extent: Extent) -> ExprRef {
        build(
            Kind::Number(value),
            Shape::scalar(),
            Sign::of(value),
            extent,
            value.to_string(),
        )
    }

    /// An array of one value.
    pub fn filled(value: f64, shape: Shape, text: String, extent: Extent) -> ExprRef {
        build(Kind::Number(value), shape, Sign::of(value), extent, text)
    }

    /// A literal array, by columns.
    pub fn literal(entries: Vec<f64>, shape: Shape, text: String, extent: Extent) -> ExprRef {
        let promise = literal::promise(&entries, &shape);
        assemble(Kind::Literal(entries.into()), shape, promise, extent, text)
    }

    pub fn size(dim: Dim, extent: Extent) -> ExprRef {
        let text = dim.to_string();
        build(Kind::Size(dim), Shape::scalar(), Sign::NONNEG, extent, text)
    }

    /// A parameter, data, or a block of the user's variables.
    pub fn leaf(kind: Kind, name: &str, shape: Shape, promise: Promise, extent: Extent) -> ExprRef {
        assemble(kind, shape, promise, extent, name.into())
    }

    pub fn block(id: usize, name: &str, shape: Shape, sign: Sign, extent: Extent) -> ExprRef {
        build(Kind::Block(id), shape, sign, extent, name.into())
    }

    pub fn copy_of_block(id: usize, name: &str, which: Dim, shape: Shape) -> ExprRef {
        let text = if which == Dim::zero() {
            name.to_owned()
        } else {
            format!("{name}[turn {which}]")
        };
        build(
            Kind::Copy(id, which),
            shape,
            Sign::UNKNOWN,
            crate::conic::nowhere(),
            text,
        )
    }

    pub fn packed(id: usize, name: &str, shape: Shape, extent: Extent) -> ExprRef {
        build(
            Kind::Packed(id),
            shape,
            Sign::UNKNOWN,
            extent,
            format!("packed({name})"),
        )
    }

    pub fn named(name: &str, value: ExprRef, extent: Extent) -> ExprRef {
        let (shape, sign) = (value.shape.clone(), value.sign);
        build(Kind::Named(value), shape, sign, extent, name.into())
    }

    /// An expression of which more is known than is seen.
    pub fn promised(arg: ExprRef, promise: Promise, text: String, extent: Extent) -> ExprRef {
        let shape = arg.shape.clone();
        assemble(Kind::Named(arg), shape, promise, extent, text)
    }

    /// The call of a user's function, expanded.
    pub fn called(text: &str, value: ExprRef, extent: Extent) -> ExprRef {
        let (shape, sign) = (value.shape.clone(), value.sign);
        build(Kind::Called(value), shape, sign, extent, text.into())
    }

    pub fn negate(arg: ExprRef, extent: Extent) -> ExprRef {
        let (shape, sign) = (arg.shape.clone(), -arg.sign);
        let text = format!("-{}", arg.within(Level::Unary));
        build(Kind::Negate(arg), shape, sign, extent, text)
    }

    /// The shapes are equal, or one is a scalar.
    pub fn add(a: ExprRef, b: ExprRef, extent: Extent) -> ExprRef {
        let (shape, sign) = (broadcast(&a, &b), a.sign + b.sign);
        let text = match &b.kind {
            Kind::Negate(b) => format!("{a} - {}", b.within(Level::Product)),
            _ => format!("{a} + {b}"),
        };
        build(Kind::Add(a, b), shape, sign, extent, text)
    }

    pub fn subtract(a: ExprRef, b: ExprRef, extent: Extent) -> ExprRef {
        let negated = Expr::negate(b.clone(), b.extent);
        Expr::add(a, negated, extent)
    }

    /// The shapes are equal, or one is a scalar.
    pub fn multiply(a: ExprRef, b: ExprRef, extent: Extent) -> ExprRef {
        let shape = broadcast(&a, &b);
        let sign = if a.text == b.text {
            Sign::NONNEG
        } else {
            a.sign * b.sign
        };
        let text = if a.shape.is_scalar() || b.shape.is_scalar() {
            format!("{} * {}", a.within(Level::Product), b.within(Level::Unary))
        } else {
            format!("multiply({a}, {b})")
        };
        build(Kind::Multiply(a, b), shape, sign, extent, text)
    }

    /// The inner dimensions are equal.
    pub fn product(a: ExprRef, b: ExprRef, extent: Extent) -> ExprRef {
        let shape = Shape::new(a.shape.rows.clone(), b.shape.cols.clone());
        let sign = a.sign * b.sign;
        let text = format!("{} * {}", a.within(Level::Product), b.within(Level::Unary));
        build(Kind::Product(a, b), shape, sign, extent, text)
    }

    /// The shapes are equal, or the denominator is a scalar.
    pub fn divide(a: ExprRef, b: ExprRef, extent: Extent) -> ExprRef {
        let (shape, sign) = (a.shape.clone(), a.sign * b.sign);
        let text = format!("{} / {}", a.within(Level::Product), b.within(Level::Unary));
        build(Kind::Divide(a, b), shape, sign, extent, text)
    }

    pub fn transpose(arg: ExprRef, extent: Extent) -> ExprRef {
        let (shape, sign) = (arg.shape.transposed(), arg.sign);
        let text = format!("{}.T", arg.within(Level::Postfix));
        build(Kind::Transpose(arg), shape, sign, extent, text)
    }

    /// The transpose; of a transpose, what was transposed.
    pub fn turned(arg: &ExprRef) -> ExprRef {
        match &arg.kind {
            Kind::Transpose(inner) => inner.clone(),
            _ => Expr::transpose(arg.clone(), arg.extent),
        }
    }

    pub fn slice(arg: ExprRef, window: Window, shape: Shape, extent: Extent) -> ExprRef {
        let (sign, text) = (arg.sign, format!("{}[{}]", arg.within(Level::Postfix), window.text));
        build(Kind::Slice(arg, window), shape, sign, extent, text)
    }

    pub fn sum(arg: ExprRef, extent: Extent) -> ExprRef {
        let (sign, text) = (arg.sign, format!("sum({arg})"));
        build(Kind::Sum(arg), Shape::scalar(), sign, extent, text)
    }

    /// `text` is how the loop was written.
    pub fn sum_over(range: Loop, arg: ExprRef, text: &str, extent: Extent) -> ExprRef {
        let (shape, sign, text) = (arg.shape.clone(), arg.sign, format!("sum({text}, {arg})"));
        build(Kind::SumOver(range, arg), shape, sign, extent, text)
    }

    /// The largest over a loop; `text` is how the loop was written.
    pub fn max_over(range: Loop, arg: ExprRef, text: &str, extent: Extent) -> ExprRef {
        let (shape, sign, text) = (arg.shape.clone(), arg.sign, format!("max({text}, {arg})"));
        build(Kind::Extreme(range, arg), shape, sign, extent, text)
    }

    /// `text` is how it was written.
    pub fn moved(change: Move, arg: ExprRef, shape: Shape, text: String, extent: Extent) -> ExprRef {
        let sign = match change {
            Move::FromDiagonal if arg.definite.nonneg || arg.definite.nonpos => arg.definite,
            _ => arg.sign,
        };
        build(Kind::Move(change, arg), shape, sign, extent, text)
    }

    /// A row or a column in every row or column of a shape; nothing of it is written.
    pub fn repeat(arg: ExprRef, shape: Shape) -> ExprRef {
        let (text, extent) = (arg.to_string(), arg.extent);
        Expr::moved(Move::Repeat, arg, shape, text, extent)
    }

    /// The sum of the elementwise product.
    pub fn dot(a: ExprRef, b: ExprRef, extent: Extent) -> ExprRef {
        let text = format!("dot({a}, {b})");
        let product = Expr::multiply(a, b, extent);
        let sign = product.sign;
        build(Kind::Sum(product), Shape::scalar(), sign, extent, text)
    }

    /// `text` is how it was written.
    pub fn atom(atom: &'static Atom, args: Vec<ExprRef>, shape: Shape, text: String, extent: Extent) -> ExprRef {
        let sign = (atom.sign)(&args);
        build(Kind::Atom(atom, args), shape, sign, extent, text)
    }

    pub fn quadratic(form: Quadratic, extent: Extent) -> ExprRef {
        let (shape, text) = match &form {
            Quadratic::Square(arg) => (arg.shape.clone(), format!("square({arg})")),
            Quadratic::SumSquares(arg) => (Shape::scalar(), format!("sum_squares({arg})")),
            Quadratic::Form(x, p) => (Shape::scalar(), format!("quad_form({x}, {p})")),
        };
        build(Kind::Quadratic(form), shape, Sign::UNKNOWN, extent, text)
    }

    /// Each term has the shape, or is a scalar. `text` is what it is the logarithm of: the terms of a product of sums
    /// hold each other, and would be a text without end.
    pub fn log_sum_exp(terms: Vec<Term>, shape: Shape, text: &str, extent: Extent) -> ExprRef {
        let text = format!("log({text})");
        build(Kind::LogSumExp(terms), shape, Sign::UNKNOWN, extent, text)
    }

    /// A leaf where it is used.
    pub fn moved_to(&self, extent: Extent) -> ExprRef {
        let (shape, text) = (self.shape.clone(), &self.text);
        let promise = Promise {
            sign: self.sign,
            definite: self.definite,
            symmetric: self.symmetric,
        };
        let kind = match self.kind {
            Kind::Param(id, storage) => Kind::Param(id, storage),
            Kind::Data(id, storage) => Kind::Data(id, storage),
            Kind::Block(id) => Kind::Block(id),
            _ => unreachable!("only leaves are declared"),
        };
        Expr::leaf(kind, text, shape, promise, extent)
    }
}

fn build(kind: Kind, shape: Shape, sign: Sign, extent: Extent, text: String) -> ExprRef {
    let promise = Promise {
        sign,
        definite: definite(&kind),
        symmetric: symmetric(&kind),
    };
    assemble(kind, shape, promise, extent, text)
}

fn assemble(kind: Kind, shape: Shape, promise: Promise, extent: Extent, text: String) -> ExprRef {
    let Promise {
        sign,
        definite,
        symmetric,
    } = promise;
    let (scalar, square) = (shape.is_scalar(), shape.rows == shape.cols);
    let operands = children(&kind);
    let variables =
        matches!(kind, Kind::Block(_) | Kind::Packed(_) | Kind::Copy(..)) || operands.iter().any(|arg| arg.variables);
    let parameters = matches!(kind, Kind::Param(..)) || operands.iter().any(|arg| arg.parameters);
    let loops = loops(&kind, &operands);
    let depth = 1 + operands.iter().map(|arg| arg.depth).max().unwrap_or(0);
    let size = Size::of(&kind, variables);
    let constant = if scalar && !variables && !parameters {
        Constant::of(&kind)
    } else {
        Constant::default()
    };
    let sign = constant.sign().unwrap_or(sign);
    Rc::new(Expr {
        depth,
        constant,
        size,
        loops,
        kind,
        shape,
        sign,
        definite: if scalar { sign } else { definite },
        symmetric: scalar || symmetric && square,
        extent,
        variables,
        parameters,
        text,
    })
}

fn loops(kind: &Kind, operands: &[&ExprRef]) -> Vec<usize> {
    let mut loops: Vec<usize> = operands.iter().flat_map(|arg| arg.loops.iter().copied()).collect();
    let own: &[&Dim] = match kind {
        Kind::Size(dim) => &[dim],
        Kind::Slice(_, window) => &[&window.row, &window.col],
        Kind::Copy(_, which) => &[which],
        Kind::Move(Move::Place(row, col), _) => &[row, col],
        Kind::SumOver(range, _) | Kind::Extreme(range, _) => &[&range.extent],
        _ => &[],
    };
    for symbol in own.iter().flat_map(|dim| dim.symbols()) {
        if let Symbol::Loop(number, _) = symbol {
            loops.push(*number);
        }
    }
    if let Kind::SumOver(range, _) | Kind::Extreme(range, _) = kind
        && let Symbol::Loop(bound, _) = &range.symbol
    {
        loops.retain(|number| number != bound);
    }
    if let Kind::LogSumExp(terms) = kind {
        let ranges = || terms.iter().flat_map(|term| &term.loops);
        let extents = ranges().flat_map(|range| range.extent.symbols());
        loops.extend(extents.filter_map(Symbol::number));
        loops.retain(|number| !ranges().any(|range| range.symbol.number() == Some(*number)));
    }
    loops.sort_unstable();
    loops.dedup();
    loops
}

fn broadcast(a: &Expr, b: &Expr) -> Shape {
    if a.shape.is_scalar() {
        b.shape.clone()
    } else {
        a.shape.clone()
    }
}

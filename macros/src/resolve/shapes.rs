//! Affine functions: each expands into operators, slices and moves of entries.

use proc_macro2::Ident;

use super::names::Names;
use crate::dims::{Dim, Loop, Shape, Symbol};
use crate::expr::{Expr, ExprRef, Kind, Move, Window, call, found, origin};
use crate::extent::Extent;
use crate::known;
use crate::model::Storage;

/// One call: its name, its place, and how it was written.
pub struct Call<'a> {
    pub name: &'a Ident,
    pub extent: Extent,
    pub text: String,
}

impl Call<'_> {
    fn build(&self, change: Move, arg: ExprRef, shape: Shape) -> ExprRef {
        Expr::moved(change, arg, shape, self.text.clone(), self.extent)
    }

    /// An expansion under the text of the call.
    fn expanded(&self, value: ExprRef) -> ExprRef {
        Expr::named(&self.text, value, self.extent)
    }

    pub fn refuse<T>(&self, names: &Names<'_>, expected: impl std::fmt::Display) -> Option<T> {
        names
            .report
            .error(self.extent, format_args!("`{}` takes {expected}", self.name));
        None
    }

    pub fn require_square(&self, arg: &ExprRef, names: &Names<'_>) -> Option<()> {
        if arg.shape.rows == arg.shape.cols {
            return Some(());
        }
        self.refuse(names, format_args!("a square matrix: {}", found(&[arg])))
    }

    fn require_vector(&self, arg: &ExprRef, names: &Names<'_>) -> Option<()> {
        if arg.shape.is_vector() {
            return Some(());
        }
        self.refuse(names, format_args!("a vector: {}", found(&[arg])))
    }

    fn require_constant(&self, arg: &ExprRef, names: &Names<'_>) -> Option<()> {
        if !arg.variables {
            return Some(());
        }
        self.refuse(names, format_args!("a first argument without variables, found `{arg}`"))
    }

    pub fn sum(&self, arg: ExprRef, axis: Option<Axis>) -> ExprRef {
        match axis {
            None => Expr::sum(arg, self.extent),
            Some(Axis::Rows) => {
                let row = Shape::new(Dim::one(), arg.shape.rows.clone());
                self.expanded(Expr::product(ones_of(row, self.extent), arg, self.extent))
            }
            Some(Axis::Cols) => {
                let column = Shape::new(arg.shape.cols.clone(), Dim::one());
                self.expanded(Expr::product(arg, ones_of(column, self.extent), self.extent))
            }
        }
    }

    pub fn mean(&self, arg: ExprRef, axis: Option<Axis>) -> ExprRef {
        let count = match axis {
            None => arg.shape.size(),
            Some(Axis::Rows) => arg.shape.rows.clone(),
            Some(Axis::Cols) => arg.shape.cols.clone(),
        };
        let sum = self.sum(arg, axis);
        let count = Expr::size(count, self.extent);
        self.expanded(Expr::divide(sum, count, self.extent))
    }

    /// Below each other, or beside each other.
    pub fn stack(&self, args: Vec<ExprRef>, along: Axis, names: &Names<'_>) -> Option<ExprRef> {
        let Some(first) = args.first() else {
            return self.refuse(names, "at least one argument, found none");
        };
        let across = |e: &ExprRef| match along {
            Axis::Rows => e.shape.cols.clone(),
            Axis::Cols => e.shape.rows.clone(),
        };
        let length = |e: &ExprRef| match along {
            Axis::Rows => e.shape.rows.clone(),
            Axis::Cols => e.shape.cols.clone(),
        };
        if let Some(other) = args.iter().find(|other| across(other) != across(first)) {
            let what = match along {
                Axis::Rows => "as many columns",
                Axis::Cols => "as many rows",
            };
            let help = self
                .fitting(&args, along)
                .map_or_else(String::new, |better| format!("\nhelp: did you mean `{better}`?"));
            return self.refuse(
                names,
                format_args!("arguments of {what}: {}{help}", found(&[first, other])),
            );
        }
        let total = args.iter().fold(Dim::zero(), |total, arg| &total + &length(arg));
        let shape = match along {
            Axis::Rows => Shape::new(total, across(first)),
            Axis::Cols => Shape::new(across(first), total),
        };
        let mut before = Dim::zero();
        let mut placed = Vec::new();
        for arg in args {
            let place = match along {
                Axis::Rows => Move::Place(before.clone(), Dim::zero()),
                Axis::Cols => Move::Place(Dim::zero(), before.clone()),
            };
            before = &before + &length(&arg);
            let (text, extent) = (arg.to_string(), arg.extent);
            placed.push(Expr::moved(place, arg, shape.clone(), text, extent));
        }
        // By halves, so that a stack of many is not a deep one.
        while placed.len() > 1 {
            let pairs = placed.chunks(2).map(|pair| match pair {
                [one, other] => Expr::add(one.clone(), other.clone(), self.extent),
                _ => pair[0].clone(),
            });
            placed = pairs.collect();
        }
        Some(self.expanded(placed.pop()?))
    }

    /// A stack of the same in which one argument is transposed, or the other way.
    fn fitting(&self, args: &[ExprRef], along: Axis) -> Option<String> {
        let across = |e: &ExprRef, along| match along {
            Axis::Rows => e.shape.cols.clone(),
            Axis::Cols => e.shape.rows.clone(),
        };
        let fits = |args: &[ExprRef], along| args.iter().all(|arg| across(arg, along) == across(&args[0], along));
        let (other, function) = match along {
            Axis::Rows => (Axis::Cols, "hstack"),
            Axis::Cols => (Axis::Rows, "vstack"),
        };
        if self.name != "hstack" && self.name != "vstack" {
            return None;
        }
        if fits(args, other) {
            return Some(call(function, args));
        }
        (0..args.len()).rev().find_map(|place| {
            let mut args = args.to_vec();
            args[place] = Expr::turned(&args[place]);
            fits(&args, along).then(|| call(&self.name.to_string(), &args))
        })
    }

    pub fn diag(&self, arg: ExprRef, names: &Names<'_>) -> Option<ExprRef> {
        let n = arg.shape.rows.clone();
        if arg.shape.cols.is_one() {
            return Some(self.build(Move::ToDiagonal, arg, Shape::new(n.clone(), n)));
        }
        if arg.shape.rows.is_one() {
            let n = arg.shape.cols.clone();
            let column = Expr::transpose(arg, self.extent);
            return Some(self.build(Move::ToDiagonal, column, Shape::new(n.clone(), n)));
        }
        self.require_square(&arg, names)?;
        Some(self.build(Move::FromDiagonal, arg, Shape::new(n, Dim::one())))
    }

    pub fn trace(&self, arg: ExprRef, names: &Names<'_>) -> Option<ExprRef> {
        self.require_square(&arg, names)?;
        let column = Shape::new(arg.shape.rows.clone(), Dim::one());
        let diagonal = Expr::moved(Move::FromDiagonal, arg, column, self.text.clone(), self.extent);
        Some(self.expanded(Expr::sum(diagonal, self.extent)))
    }

    /// Each row less the one above it; of a row vector, each entry less the one before it.
    pub fn diff(&self, arg: ExprRef, names: &mut Names<'_>) -> Option<ExprRef> {
        let along_row = arg.shape.rows.is_one();
        let length = if along_row { &arg.shape.cols } else { &arg.shape.rows };
        let shorter = length - &Dim::one();
        let fact = found(&[&arg]);
        names.require(&self.text, shorter.clone(), self.extent, &fact)?;
        let shape = if along_row {
            Shape::new(Dim::one(), shorter)
        } else {
            Shape::new(shorter, arg.shape.cols.clone())
        };
        let part = |row: Dim, col: Dim, text: &str| {
            let window = Window {
                row,
                col,
                text: text.into(),
            };
            Expr::slice(arg.clone(), window, shape.clone(), self.extent)
        };
        let later = if along_row {
            part(Dim::zero(), Dim::one(), "1..")
        } else {
            part(Dim::one(), Dim::zero(), "1..")
        };
        let earlier = part(Dim::zero(), Dim::zero(), "..-1");
        Some(self.expanded(Expr::subtract(later, earlier, self.extent)))
    }

    pub fn cumsum(&self, arg: ExprRef) -> ExprRef {
        let shape = arg.shape.clone();
        if arg.shape.rows.is_one() {
            let column = Expr::transpose(arg, self.extent);
            let sums = self.build(Move::Cumulate, column, shape.transposed());
            return self.expanded(Expr::transpose(sums, self.extent));
        }
        self.build(Move::Cumulate, arg, shape)
    }

    pub fn outer(&self, a: ExprRef, b: ExprRef, names: &Names<'_>) -> Option<ExprRef> {
        self.require_vector(&a, names)?;
        self.require_vector(&b, names)?;
        let column = if a.shape.cols.is_one() {
            a
        } else {
            Expr::transpose(a, self.extent)
        };
        let row = if b.shape.cols.is_one() {
            Expr::transpose(b, self.extent)
        } else {
            b
        };
        Some(self.expanded(Expr::product(column, row, self.extent)))
    }

    pub fn reshape(&self, arg: ExprRef, shape: Shape, names: &Names<'_>) -> Option<ExprRef> {
        if arg.shape.size() != shape.size() {
            return self.refuse(
                names,
                format_args!(
                    "a shape of as many entries as `{arg}`, which is {}: found {shape}{}",
                    arg.shape,
                    origin(&[&arg])
                ),
            );
        }
        if let Some(culprit) = not_stored(&arg) {
            names.report.error_with_help(
                culprit.extent,
                format_args!("the entries of `{culprit}` are not stored in the order of columns"),
                format_args!("declare a parameter of the shape `{shape}` instead"),
            );
            return None;
        }
        Some(self.build(Move::Reshape, arg, shape))
    }

    /// `Σᵢⱼ aᵢⱼ` times `b` at the place of block `(i, j)`.
    pub fn kron(&self, a: ExprRef, b: ExprRef, names: &mut Names<'_>) -> Option<ExprRef> {
        self.require_constant(&a, names)?;
        let (i, j) = (turns(&a.shape.rows, "i", names), turns(&a.shape.cols, "j", names));
        let shape = Shape::new(&a.shape.rows * &b.shape.rows, &a.shape.cols * &b.shape.cols);
        let place = Move::Place(&b.shape.rows * &i.index(), &b.shape.cols * &j.index());
        let weight = entry(&a, i.index(), j.index(), self.extent);
        let placed = Expr::moved(place, b.clone(), shape, format!("placed({b})"), self.extent);
        let block = Expr::multiply(weight, placed, self.extent);
        Some(self.expanded(self.over([j, i], block)))
    }

    /// `Σᵢ aᵢ` times `x` shifted by `i`.
    pub fn conv(&self, a: ExprRef, x: ExprRef, names: &mut Names<'_>) -> Option<ExprRef> {
        self.require_constant(&a, names)?;
        for arg in [&a, &x] {
            if !arg.shape.cols.is_one() {
                let help = if arg.shape.rows.is_one() {
                    let column = |arg: &ExprRef| {
                        if arg.shape.rows.is_one() {
                            Expr::turned(arg)
                        } else {
                            arg.clone()
                        }
                    };
                    format!("\nhelp: did you mean `conv({}, {})`?", column(&a), column(&x))
                } else {
                    String::new()
                };
                return self.refuse(names, format_args!("two columns: {}{help}", found(&[arg])));
            }
        }
        let i = turns(&a.shape.rows, "i", names);
        let length = &(&a.shape.rows + &x.shape.rows) - &Dim::one();
        let weight = entry(&a, i.index(), Dim::zero(), self.extent);
        let place = Move::Place(i.index(), Dim::zero());
        let shape = Shape::new(length, Dim::one());
        let shifted = Expr::moved(place, x.clone(), shape, format!("shifted({x})"), self.extent);
        let term = Expr::multiply(weight, shifted, self.extent);
        Some(self.expanded(self.over([i], term)))
    }

    /// The entries above the diagonal, row by row.
    pub fn upper_tri(&self, arg: ExprRef, names: &mut Names<'_>) -> Option<ExprRef> {
        self.require_square(&arg, names)?;
        let n = arg.shape.rows.clone();
        let count = &Dim::triangle(&n) - &n;
        let fact = found(&[&arg]);
        names.require(&self.text, &n - &Dim::one(), self.extent, &fact)?;
        let (i, j) = (turns(&n, "i", names), turns(&n, "j", names));
        // Before row i there are n - 1, n - 2, … entries.
        let before = &(&(&n + &Dim::one()) * &i.index()) - &(&Dim::triangle(&i.index()) + &i.index());
        let place = &(&before + &j.index()) - &(&i.index() + &Dim::one());
        let upper = Expr::moved(
            Move::AboveDiagonal,
            arg.clone(),
            arg.shape.clone(),
            self.text.clone(),
            self.extent,
        );
        let upper = entry(&upper, i.index(), j.index(), self.extent);
        let column = Shape::new(count, Dim::one());
        let place = Move::Place(place, Dim::zero());
        let placed = Expr::moved(place, upper, column, format!("placed({arg})"), self.extent);
        Some(self.expanded(self.over([j, i], placed)))
    }

    /// A square matrix with the given entries above its diagonal, row by row, and zeros elsewhere.
    pub fn vec_to_upper_tri(&self, x: ExprRef, order: &ExprRef, names: &mut Names<'_>) -> Option<ExprRef> {
        let Some((n, 1)) = known::quotient(order) else {
            return self.refuse(
                names,
                format_args!("a dimension as the order of the matrix, found `{order}`"),
            );
        };
        let count = &Dim::triangle(&n) - &n;
        if x.shape != Shape::new(count.clone(), Dim::one()) {
            return self.refuse(
                names,
                format_args!(
                    "a column of {count} entries for a matrix of order {n}, found `{x}`, which is {}{}",
                    x.shape,
                    origin(&[&x])
                ),
            );
        }
        let (i, j) = (turns(&n, "i", names), turns(&n, "j", names));
        // Row by row, and those on the diagonal and below read before the first or in the row above: they are not used.
        let before = &(&(&n + &Dim::one()) * &i.index()) - &(&Dim::triangle(&i.index()) + &i.index());
        let place = &(&before + &j.index()) - &(&i.index() + &Dim::one());
        let text = format!("{place}");
        let window = Window {
            row: place,
            col: Dim::zero(),
            text,
        };
        let value = Expr::slice(x.clone(), window, Shape::scalar(), self.extent);
        let square = Shape::new(n.clone(), n);
        let placed = Move::Place(i.index(), j.index());
        let placed = Expr::moved(placed, value, square.clone(), format!("placed({x})"), self.extent);
        let above = Expr::moved(Move::AboveDiagonal, placed, square, self.text.clone(), self.extent);
        Some(self.expanded(self.over([j, i], above)))
    }

    /// The sum over loops, the last of them outermost.
    pub fn over<const N: usize>(&self, loops: [Loop; N], term: ExprRef) -> ExprRef {
        loops.into_iter().fold(term, |term, range| {
            let text = range.to_string();
            Expr::sum_over(range, term, &text, self.extent)
        })
    }
}

/// Which way a function goes over a matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// `axis = 0`: down the rows.
    Rows,
    /// `axis = 1`: along the columns.
    Cols,
}

pub fn filled(value: f64, shape: Shape, name: &str, extent: Extent) -> ExprRef {
    let text = if shape.cols.is_one() {
        format!("{name}({})", shape.rows)
    } else {
        format!("{name}({}, {})", shape.rows, shape.cols)
    };
    Expr::filled(value, shape, text, extent)
}

fn ones_of(shape: Shape, extent: Extent) -> ExprRef {
    filled(1.0, shape, "ones", extent)
}

pub fn eye(n: Dim, extent: Extent) -> ExprRef {
    let text = format!("eye({n})");
    let ones = ones_of(Shape::new(n.clone(), Dim::one()), extent);
    Expr::moved(Move::ToDiagonal, ones, Shape::new(n.clone(), n), text, extent)
}

pub fn turns(extent: &Dim, name: &str, names: &mut Names<'_>) -> Loop {
    Loop::new(Symbol::Loop(names.next_loop(), name.into()), extent.clone())
}

pub fn entry(of: &ExprRef, row: Dim, col: Dim, extent: Extent) -> ExprRef {
    if of.shape.is_scalar() {
        return of.clone();
    }
    let text = format!("{row}, {col}");
    Expr::slice(of.clone(), Window { row, col, text }, Shape::scalar(), extent)
}

/// A part of a variable-free matrix that has its entries in another order than by columns.
fn not_stored(e: &ExprRef) -> Option<&ExprRef> {
    match &e.kind {
        _ if e.shape.is_vector() => None,
        Kind::Named(_) | Kind::Called(_) | Kind::Negate(_) | Kind::Add(..) | Kind::Multiply(..) | Kind::Divide(..) => {
            e.children().into_iter().find_map(not_stored)
        }
        Kind::Number(_) | Kind::Literal(_) | Kind::Param(_, Storage::Full) | Kind::Data(_, Storage::Full) => None,
        _ if e.variables => None,
        _ => Some(e),
    }
}

/// How a call was written.
pub fn text(name: &Ident, args: &[ExprRef], axis: Option<Axis>) -> String {
    let name = name.to_string();
    match axis {
        None => call(&name, args),
        Some(axis) => {
            let args: Vec<_> = args.iter().map(ToString::to_string).collect();
            let axis = if axis == Axis::Rows { 0 } else { 1 };
            format!("{name}({}, axis = {axis})", args.join(", "))
        }
    }
}

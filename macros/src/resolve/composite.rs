//! Functions that are made of atoms, and atoms along an axis.

use proc_macro2::Ident;

use super::function::{apply, exactly, instead, invoke, report_arity};
use super::names::Names;
use super::shapes::{self, Axis, Call, entry, turns};
use crate::atoms::{self, Arity};
use crate::dims::{Dim, Shape};
use crate::expr::{Expr, ExprRef, Move, Window, found};
use crate::extent::Extent;
use crate::known;
use crate::spelling::norm;
use crate::syntax::ast::{self, Node};

pub const NAMES: [&str; 5] = ["norm", "mixed_norm", "tv", "power", "pnorm"];

/// `inf`, or `Inf` as elsewhere, where a norm is chosen, behind the first argument.
pub fn infinity(function: &str, place: usize, arg: &ast::Expr) -> Option<ExprRef> {
    let chooses = place > 0 && matches!(function, "norm" | "mixed_norm" | "pnorm");
    let written = matches!(&arg.node, Node::Name(name) if name == "inf" || name == "Inf");
    (chooses && written).then(|| Expr::number(f64::INFINITY, arg.extent))
}

/// `norm(x, nuc)`, by a word, is reported.
pub fn norm_by_word(args: &[ast::Expr], names: &mut Names<'_>) -> bool {
    let [x, p] = args else { return false };
    let Node::Name(word) = &p.node else { return false };
    let chosen = norm(&word.to_string()).filter(|norm| *norm != "norm_inf" && !names.contains(word));
    if let Some(name) = chosen {
        let message = format!("expected 1, 2 or inf as the norm, found `{word}`");
        names
            .report
            .error_with_help(p.extent, message, format_args!("write `{name}({x})`"));
    }
    chosen.is_some()
}

/// None where something was reported.
pub fn expand(name: &Ident, args: Vec<ExprRef>, extent: Extent, names: &mut Names<'_>) -> Option<ExprRef> {
    let call = Call {
        name,
        extent,
        text: crate::expr::call(&name.to_string(), &args),
    };
    let value = match name.to_string().as_str() {
        "norm" => call.norm(args, names),
        "mixed_norm" => call.mixed_norm(args, names),
        "tv" => call.total_variation(args, names),
        "power" => call.power(args, names),
        "pnorm" => call.pnorm(args, names),
        other => unreachable!("every function is here: {other}"),
    }?;
    Some(Expr::called(&call.text, value, extent))
}

/// A function of each column in a row, or of each row in a column: a sum of parts in their places.
pub fn along(
    name: &Ident,
    mut args: Vec<ExprRef>,
    axis: Axis,
    extent: Extent,
    names: &mut Names<'_>,
) -> Option<ExprRef> {
    let text = shapes::text(name, &args, Some(axis));
    let Some(arg) = args.first().cloned() else {
        return invoke(name, args, None, extent, names);
    };
    let Shape { rows, cols } = arg.shape.clone();
    let count = match axis {
        Axis::Rows => cols.clone(),
        Axis::Cols => rows.clone(),
    };
    if count.is_one() {
        let value = invoke(name, args, None, extent, names)?;
        return Some(Expr::named(&text, value, extent));
    }
    let range = turns(&count, if axis == Axis::Rows { "j" } else { "i" }, names);
    let (row, col, shape, all) = match axis {
        Axis::Rows => (
            Dim::zero(),
            range.index(),
            Shape::new(rows, Dim::one()),
            Shape::new(Dim::one(), count),
        ),
        Axis::Cols => (
            range.index(),
            Dim::zero(),
            Shape::new(Dim::one(), cols),
            Shape::new(count, Dim::one()),
        ),
    };
    let window = Window {
        row: row.clone(),
        col: col.clone(),
        text: format!("part {}", range.index()),
    };
    let part = Expr::slice(arg.clone(), window, shape, arg.extent);
    // Messages name what was written.
    args[0] = Expr::named(&arg.to_string(), part, arg.extent);
    let value = invoke(name, args, None, extent, names)?;
    let placed = Expr::moved(Move::Place(row, col), value, all, text.clone(), extent);
    let sum = Expr::sum_over(range.clone(), placed, &range.to_string(), extent);
    Some(Expr::named(&text, sum, extent))
}

impl Call<'_> {
    fn atom(&self, name: &str, args: Vec<ExprRef>, names: &mut Names<'_>) -> Option<ExprRef> {
        apply(atoms::find(name)?, args, self.extent, names)
    }

    fn along(&self, name: &str, arg: ExprRef, axis: Axis, names: &mut Names<'_>) -> Option<ExprRef> {
        let name = Ident::new(name, self.name.span());
        along(&name, vec![arg], axis, self.extent, names)
    }

    /// The atom of a norm that is chosen by a number.
    fn chosen(&self, p: &ExprRef, names: &Names<'_>) -> Option<&'static str> {
        match known::number(p) {
            Some(1.0) => Some("norm1"),
            Some(2.0) => Some("norm2"),
            Some(f64::INFINITY) => Some("norm_inf"),
            _ => self.refuse(names, format_args!("1, 2 or inf as the norm, found `{p}`")),
        }
    }

    /// `norm(x)` and `norm(x, p)` of a vector.
    fn norm(&self, mut args: Vec<ExprRef>, names: &mut Names<'_>) -> Option<ExprRef> {
        if !matches!(args.len(), 1 | 2) {
            let help = instead("norm", &args);
            report_arity(self.extent, "norm(x, p)", Arity::Exactly(2), args.len(), help, names);
            return None;
        }
        if let [x, p] = args.as_slice()
            && let Some(power) = known::number(p)
            && power > 1.0
            && power.is_finite()
            && power != 2.0
        {
            names.report.error_with_help(
                self.extent,
                format_args!("`norm` takes 1, 2 or inf as the norm, found `{p}`"),
                format_args!("write `pnorm({x}, {p})`"),
            );
            return None;
        }
        let name = match args.get(1) {
            Some(p) => self.chosen(p, names)?,
            None => "norm2",
        };
        args.truncate(1);
        let x = &args[0];
        if !x.shape.is_vector() {
            let largest = match name {
                "norm2" => format!("`sigma_max({x})` for the largest singular value, "),
                _ => String::new(),
            };
            names.report.error_with_help(
                self.extent,
                format_args!(
                    "`{}` takes a vector, and a matrix has several norms: {}",
                    self.name,
                    found(&[x])
                ),
                format_args!(
                    "write {largest}`norm_fro({x})` or `{name}(vec({x}))` for that of all entries, `{name}({x}, axis = 0)` for \
                     each column, `mixed_norm({x}, 2, 1)` for the sum of the 2-norms of the rows"
                ),
            );
            return None;
        }
        self.atom(name, args, names)
    }

    /// `mixed_norm(x, p, q)`: the q-norm of the p-norms of the rows.
    fn mixed_norm(&self, args: Vec<ExprRef>, names: &mut Names<'_>) -> Option<ExprRef> {
        let [x, p, q] = exactly(self.name, "mixed_norm(x, p, q)", args, names)?;
        let (inner, outer) = (self.chosen(&p, names), self.chosen(&q, names));
        let (inner, outer) = (inner?, outer?);
        let rows = self.along(inner, x, Axis::Cols, names)?;
        // The norms of the rows are nonneg.
        match outer {
            "norm1" => Some(Expr::sum(rows, self.extent)),
            "norm_inf" => self.atom("max", vec![rows], names),
            _ => self.atom(outer, vec![rows], names),
        }
    }

    /// The sum of the lengths of the steps: along a vector, or of both steps from each pixel of a matrix.
    fn total_variation(&self, args: Vec<ExprRef>, names: &mut Names<'_>) -> Option<ExprRef> {
        let [x] = exactly(self.name, "tv(x)", args, names)?;
        if x.shape.is_vector() {
            let steps = self.diff(x, names)?;
            return self.atom("norm1", vec![steps], names);
        }
        let fact = found(&[&x]);
        let (down, right) = (&x.shape.rows - &Dim::one(), &x.shape.cols - &Dim::one());
        for room in [&down, &right] {
            names.require(&self.text, room.clone(), self.extent, &fact)?;
        }
        let (i, j) = (turns(&down, "i", names), turns(&right, "j", names));
        let at = |row: Dim, col: Dim| entry(&x, row, col, self.extent);
        let here = at(i.index(), j.index());
        let steps = [
            at(&i.index() + &Dim::one(), j.index()),
            at(i.index(), &j.index() + &Dim::one()),
        ];
        let steps = steps.map(|next| Expr::subtract(next, here.clone(), self.extent));
        let both = self.stack(steps.into(), Axis::Rows, names)?;
        let length = self.atom("norm2", vec![both], names)?;
        Some(self.over([i, j], length))
    }

    fn pnorm(&self, args: Vec<ExprRef>, names: &mut Names<'_>) -> Option<ExprRef> {
        let [x, p] = exactly(self.name, "pnorm(x, p)", args, names)?;
        match known::number(&p) {
            Some(1.0) => self.atom("norm1", vec![x], names),
            Some(2.0) => self.atom("norm_fro", vec![x], names),
            Some(f64::INFINITY) => self.atom("norm_inf", vec![x], names),
            Some(0.0) => self.refuse(names, "an exponent other than zero: `geo_mean` is the limit"),
            _ => self.atom("pnorm", vec![x, p], names),
        }
    }

    fn power(&self, args: Vec<ExprRef>, names: &mut Names<'_>) -> Option<ExprRef> {
        let [x, p] = exactly(self.name, "power(x, p)", args, names)?;
        if !x.variables && x.shape.is_scalar() && known::number(&p).is_none() {
            return self.exponential(&x, p, names);
        }
        let exponent = known::number(&p);
        let name = match exponent {
            Some(2.0) => "square",
            Some(0.5) => "sqrt",
            Some(-1.0) => "inv_pos",
            Some(1.0) => return Some(x),
            Some(0.0) => return Some(shapes::filled(1.0, x.shape.clone(), "ones", self.extent)),
            _ => return self.atom("power", vec![x, p], names),
        };
        self.atom(name, vec![x], names)
    }

    /// `power(c, x)` of a positive `c`, which is `exp(log(c) * x)`.
    fn exponential(&self, base: &ExprRef, exponent: ExprRef, names: &mut Names<'_>) -> Option<ExprRef> {
        let rate = match known::number(base) {
            Some(number) if number > 0.0 => Expr::number(number.ln(), base.extent),
            None if base.sign.nonneg => self.atom("log", vec![base.clone()], names)?,
            _ => {
                return self.refuse(
                    names,
                    format_args!("a positive base of the exponent `{exponent}`, found `{base}`"),
                );
            }
        };
        let exponent = Expr::multiply(rate, exponent, self.extent);
        self.atom("exp", vec![exponent], names)
    }
}

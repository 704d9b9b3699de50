//! Calls: atoms, affine functions, and the user's own.

use std::rc::Rc;

use proc_macro2::Ident;

use super::declare::dimension;
use super::expr::resolve;
use super::names::{Entity, FUNCTIONS, Names, is_function};
use super::shapes::{self, Axis, Call};
use super::{array, broadcast, composite, wrap};
use crate::atoms::{self, Arity, Atom};
use crate::dims::{Dim, Shape};
use crate::expr::{Expr, ExprRef, Kind, found};
use crate::extent::Extent;
use crate::known;
use crate::spelling::{from_elsewhere, nearest_function};
use crate::syntax::ast::{self, CONES, Node, Operator};

/// None where something was reported.
pub fn call(
    name: &Ident,
    written: &[ast::Expr],
    axis: Option<&ast::Expr>,
    extent: Extent,
    names: &mut Names<'_>,
) -> Option<ExprRef> {
    let text = name.to_string();
    let found_axis = match axis {
        None => None,
        Some(axis) => Some(axis_of(&text, axis, names)?),
    };
    match text.as_str() {
        "eye" => {
            let [n] = dimensions(name, "eye(n)", written, names)?;
            return Some(shapes::eye(n, extent));
        }
        "ones" | "zeros" => {
            let value = if text == "ones" { 1.0 } else { 0.0 };
            let shape = if written.len() == 1 {
                let [n] = dimensions(name, &format!("{text}(n)"), written, names)?;
                Shape::new(n, Dim::one())
            } else {
                let [m, n] = dimensions(name, &format!("{text}(m, n)"), written, names)?;
                Shape::new(m, n)
            };
            return Some(shapes::filled(value, shape, &text, extent));
        }
        "reshape" => return reshape(name, written, extent, names),
        "block" => return array::block(name, written, extent, names),
        "norm" if composite::norm_by_word(written, names) => {
            resolve(&written[0], names);
            return None;
        }
        _ => {}
    }
    let resolved: Vec<_> = written
        .iter()
        .enumerate()
        .map(|(place, arg)| composite::infinity(&text, place, arg).or_else(|| resolve(arg, names)))
        .collect();
    if let Some(function) = names.function(&text) {
        return user_defined(&function, written, resolved, extent, names);
    }
    let args = resolved.into_iter().collect::<Option<Vec<_>>>();
    if !is_function(&text) {
        report_unknown(name, written, args.as_deref(), names);
        return None;
    }
    match found_axis {
        Some(axis) if !AFFINE_WITH_AXIS.contains(&text.as_str()) => composite::along(name, args?, axis, extent, names),
        _ => invoke(name, args?, found_axis, extent, names),
    }
}

/// An atom, or a function that expands; only affine ones take the axis from here on.
pub fn invoke(
    name: &Ident,
    args: Vec<ExprRef>,
    axis: Option<Axis>,
    extent: Extent,
    names: &mut Names<'_>,
) -> Option<ExprRef> {
    let text = name.to_string();
    // First: `power` and `pnorm` are atoms that for some exponents are others.
    if composite::NAMES.contains(&text.as_str()) {
        return composite::expand(name, args, extent, names);
    }
    if let Some(atom) = atoms::find(&text) {
        return apply(atom, args, extent, names);
    }
    affine(name, args, axis, extent, names)
}

const AFFINE_WITH_AXIS: [&str; 2] = ["sum", "mean"];

fn affine(
    name: &Ident,
    args: Vec<ExprRef>,
    axis: Option<Axis>,
    extent: Extent,
    names: &mut Names<'_>,
) -> Option<ExprRef> {
    let text = name.to_string();
    let call = Call {
        name,
        extent,
        text: shapes::text(name, &args, axis),
    };
    match text.as_str() {
        "hstack" => return call.stack(args, Axis::Cols, names),
        "vstack" => return call.stack(args, Axis::Rows, names),
        "multiply" | "dot" => {
            let usage = format!("{text}(x, y)");
            let [a, b] = exactly(name, &usage, args, names)?;
            let equal = a.shape == b.shape || a.shape.is_scalar() || b.shape.is_scalar();
            return match broadcast::both(&a, &b) {
                Some(_) if text == "dot" && equal => Some(Expr::dot(a, b, extent)),
                Some((a, b, _)) if text == "multiply" => Some(Expr::multiply(a, b, extent)),
                _ => {
                    let (left, right) = match &a.kind {
                        Kind::Transpose(arg) => (arg.clone(), b.clone()),
                        _ => (a.clone(), Expr::turned(&b)),
                    };
                    let help = if left.shape == right.shape {
                        format!("\nhelp: did you mean `{text}({left}, {right})`?")
                    } else {
                        String::new()
                    };
                    names.report.error(
                        extent,
                        format_args!(
                            "expected two arguments of one shape in `{usage}`: {}{help}",
                            found(&[&a, &b])
                        ),
                    );
                    None
                }
            };
        }
        "kron" => {
            let [a, b] = exactly(name, "kron(a, x)", args, names)?;
            return call.kron(a, b, names);
        }
        "conv" => {
            let [a, x] = exactly(name, "conv(a, x)", args, names)?;
            return call.conv(a, x, names);
        }
        "outer" => {
            let [a, b] = exactly(name, "outer(a, x)", args, names)?;
            return call.outer(a, b, names);
        }
        _ => {}
    }
    if text == "vec_to_upper_tri" {
        let [x, n] = exactly(name, "vec_to_upper_tri(x, n)", args, names)?;
        return call.vec_to_upper_tri(x, &n, names);
    }
    let [arg] = exactly(name, &format!("{text}(x)"), args, names)?;
    match text.as_str() {
        _ if wrap::NAMES.contains(&text.as_str()) => call.wrapped(arg, names),
        "sum" => Some(call.sum(arg, axis)),
        "mean" => Some(call.mean(arg, axis)),
        "diag" => call.diag(arg, names),
        "trace" => call.trace(arg, names),
        "diff" => call.diff(arg, names),
        "cumsum" => Some(call.cumsum(arg)),
        "upper_tri" => call.upper_tri(arg, names),
        "vec" => {
            let column = Shape::new(arg.shape.size(), Dim::one());
            call.reshape(arg, column, names)
        }
        _ => unreachable!("every function is here: {text}"),
    }
}

/// `fn` items expand at the call: the arguments are values or dimensions, other names are those of the problem.
fn user_defined(
    function: &Rc<ast::Function>,
    written: &[ast::Expr],
    args: Vec<Option<ExprRef>>,
    extent: Extent,
    names: &mut Names<'_>,
) -> Option<ExprRef> {
    let name = &function.name;
    if args.len() != function.params.len() {
        let params: Vec<_> = function.params.iter().map(Ident::to_string).collect();
        let usage = format!("{name}({})", params.join(", "));
        report_arity(extent, &usage, Arity::Exactly(params.len()), args.len(), None, names);
        return None;
    }
    let known: Option<Vec<_>> = args.iter().cloned().collect();
    let text = crate::expr::call(&name.to_string(), &known?);
    let values = written.iter().zip(args).map(|(written, value)| {
        if is_dimension(written, names) {
            Entity::Dimension(dimension(written, names))
        } else {
            Entity::Let(value)
        }
    });
    let bound = function.params.iter().cloned().zip(values).collect();
    if !names.enter_function(function, bound, extent) {
        return None;
    }
    let value = resolve(&function.body, names);
    names.leave_function();
    Some(Expr::called(&text, value?, extent))
}

/// Whether an argument may be an index or an extent too.
fn is_dimension(e: &ast::Expr, names: &Names<'_>) -> bool {
    match &e.node {
        Node::Number(value) => value.fract() == 0.0 && *value <= f64::from(i32::MAX),
        Node::Name(name) => names.is_dimension(name),
        Node::Group(inner) => is_dimension(inner, names),
        Node::Binary(Operator::Divide, ..) => false,
        Node::Binary(_, left, right) => is_dimension(left, names) && is_dimension(right, names),
        _ => false,
    }
}

pub fn apply(atom: &'static Atom, mut args: Vec<ExprRef>, extent: Extent, names: &mut Names<'_>) -> Option<ExprRef> {
    let (text, count) = (crate::expr::call(atom.name, &args), args.len());
    if let Arity::Exactly(expected) = atom.arity
        && let Some(missing) = expected.checked_sub(count)
        && missing <= atom.defaults.len()
    {
        let defaults = &atom.defaults[atom.defaults.len() - missing..];
        args.extend(defaults.iter().map(|value| Expr::number(*value, extent)));
    }
    if !atom.arity.admits(args.len()) {
        let help = instead(atom.name, &args[..count]);
        report_arity(extent, atom.usage, atom.arity, count, help, names);
        return None;
    }
    let mut shape = (atom.shape)(&args);
    // Elementwise atoms of several arguments.
    if shape.is_err()
        && let Some((repeated, _)) = broadcast::together(&args)
        && let Ok(together) = (atom.shape)(&repeated)
    {
        (args, shape) = (repeated, Ok(together));
    }
    let shape = match shape {
        Ok(shape) => shape,
        Err(expected) => {
            let message = format!("`{}` takes {expected}", atom.usage);
            names.report.error(extent, message);
            return None;
        }
    };
    for room in (atom.rooms)(&args) {
        let fact = found(&[&args[0]]);
        names.require(&text, room, extent, &fact)?;
    }
    Some(Expr::atom(atom, args, shape, text, extent))
}

fn axis_of(function: &str, axis: &ast::Expr, names: &mut Names<'_>) -> Option<Axis> {
    if !has_axis(function) {
        names.report.error_with_help(
            axis.extent,
            format_args!("`{function}` has no axis"),
            "what goes to a scalar has one, as `sum`, `max` and `norm2` do: for others write a loop, as in \
             `for i in 0..m { … x[i, ..] … }`",
        );
        return None;
    }
    let value = match axis.node {
        Node::Negate(_) => None,
        _ => dimension(axis, names)?.value(),
    };
    match value {
        Some(0) => Some(Axis::Rows),
        Some(1) => Some(Axis::Cols),
        _ => {
            names.report.error_with_help(
                axis.extent,
                format_args!("expected the axis 0 or 1, found `{axis}`"),
                "`axis = 0` goes down the rows and leaves one row, `axis = 1` leaves one column",
            );
            None
        }
    }
}

/// `reshape(x, [m, n])`, or `reshape(x, m, n)`
fn reshape(name: &Ident, args: &[ast::Expr], extent: Extent, names: &mut Names<'_>) -> Option<ExprRef> {
    let usage = "reshape(x, [m, n])";
    let (arg, dims) = match args {
        [arg, shape] => match &shape.node {
            Node::Array(dims) => (arg, dims.as_slice()),
            _ => (arg, std::slice::from_ref(shape)),
        },
        [arg, dims @ ..] => (arg, dims),
        [] => {
            report_arity(extent, usage, Arity::Exactly(2), 0, None, names);
            return None;
        }
    };
    let arg = resolve(arg, names);
    let shape = match dims {
        [rows] => Shape::new(dimension(rows, names)?, Dim::one()),
        [rows, cols] => {
            let (rows, cols) = (dimension(rows, names), dimension(cols, names));
            Shape::new(rows?, cols?)
        }
        _ => {
            report_arity(extent, usage, Arity::Exactly(2), args.len(), None, names);
            return None;
        }
    };
    let arg = arg?;
    let call = Call {
        name,
        extent,
        text: format!("reshape({arg}, {shape})"),
    };
    call.reshape(arg, shape, names)
}

fn dimensions<const N: usize>(
    name: &Ident,
    usage: &str,
    args: &[ast::Expr],
    names: &mut Names<'_>,
) -> Option<[Dim; N]> {
    if args.len() != N {
        report_arity(name.into(), usage, Arity::Exactly(N), args.len(), None, names);
        return None;
    }
    let dims: Vec<_> = args.iter().map(|arg| dimension(arg, names)).collect();
    let dims = dims.into_iter().collect::<Option<Vec<_>>>()?;
    for (dim, arg) in dims.iter().zip(args) {
        names.require(usage, dim.clone(), arg.extent, "a shape is positive")?;
    }
    dims.try_into().ok()
}

pub fn exactly<const N: usize>(
    name: &Ident,
    usage: &str,
    args: Vec<ExprRef>,
    names: &Names<'_>,
) -> Option<[ExprRef; N]> {
    let found = args.len();
    args.try_into()
        .map_err(|args: Vec<ExprRef>| {
            let help = instead(&name.to_string(), &args);
            report_arity(name.into(), usage, Arity::Exactly(N), found, help, names);
        })
        .ok()
}

/// What others write with an argument more: `max(x, 0)` for the entries of two, `sum(x, 1)` along an axis, `diff(x, 2)`
pub fn instead(name: &str, args: &[ExprRef]) -> Option<String> {
    let [x, .., last] = args else { return None };
    let several = match name {
        "max" => Some("maximum"),
        "min" => Some("minimum"),
        _ => None,
    };
    if let Some(several) = several {
        return Some(format!("write `{}`", crate::expr::call(several, args)));
    }
    let number = known::number(last)?;
    if name == "diff" {
        let times = [1.0, 2.0, 3.0].iter().position(|times| *times == number)?;
        let differences = (0..=times).fold(x.to_string(), |of, _| format!("diff({of})"));
        return Some(format!("write `{differences}`"));
    }
    // The third case is that of languages that count from 1.
    let axes = [(0.0, 0, "row"), (1.0, 1, "column"), (2.0, 1, "column")];
    let known = axes.into_iter().find(|(chosen, ..)| *chosen == number);
    let (_, axis, leaves) = known.filter(|_| has_axis(name))?;
    let before: Vec<_> = args[..args.len() - 1].iter().map(ToString::to_string).collect();
    Some(format!(
        "write `{name}({}, axis = {axis})`, which leaves one {leaves}",
        before.join(", ")
    ))
}

fn has_axis(function: &str) -> bool {
    AFFINE_WITH_AXIS.contains(&function) || function == "norm" || atoms::find(function).is_some_and(|atom| atom.reduces)
}

pub fn report_arity(at: Extent, usage: &str, arity: Arity, found: usize, help: Option<String>, names: &Names<'_>) {
    let (quantity, count) = match arity {
        Arity::Exactly(count) => ("", count),
        Arity::AtLeast(count) => ("at least ", count),
    };
    let plural = if count == 1 { "" } else { "s" };
    let help = help.map_or_else(String::new, |help| format!("\nhelp: {help}"));
    names.report.error(
        at,
        format_args!("expected {quantity}{count} argument{plural}, as in `{usage}`, found {found}{help}"),
    );
}

/// `resolved` is None where an argument has a mistake.
fn report_unknown(name: &Ident, args: &[ast::Expr], resolved: Option<&[ExprRef]>, names: &mut Names<'_>) {
    let text = name.to_string();
    if names.contains(name) {
        names.used(name);
        names.report.error_with_help(
            name,
            format_args!("`{text}` is not a function"),
            match args {
                [arg] if matches!(arg.node, Node::Binary(..)) => {
                    format!("a product is written `{text} * ({arg})`, an entry `{text}[{arg}]`")
                }
                [arg] => format!("a product is written `{text} * {arg}`, an entry `{text}[{arg}]`"),
                _ => format!("an entry is written `{text}[{}]`", joined(args)),
            },
        );
        return;
    }
    if CONES.contains(&text.as_str()) {
        names.report.error_with_help(
            name,
            format_args!("`{text}` is a constraint, not a value"),
            "write it as a statement of its own in `subject_to`",
        );
        return;
    }
    if let ("inv" | "inverse", Some([p])) = (text.as_str(), resolved)
        && !p.shape.is_scalar()
        && p.shape.rows == p.shape.cols
    {
        let trace = if p.variables {
            format!(", its trace `tr_inv({p})`")
        } else {
            String::new()
        };
        names.report.error_with_help(
            name,
            format_args!("there is no function `{text}`"),
            format_args!(
                "a quadratic form of an inverse is `matrix_frac(x, {p})`{trace}; others are computed in Rust, and passed \
                 as a parameter"
            ),
        );
        return;
    }
    let own = names.function_names();
    let functions = atoms::all().map(|atom| atom.name).chain(FUNCTIONS);
    let functions = functions.chain(own.iter().map(String::as_str));
    let help = match (from_elsewhere(&text, args), nearest_function(&text, functions)) {
        (Some(here), _) => format!("here it is written `{here}`"),
        (None, Some(near)) => format!("did you mean `{near}({})`?", joined(args)),
        (None, None) => format!("define it, as in `fn {text}(x) = 2 * x;`, or see the list at `cvx!`"),
    };
    names
        .report
        .error_with_help(name, format_args!("there is no function `{text}`"), help);
}

fn joined(args: &[ast::Expr]) -> String {
    let args: Vec<_> = args.iter().map(ast::Expr::to_string).collect();
    args.join(", ")
}

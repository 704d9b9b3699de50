//! Expressions: shapes by the rules of linear algebra, with scalars that broadcast.

use proc_macro2::Ident;

use super::names::{Entity, FUNCTIONS, Names, nearest};
use super::{index, loops};
use crate::atoms::{self, Arity, Atom};
use crate::dims::Shape;
use crate::expr::{Expr, ExprRef, broadcast};
use crate::extent::Extent;
use crate::syntax::ast::{self, Node, Operator};

/// None where something was reported.
pub fn resolve(e: &ast::Expr, names: &mut Names<'_>) -> Option<ExprRef> {
    let extent = e.extent;
    match &e.node {
        Node::Number(value) => Some(Expr::number(*value, extent)),
        Node::Name(name) => named(name, names),
        Node::Group(inner) => resolve(inner, names),
        Node::Negate(arg) => Some(Expr::negate(resolve(arg, names)?, extent)),
        Node::Transpose(arg) => Some(Expr::transpose(resolve(arg, names)?, extent)),
        Node::Sum(head, arg) => {
            let entered = loops::enter(head, names);
            let arg = resolve(arg, names);
            loops::leave(head, &entered, names);
            let text = format!("{} in {}..{}", head.index, head.first, head.last);
            Some(Expr::sum_over(entered.range?, arg?, &text, extent))
        }
        Node::Index(arg, indices) => index::resolve(resolve(arg, names)?, indices, extent, names),
        Node::Call(name, args) => {
            let resolved: Vec<_> = args.iter().map(|arg| resolve(arg, names)).collect();
            function(name, resolved.into_iter().collect(), extent, names)
        }
        Node::Binary(operator, left, right) => {
            let (left, right) = (resolve(left, names), resolve(right, names));
            binary(*operator, left?, right?, extent, names)
        }
    }
}

fn named(name: &Ident, names: &mut Names<'_>) -> Option<ExprRef> {
    let extent = Extent::from(name);
    match names.lookup(name)? {
        Entity::Dimension(dim) => dim.map(|dim| match dim.value() {
            Some(value) => Expr::number(value as f64, extent),
            None => Expr::size(dim, extent),
        }),
        Entity::Leaf(_, leaf) => leaf.map(|leaf| leaf.moved_to(extent)),
        Entity::Let(value) => value.map(|value| Expr::named(&name.to_string(), value, extent)),
    }
}

fn binary(operator: Operator, left: ExprRef, right: ExprRef, extent: Extent, names: &Names<'_>) -> Option<ExprRef> {
    let shapes = common_shape(&left, &right);
    match operator {
        Operator::Add if shapes.is_some() => Some(Expr::add(left, right, extent)),
        Operator::Subtract if shapes.is_some() => Some(Expr::subtract(left, right, extent)),
        Operator::Multiply if left.shape.is_scalar() || right.shape.is_scalar() => {
            Some(Expr::multiply(left, right, extent))
        }
        Operator::Multiply if left.shape.cols == right.shape.rows => Some(Expr::product(left, right, extent)),
        Operator::Divide if right.sign.is_zero() => {
            names.report.error(
                right.extent,
                format_args!("expected a divisor, found `{right}`, which is zero"),
            );
            None
        }
        Operator::Divide if right.shape.is_scalar() || left.shape == right.shape => {
            Some(Expr::divide(left, right, extent))
        }
        _ => {
            report_shapes(names, extent, &operator.to_string(), &left, &right);
            None
        }
    }
}

/// The shape that two operands have together: equal shapes, or one is a scalar.
pub fn common_shape(left: &ExprRef, right: &ExprRef) -> Option<Shape> {
    let fit = left.shape == right.shape || left.shape.is_scalar() || right.shape.is_scalar();
    fit.then(|| broadcast(left, right))
}

pub fn report_shapes(names: &Names<'_>, at: Extent, operator: &str, left: &ExprRef, right: &ExprRef) {
    let message = format!(
        "the shapes do not fit in `{left} {operator} {right}`: `{left}` is {} and `{right}` is {}",
        left.shape, right.shape
    );
    let columns = left.shape.cols.is_one() && left.shape == right.shape;
    let help = if operator == "*" && columns {
        Some(format!(
            "write `dot({left}, {right})` for the inner product, `multiply({left}, {right})` for the elementwise one"
        ))
    } else if operator == "*" && left.shape == right.shape {
        Some(format!("write `multiply({left}, {right})` for the elementwise product"))
    } else if operator == "*" && left.shape.rows == right.shape.rows {
        Some(format!(
            "did you mean `{} * {right}`?",
            Expr::transpose(left.clone(), at)
        ))
    } else if operator == "*" && left.shape.cols == right.shape.cols {
        Some(format!(
            "did you mean `{left} * {}`?",
            Expr::transpose(right.clone(), at)
        ))
    } else if left.shape == right.shape.transposed() {
        Some(format!(
            "transpose one of them: `{}`",
            Expr::transpose(right.clone(), at)
        ))
    } else {
        None
    };
    match help {
        Some(help) => names.report.error_with_help(at, message, help),
        None => names.report.error(at, message),
    }
}

fn function(name: &Ident, args: Option<Vec<ExprRef>>, extent: Extent, names: &Names<'_>) -> Option<ExprRef> {
    let text = name.to_string();
    if let Some(atom) = atoms::find(&text) {
        return apply(atom, args?, extent, names);
    }
    match text.as_str() {
        "sum" => {
            let [arg] = exactly(name, "sum(x)", args?, names)?;
            Some(Expr::sum(arg, extent))
        }
        "multiply" | "dot" => {
            let usage = format!("{text}(x, y)");
            let [a, b] = exactly(name, &usage, args?, names)?;
            if common_shape(&a, &b).is_none() {
                names.report.error(
                    extent,
                    format_args!(
                        "expected two arguments of one shape in `{usage}`: `{a}` is {} and `{b}` is {}",
                        a.shape, b.shape
                    ),
                );
                return None;
            }
            let build = if text == "dot" { Expr::dot } else { Expr::multiply };
            Some(build(a, b, extent))
        }
        _ => {
            report_unknown_function(name, names);
            None
        }
    }
}

fn apply(atom: &'static Atom, args: Vec<ExprRef>, extent: Extent, names: &Names<'_>) -> Option<ExprRef> {
    if !atom.arity.admits(args.len()) {
        report_arity(extent, atom.usage, atom.arity, args.len(), names);
        return None;
    }
    match (atom.shape)(&args) {
        Ok(shape) => Some(Expr::atom(atom, args, shape, extent)),
        Err(expected) => {
            names
                .report
                .error(extent, format_args!("`{}` takes {expected}", atom.usage));
            None
        }
    }
}

fn exactly<const N: usize>(name: &Ident, usage: &str, args: Vec<ExprRef>, names: &Names<'_>) -> Option<[ExprRef; N]> {
    let found = args.len();
    args.try_into()
        .map_err(|_| report_arity(name.into(), usage, Arity::Exactly(N), found, names))
        .ok()
}

fn report_arity(at: Extent, usage: &str, arity: Arity, found: usize, names: &Names<'_>) {
    let (quantity, count) = match arity {
        Arity::Exactly(count) => ("", count),
        Arity::AtLeast(count) => ("at least ", count),
    };
    let plural = if count == 1 { "" } else { "s" };
    names.report.error(
        at,
        format_args!("expected {quantity}{count} argument{plural}, as in `{usage}`, found {found}"),
    );
}

fn report_unknown_function(name: &Ident, names: &Names<'_>) {
    let text = name.to_string();
    if names.contains(name) {
        names.report.error_with_help(
            name,
            format_args!("`{text}` is not a function"),
            format_args!("a product is written `{text} * (…)`"),
        );
        return;
    }
    let functions = atoms::all().map(|atom| atom.name).chain(FUNCTIONS);
    let message = format!("there is no function `{text}`");
    match nearest(&text, functions) {
        Some(near) => names
            .report
            .error_with_help(name, message, format_args!("did you mean `{near}`?")),
        None => {
            let known: Vec<_> = atoms::all().map(|atom| atom.name).chain(FUNCTIONS).collect();
            names
                .report
                .error_with_help(name, message, format_args!("there are `{}`", known.join("`, `")));
        }
    }
}

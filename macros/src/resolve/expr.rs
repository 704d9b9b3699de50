//! Expressions: shapes by the rules of linear algebra, with operands that broadcast.

use proc_macro2::Ident;

use super::names::{Entity, Names};
use super::{array, broadcast, function, index, loops};
use crate::expr::{Expr, ExprRef, Kind, found};
use crate::extent::Extent;
use crate::syntax::ast::{self, Fold, Node, Operator};

/// What stands by itself: its parts were not too large, but together they may be.
pub fn whole(e: &ast::Expr, names: &mut Names<'_>) -> Option<ExprRef> {
    let value = resolve(e, names)?;
    bounded(value, e.extent, names)
}

/// None, and an error, where an expression is too deep or too large with all that its names stand for.
fn bounded(value: ExprRef, at: Extent, names: &Names<'_>) -> Option<ExprRef> {
    let error = if value.depth > 2 * ast::MOST_DEPTH {
        ast::too_deep(at)
    } else if value.size.operations > ast::MOST_SIZE {
        ast::too_large(at)
    } else if value.size.expanded > ast::MOST_EXPANDED {
        ast::too_expanded(at)
    } else {
        return Some(value);
    };
    names.report.push(error);
    None
}

/// None where something was reported.
pub fn resolve(e: &ast::Expr, names: &mut Names<'_>) -> Option<ExprRef> {
    let extent = e.extent;
    match &e.node {
        Node::Number(value) => Some(Expr::number(*value, extent)),
        Node::Name(name) => named(name, names),
        Node::Group(inner) => resolve(inner, names),
        Node::Negate(arg) => Some(Expr::negate(resolve(arg, names)?, extent)),
        Node::Transpose(arg) => Some(Expr::transpose(resolve(arg, names)?, extent)),
        Node::Fold(fold, head, arg) => {
            let entered = loops::enter(head, names);
            let arg = resolve(arg, names);
            loops::leave(head, &entered, names);
            let text = head.to_string();
            let (range, arg) = (entered.range?, arg?);
            if *fold == Fold::Sum {
                return Some(Expr::sum_over(range, arg, &text, extent));
            }
            names.require(
                &text,
                range.extent.clone(),
                extent,
                "an extreme is of at least one turn",
            )?;
            Some(match fold {
                Fold::Min => {
                    let least = Expr::max_over(range, Expr::negate(arg.clone(), arg.extent), &text, extent);
                    let least = Expr::negate(least, extent);
                    Expr::named(&format!("min({text}, {arg})"), least, extent)
                }
                _ => Expr::max_over(range, arg, &text, extent),
            })
        }
        Node::Array(elements) => array::array(elements, extent, names),
        Node::Index(arg, indices) => index::resolve(resolve(arg, names)?, indices, extent, names),
        Node::Call(name, args, axis) => {
            let value = function::call(name, args, axis.as_deref(), extent, names)?;
            bounded(value, extent, names)
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
    match operator {
        Operator::Add | Operator::Subtract => match broadcast::both(&left, &right) {
            Some((left, right, _)) if operator == Operator::Add => Some(Expr::add(left, right, extent)),
            Some((left, right, _)) => Some(Expr::subtract(left, right, extent)),
            None => {
                report_shapes(names, extent, &operator.to_string(), &left, &right);
                None
            }
        },
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
        Operator::Divide => match broadcast::both(&left, &right) {
            Some((dividend, divisor, shape)) => {
                let whole = dividend.shape == shape;
                let dividend = if whole { dividend } else { Expr::repeat(dividend, shape) };
                Some(Expr::divide(dividend, divisor, extent))
            }
            None => {
                report_shapes(names, extent, &operator.to_string(), &left, &right);
                None
            }
        },
        Operator::Multiply => {
            report_shapes(names, extent, &operator.to_string(), &left, &right);
            None
        }
    }
}

pub fn report_shapes(names: &Names<'_>, at: Extent, operator: &str, left: &ExprRef, right: &ExprRef) {
    let message = format!(
        "the shapes do not fit in `{}`: {}",
        written(operator, left, right),
        found(&[left, right])
    );
    let columns = left.shape.cols.is_one() && left.shape == right.shape;
    let help = if operator == "*" && columns {
        Some(format!(
            "write `dot({left}, {right})` for the inner product, `multiply({left}, {right})` for the elementwise one"
        ))
    } else if operator == "*" && left.shape == right.shape {
        Some(format!("write `multiply({left}, {right})` for the elementwise product"))
    } else {
        fitting(operator, left, right).map(|better| format!("did you mean `{better}`?"))
    };
    match help {
        Some(help) => names.report.error_with_help(at, message, help),
        None => names.report.error(at, message),
    }
}

/// The same with one operand transposed, or with the factors exchanged.
fn fitting(operator: &str, left: &ExprRef, right: &ExprRef) -> Option<String> {
    let (turned_left, turned_right) = (Expr::turned(left), Expr::turned(right));
    let fits = |left: &ExprRef, right: &ExprRef| match operator {
        "*" => left.shape.cols == right.shape.rows,
        _ => broadcast::both(left, right).is_some(),
    };
    // A vector beside a matrix; and back to what was declared, rather than further away from it.
    let left_first = match (left.shape.is_vector(), right.shape.is_vector()) {
        _ if operator == "*" => true,
        (true, false) => true,
        (false, true) => false,
        _ => matches!(left.kind, Kind::Transpose(_)),
    };
    let candidates = [(&turned_left, right), (left, &turned_right)];
    let candidates = if left_first {
        candidates
    } else {
        [candidates[1], candidates[0]]
    };
    let found = candidates.into_iter().find(|(left, right)| fits(left, right));
    let found = found.or_else(|| (operator == "*" && fits(right, left)).then_some((right, left)));
    found.map(|(left, right)| written(operator, left, right))
}

fn written(operator: &str, left: &ExprRef, right: &ExprRef) -> String {
    let (left, right, at) = (left.clone(), right.clone(), left.extent);
    match operator {
        "+" => Expr::add(left, right, at).to_string(),
        "-" => Expr::subtract(left, right, at).to_string(),
        "*" => Expr::product(left, right, at).to_string(),
        "/" => Expr::divide(left, right, at).to_string(),
        relation => format!("{left} {relation} {right}"),
    }
}

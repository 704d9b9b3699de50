//! What other languages write otherwise: each is refused with how it is written here.

use proc_macro2::Ident;
use syn::parse::ParseStream;
use syn::{LitStr, Result, Token};

use super::ast::{Expr, Node, Operator};
use super::expr::{parse, unary};
use crate::extent::Extent;

/// `a @ x`
pub fn matrix_product(input: ParseStream<'_>, left: &Expr) -> syn::Error {
    let right = operand(input, |input| input.parse::<Token![@]>().map(drop));
    let (at, right) = found(input, left, right);
    refused(
        at,
        format_args!("the matrix product is written `*`\nhelp: write `{left} * {right}`"),
    )
}

/// `x ^ 2` and `x ** 2`
pub fn power(input: ParseStream<'_>, base: &Expr) -> syn::Error {
    let exponent = operand(input, |input| {
        if input.parse::<Option<Token![^]>>()?.is_none() {
            input.parse::<Token![*]>()?;
            input.parse::<Token![*]>()?;
        }
        Ok(())
    });
    let at = exponent.as_ref().map(|exponent| base.extent.to(exponent.extent));
    refused(
        at.unwrap_or_else(|| input.span().into()),
        format_args!("there is no power operator\nhelp: {}", raised(base, exponent.as_ref())),
    )
}

/// `x .* y`, `x ./ y` and `x .^ 2`, behind the point
pub fn elementwise(input: ParseStream<'_>, left: &Expr) -> syn::Error {
    let (times, over) = (input.peek(Token![*]), input.peek(Token![/]));
    if !times && !over && !input.peek(Token![^]) {
        return input.error("expected `T`, the transpose, behind a point");
    }
    let right = operand(input, |input| {
        if input.parse::<Option<Token![*]>>()?.is_none() && input.parse::<Option<Token![/]>>()?.is_none() {
            input.parse::<Token![^]>()?;
        }
        Ok(())
    });
    let help = if times || over {
        let (at, right) = found(input, left, right);
        let better = if times {
            format!("multiply({left}, {right})")
        } else {
            format!("{left} / {right}")
        };
        (at, format!("write `{better}`"))
    } else {
        let at = right.as_ref().map(|right| left.extent.to(right.extent));
        (at.unwrap_or_else(|| input.span().into()), raised(left, right.as_ref()))
    };
    refused(
        help.0,
        format_args!(
            "expected `T`, the transpose, behind a point: there are no elementwise operators\nhelp: {}",
            help.1
        ),
    )
}

/// `x.sum()`, without what stands in the parentheses
pub fn method(name: &Ident, object: &Expr) -> syn::Error {
    let better = match name.to_string().as_str() {
        "t" | "transpose" => format!("{object}.T"),
        name => format!("{name}({object})"),
    };
    syn::Error::new(
        name.span(),
        format_args!("expected `T`, the transpose, found `{name}`\nhelp: write `{better}`"),
    )
}

/// `0..=n`
pub fn inclusive_range(input: ParseStream<'_>, first: Option<&Expr>) -> syn::Error {
    let ahead = input.fork();
    let last = ahead.parse::<Token![..=]>().and_then(|_| parse(&ahead)).ok();
    let first = first.map(Expr::to_string).unwrap_or_default();
    let end = last.map_or("… + 1".into(), |last| match &last.node {
        Node::Number(last) => (last + 1.0).to_string(),
        Node::Binary(Operator::Subtract, end, one) if matches!(one.node, Node::Number(1.0)) => end.to_string(),
        _ => format!("{last} + 1"),
    });
    input.error(format_args!("a range is half-open\nhelp: write `{first}..{end}`"))
}

/// `sum(x[i] for i in range(n))`, from the word `for` on
pub fn comprehension(input: ParseStream<'_>, function: &Ident, args: &[Expr]) -> syn::Error {
    let head = || -> Result<String> {
        let input = input.fork();
        input.parse::<Token![for]>()?;
        let index: Ident = input.parse()?;
        input.parse::<Token![in]>()?;
        let first = parse(&input)?;
        Ok(match &first.node {
            Node::Call(range, bounds, None) if range == "range" && bounds.len() == 1 => {
                format!("{index} in 0..{}", bounds[0])
            }
            Node::Call(range, bounds, None) if range == "range" && bounds.len() == 2 => {
                format!("{index} in {}..{}", bounds[0], bounds[1])
            }
            _ => {
                input.parse::<Token![..]>()?;
                format!("{index} in {first}..{}", parse(&input)?)
            }
        })
    };
    let help = match (head(), args) {
        (Ok(head), [arg]) if function == "sum" || function == "max" || function == "min" => {
            format!("write `{function}({head}, {arg})`")
        }
        _ => "the loop of a `sum`, a `max` or a `min` stands first, as in `sum(i in 0..n, x[i])`".into(),
    };
    input.error(format_args!(
        "expected an operator, `,` or `)`, found `for`\nhelp: {help}"
    ))
}

/// `norm(x, "fro")`, of which the arguments before the string are known
pub fn string(text: &LitStr, before: &[Expr]) -> syn::Error {
    let name = match text.value().as_str() {
        "fro" => Some("norm_fro"),
        "inf" | "Inf" => Some("norm_inf"),
        "nuc" => Some("norm_nuc"),
        _ => None,
    };
    let help = match (name, before) {
        (Some(name), [x]) => format!("write `{name}({x})`"),
        _ => "what others choose by a string has a name of its own, such as `norm_fro(x)`, `norm_inf(x)` and `norm_nuc(x)`"
            .into(),
    };
    syn::Error::new(
        text.span(),
        format_args!("expected an expression, found a string\nhelp: {help}"),
    )
}

/// How a power is written.
fn raised(base: &Expr, exponent: Option<&Expr>) -> String {
    let (base, exponent) = (bare(base), exponent.map(bare));
    let Some(exponent) = exponent.map(Expr::to_string) else {
        return format!("write `square({base})` for the square, `power({base}, p)` for others");
    };
    match exponent.as_str() {
        "2" => format!("write `square({base})`"),
        "0.5" => format!("write `sqrt({base})`"),
        "-1" => format!("write `inv_pos({base})`"),
        _ => format!("write `power({base}, {exponent})`"),
    }
}

fn bare(e: &Expr) -> &Expr {
    match &e.node {
        Node::Group(inner) => bare(inner),
        _ => e,
    }
}

/// What stands behind an operator; nothing is consumed.
fn operand(input: ParseStream<'_>, operator: impl FnOnce(ParseStream<'_>) -> Result<()>) -> Option<Expr> {
    let ahead = input.fork();
    operator(&ahead).and_then(|()| unary(&ahead)).ok()
}

fn found(input: ParseStream<'_>, left: &Expr, right: Option<Expr>) -> (Extent, String) {
    match right {
        Some(right) => (left.extent.to(right.extent), right.to_string()),
        None => (input.span().into(), "…".into()),
    }
}

fn refused(at: Extent, message: impl std::fmt::Display) -> syn::Error {
    syn::Error::new_spanned(at, message)
}

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
    let modules = ["cp", "cvx", "cvxpy", "np", "numpy"];
    if matches!(&object.node, Node::Name(object) if modules.iter().any(|module| object == module)) {
        return syn::Error::new(
            name.span(),
            format_args!(
                "expected `T`, the transpose, found `{name}`\nhelp: a function has no prefix: leave out `{object}.`"
            ),
        );
    }
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

/// What follows the start of a range, where that is no `..`
pub fn no_range(input: ParseStream<'_>, first: Option<&Expr>) -> syn::Error {
    match first.and_then(|first| Some((first, range(first)?))) {
        Some((first, range)) => refused(
            first.extent,
            format_args!("expected a range, found `{first}`\nhelp: write `{range}`"),
        ),
        None => input.error("expected an operator or `..`"),
    }
}

/// How `range(n)` is written.
fn range(call: &Expr) -> Option<String> {
    match &call.node {
        Node::Call(name, bounds, None) if name == "range" => match bounds.as_slice() {
            [last] => Some(format!("0..{last}")),
            [first, last] => Some(format!("{first}..{last}")),
            _ => None,
        },
        _ => None,
    }
}

/// `sum(x[i] for i in range(n))`, from the word `for` on
pub fn comprehension(input: ParseStream<'_>, function: &Ident, args: &[Expr]) -> syn::Error {
    let head = || -> Result<String> {
        let input = input.fork();
        input.parse::<Token![for]>()?;
        let index: Ident = input.parse()?;
        input.parse::<Token![in]>()?;
        let first = parse(&input)?;
        Ok(match range(&first) {
            Some(range) => format!("{index} in {range}"),
            None => {
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

/// `x[1:3]` and `x[::2]`, from the first colon on
pub fn colon(input: ParseStream<'_>, first: Option<&Expr>) -> syn::Error {
    let ahead = input.fork();
    let part = || {
        ahead.parse::<Token![:]>().ok()?;
        let ends = ahead.is_empty() || ahead.peek(Token![:]) || ahead.peek(Token![,]);
        if ends { None } else { parse(&ahead).ok() }
    };
    let (last, step) = (part(), part());
    if step.is_some() {
        return input.error("a slice has no step\nhelp: take the entries one by one, as in `sum(i in 0..3, x[2 * i])`");
    }
    let [first, last] = [first, last.as_ref()].map(|end| end.map(Expr::to_string).unwrap_or_default());
    input.error(format_args!(
        "expected `..`, found `:`\nhelp: a range is written `{first}..{last}`"
    ))
}

/// `if` and `match`, as a value or around constraints
pub fn branch(word: &Ident, in_loop: bool) -> syn::Error {
    let help = if in_loop {
        "a loop may begin and end elsewhere, as `for i in 1..n` does"
    } else {
        "multiply by a parameter that is zero or one, or write two problems"
    };
    syn::Error::new(
        word.span(),
        format_args!("there is no `{word}`: a problem is the same one for all parameters\nhelp: {help}"),
    )
}

/// What is no `{`, behind `subject_to` or a loop
pub fn no_brace(input: ParseStream<'_>, before: impl std::fmt::Display) -> syn::Error {
    input.error(format_args!(
        "expected `{{`: constraints stand in braces\nhelp: write `{before} {{ … }}`"
    ))
}

/// `x >= 0 for i in 0..n`, from the word `for` on
pub fn loop_behind(input: ParseStream<'_>) -> syn::Error {
    input.error(
        "expected an operator or `;`, found `for`\nhelp: a loop stands in front, as in `for i in 0..n { x[i] >= 0; }`",
    )
}

/// `x >= 0 && x <= 1`
pub fn conjunction(input: ParseStream<'_>) -> syn::Error {
    input.error(
        "expected an operator or `;`, found `&&`\nhelp: what must hold besides is another constraint, behind a `;`",
    )
}

/// `let mut y = …`
pub fn mutable(input: ParseStream<'_>) -> syn::Error {
    input.error("expected a name, found `mut`: a `let` names a value\nhelp: leave `mut` out")
}

/// `problem P(n: usize)`, from the colon on
pub fn typed_dimension(input: ParseStream<'_>, name: &Ident) -> syn::Error {
    input.error(format_args!(
        "expected `,` or `)`: a dimension has no type\nhelp: write `{name}`"
    ))
}

/// `var x, y`, from the comma on
pub fn second_name(input: ParseStream<'_>) -> syn::Error {
    input.error("expected `: [shape] attributes` or `;`, found `,`\nhelp: give each name a statement of its own")
}

/// `|x|` and `||x||`
pub fn bars(input: ParseStream<'_>) -> syn::Error {
    let help = if input.peek(Token![||]) {
        "a norm is `norm2(x)`, `norm1(x)` or `norm_inf(x)`"
    } else {
        "an absolute value is `abs(x)`"
    };
    input.error(format_args!("expected an expression, found `|`\nhelp: {help}"))
}

/// `param a: Vec<f64>`
pub fn type_of_rust(name: &Ident) -> syn::Error {
    syn::Error::new(
        name.span(),
        format_args!(
            "expected a shape or an attribute, found `{name}`, a type of Rust\nhelp: a shape is in brackets, as in `[n]` or `[m, n]`, and a scalar has none"
        ),
    )
}

/// `let` in `subject_to`, where it is read and reported by its name alone
pub fn inner_let(word: &Token![let], in_loop: bool) -> syn::Error {
    let help = if in_loop {
        "what differs from turn to turn is a function of the index, as `fn gap(i) = x[i] - y[i];`"
    } else {
        "move it in front of `subject_to`"
    };
    syn::Error::new(
        word.span,
        format_args!("expected a constraint or a loop, found `let`\nhelp: {help}"),
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

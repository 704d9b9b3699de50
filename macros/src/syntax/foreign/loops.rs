//! Loops and ranges of other languages.

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenTree};
use syn::parse::ParseStream;
use syn::{Result, Token, token};

use super::super::ast::{Expr, LoopHead, Node, Operator};
use super::super::expr::{finished, parse};
use super::refused;

/// `0..=n`
pub fn inclusive_range(input: ParseStream<'_>, first: Option<&Expr>) -> syn::Error {
    let ahead = input.fork();
    let last = ahead.parse::<Token![..=]>().and_then(|_| parse(&ahead)).ok();
    let first = first.map(Expr::to_string).unwrap_or_default();
    let end = last.map_or("… + 1".into(), |last| behind(&last));
    input.error(format_args!("a range is half-open\nhelp: write `{first}..{end}`"))
}

/// The end of a half-open range whose last number this is.
fn behind(last: &Expr) -> String {
    match &last.node {
        Node::Number(last) => (last + 1.0).to_string(),
        Node::Binary(Operator::Subtract, end, one) if matches!(one.node, Node::Number(1.0)) => end.to_string(),
        _ => format!("{last} + 1"),
    }
}

/// `1:n`, `range(n)` and `n`, behind the first expression of it
pub fn no_range(input: ParseStream<'_>, index: &Ident, first: &Expr) -> syn::Error {
    if input.peek(Token![:]) {
        return colon_of_loop(input, index, first);
    }
    if let Node::Call(name, bounds, None) = &first.node
        && name == "range"
        && let [start, _, step] = bounds.as_slice()
    {
        return stepped(name.span(), index, &start.to_string(), step);
    }
    let ends = input.is_empty() || input.peek(Token![,]) || input.peek(token::Brace);
    match called(first) {
        Some(range) => refused(
            first.extent,
            format_args!("expected a range, found `{first}`\nhelp: write `{range}`"),
        ),
        None if ends => {
            let help = match first.node {
                Node::Name(_) | Node::Number(_) => format!("write `0..{first}`"),
                _ => format!("a loop runs over a range, as `{index} in 0..n` does"),
            };
            refused(
                first.extent,
                format_args!("expected a range, found `{first}`\nhelp: {help}"),
            )
        }
        None => input.error("expected an operator or `..`"),
    }
}

/// `(0..n).step_by(2)`, `(0..n).rev()` and `(0..n)`
pub fn range_in_parentheses(input: ParseStream<'_>, index: &Ident) -> Option<syn::Error> {
    let read = |input: ParseStream<'_>| -> Result<syn::Error> {
        let content;
        let paren = syn::parenthesized!(content in input);
        let first = parse(&content)?;
        content.parse::<Token![..]>()?;
        let range = format!("{first}..{}", parse(&content)?);
        finished(&content)?;
        if input.parse::<Option<Token![.]>>()?.is_none() {
            let message = format!("expected a range, found `(`\nhelp: write `{range}`");
            return Ok(syn::Error::new(paren.span.open(), message));
        }
        let method: Ident = input.parse()?;
        if method != "step_by" {
            let message = format!("expected a range, found `{method}`\nhelp: write `{range}`");
            return Ok(syn::Error::new(method.span(), message));
        }
        let step;
        syn::parenthesized!(step in input);
        Ok(stepped(method.span(), index, &first.to_string(), &parse(&step)?))
    };
    let group = input.fork().parse::<Group>().ok()?;
    let joint =
        |token| matches!(token, TokenTree::Punct(dot) if dot.as_char() == '.' && dot.spacing() == Spacing::Joint);
    // What is parsed twice at each depth takes forever.
    let holds_range = group.delimiter() == Delimiter::Parenthesis && group.stream().into_iter().any(joint);
    holds_range.then(|| read(&input.fork()).unwrap_or_else(|error| error))
}

pub const NO_STEP: &str = "a range has no step\nhelp: take the entries one by one, as in `sum(i in 0..3, x[2 * i])`";

/// A range with a step
fn stepped(at: Span, index: &Ident, first: &str, step: &Expr) -> syn::Error {
    let place = match first {
        "0" => format!("{step} * {index}"),
        _ => format!("{first} + {step} * {index}"),
    };
    syn::Error::new(
        at,
        format_args!("a range has no step\nhelp: let `{index}` count the turns, and write `{place}` for the place"),
    )
}

/// How `range(n)` is written.
fn called(call: &Expr) -> Option<String> {
    match &call.node {
        Node::Call(name, bounds, None) if name == "range" => match bounds.as_slice() {
            [last] => Some(format!("0..{last}")),
            [first, last] => Some(format!("{first}..{last}")),
            _ => None,
        },
        _ => None,
    }
}

/// `i in 0..n`, `i in 1:n`, `i = 1:n` and `i in range(n)`, as it is written here
fn head(input: ParseStream<'_>) -> Result<String> {
    let index: Ident = input.parse()?;
    if input.parse::<Option<Token![in]>>()?.is_none() {
        input.parse::<Token![=]>()?;
    }
    let first = parse(input)?;
    if let Some(range) = called(&first) {
        return Ok(format!("{index} in {range}"));
    }
    if input.parse::<Option<Token![:]>>()?.is_some() {
        let first = from_one(&first).unwrap_or_else(|| first.to_string());
        return Ok(format!("{index} in {first}..{}", parse(input)?));
    }
    if input.parse::<Option<Token![..=]>>()?.is_some() {
        return Ok(format!("{index} in {first}..{}", behind(&parse(input)?)));
    }
    input.parse::<Token![..]>()?;
    Ok(format!("{index} in {first}..{}", parse(input)?))
}

pub fn head_ahead(input: ParseStream<'_>) -> bool {
    head(&input.fork()).is_ok()
}

/// Several heads, divided by commas or the word `for`, up to the end or to what is no head.
fn heads(input: ParseStream<'_>) -> Result<Vec<String>> {
    let mut heads = Vec::new();
    loop {
        input.parse::<Option<Token![for]>>()?;
        heads.push(head(input)?);
        let comma = input.peek(Token![,]) && (input.peek2(Token![for]) || input.peek3(Token![in]));
        if !comma && !input.peek(Token![for]) {
            return Ok(heads);
        }
        input.parse::<Option<Token![,]>>()?;
    }
}

/// One loop inside the other.
fn nested(function: &Ident, heads: &[String], arg: &Expr) -> String {
    let inside = |inner, head| format!("{function}({head}, {inner})");
    heads.iter().rev().fold(arg.to_string(), inside)
}

/// `sum(x[i] for i in range(n))` and `sum(x[i], i in 0..n)`, from the loop on
pub fn comprehension(input: ParseStream<'_>, function: &Ident, args: &[Expr]) -> syn::Error {
    let ahead = input.fork();
    let heads = heads(&ahead).ok().filter(|_| ahead.is_empty());
    let help = match (heads, args) {
        (Some(heads), [arg]) if function == "sum" || function == "max" || function == "min" => {
            format!("write `{}`", nested(function, &heads, arg))
        }
        _ => "the loop of a `sum`, a `max` or a `min` stands first, as in `sum(i in 0..n, x[i])`".into(),
    };
    let found = if input.peek(Token![for]) {
        "an operator, `,` or `)`, found `for`"
    } else {
        "an argument, found a loop"
    };
    input.error(format_args!("expected {found}\nhelp: {help}"))
}

/// `sum(i in 0..n, j in 0..m, x[i, j])`, from the second loop on
pub fn second_loop(input: ParseStream<'_>, function: &Ident, first: &LoopHead) -> syn::Error {
    let ahead = input.fork();
    let written = heads(&ahead).and_then(|inner| {
        ahead.parse::<Token![,]>()?;
        let all: Vec<_> = [first.to_string()].into_iter().chain(inner).collect();
        Ok(nested(function, &all, &parse(&ahead)?))
    });
    let help = written.map_or_else(|_| String::new(), |written| format!("\nhelp: write `{written}`"));
    input.error(format_args!("expected an expression, found another loop{help}"))
}

/// `for i in 0..n, j in 0..m`, from the comma on
pub fn second_head(input: ParseStream<'_>, first: &LoopHead) -> syn::Error {
    let ahead = input.fork();
    let inner = ahead.parse::<Token![,]>().and_then(|_| head(&ahead));
    let help = inner.map_or_else(
        |_| String::new(),
        |inner| format!("\nhelp: write `for {first} {{ for {inner} {{ … }} }}`"),
    );
    input.error(format_args!("expected `{{`, found `,`: a loop has one index{help}"))
}

/// `for i = 1:n`, from the equals sign on
pub fn assigned(input: ParseStream<'_>, start: ParseStream<'_>) -> syn::Error {
    let help = head(start).map_or_else(|_| String::new(), |head| format!("\nhelp: write `{head}`"));
    input.error(format_args!("expected `in`, found `=`{help}"))
}

/// The start of a range of a language whose indices begin at 1; None where it begins at another place.
fn from_one(first: &Expr) -> Option<String> {
    match first.node {
        Node::Number(first) if first >= 1.0 => Some((first - 1.0).to_string()),
        _ => None,
    }
}

/// What stands between colons, and behind the last.
fn parts(input: ParseStream<'_>) -> [Option<Expr>; 2] {
    let ahead = input.fork();
    let part = || {
        ahead.parse::<Token![:]>().ok()?;
        let ends = ahead.is_empty() || ahead.peek(Token![:]) || ahead.peek(Token![,]);
        if ends { None } else { parse(&ahead).ok() }
    };
    [part(), part()]
}

/// `i in 1:n`, from the colon on
fn colon_of_loop(input: ParseStream<'_>, index: &Ident, first: &Expr) -> syn::Error {
    let place = from_one(first);
    let start = place.clone().unwrap_or_else(|| first.to_string());
    match parts(input) {
        // The step stands in the middle.
        [Some(step), Some(_)] => stepped(input.span(), index, &start, &step),
        [last, _] => {
            let last = last.map_or("…".into(), |last| last.to_string());
            let why = match place {
                Some(_) => "since indices begin at 0".into(),
                None => format!("and ends before `{last}`"),
            };
            input.error(format_args!(
                "expected `..`, found `:`\nhelp: a range is written `{start}..{last}`, {why}"
            ))
        }
    }
}

/// `x[1:3]` and `x[::2]`, from the first colon on
pub fn colon(input: ParseStream<'_>, first: Option<&Expr>) -> syn::Error {
    let [last, step] = parts(input);
    if step.is_some() {
        return input.error(NO_STEP);
    }
    let [first, last] = [first, last.as_ref()].map(|end| end.map(Expr::to_string).unwrap_or_default());
    input.error(format_args!(
        "expected `..`, found `:`\nhelp: a range is written `{first}..{last}`"
    ))
}

/// `x[i] >= 0 for i in 0..n`, and the same behind a comma or the word `forall`, from there on
pub fn loop_behind(input: ParseStream<'_>, constraint: &str) -> syn::Error {
    let ahead = input.fork();
    let word = ahead
        .parse::<TokenTree>()
        .map_or_else(|_| String::new(), |word| word.to_string());
    let help = match heads(&ahead) {
        Ok(heads) => {
            let inside = |inner, head| format!("for {head} {{ {inner} }}");
            format!(": `{}`", heads.iter().rev().fold(format!("{constraint};"), inside))
        }
        Err(_) => ", as in `for i in 0..n { x[i] >= 0; }`".into(),
    };
    input.error(format_args!(
        "expected an operator or `;`, found `{word}`\nhelp: a loop stands in front{help}"
    ))
}

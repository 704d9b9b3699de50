//! Declarations of other languages.

use proc_macro2::{Ident, Punct, Spacing};
use syn::parse::ParseStream;
use syn::{Result, Token, token};

use super::super::ast::{ATTRIBUTES, Expr};
use super::super::expr::parse;

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

/// `param a: Vec<f64>`
pub fn type_of_rust(name: &Ident) -> syn::Error {
    syn::Error::new(
        name.span(),
        format_args!(
            "expected a shape or an attribute, found `{name}`, a type of Rust\nhelp: a shape is in brackets, as in `[n]` or `[m, n]`, and a scalar has none"
        ),
    )
}

/// `[f64; 3]` and `[[f64; 3]; 2]`, within the brackets
pub fn array_type(input: ParseStream<'_>, name: &Ident) -> Option<syn::Error> {
    let dims = lengths(&input.fork()).ok().filter(|dims| dims.len() <= 2)?;
    Some(input.error(format_args!(
        "expected a shape, found a type of Rust\nhelp: write `{name}: [{}]`",
        dims.join(", ")
    )))
}

/// Those of an array of arrays, the outermost first.
fn lengths(input: ParseStream<'_>) -> Result<Vec<String>> {
    let inner = if input.peek(token::Bracket) {
        let content;
        syn::bracketed!(content in input);
        lengths(&content)?
    } else {
        let ty: Ident = input.parse()?;
        if ty != "f64" && ty != "f32" {
            return Err(input.error("expected a type"));
        }
        Vec::new()
    };
    input.parse::<Token![;]>()?;
    Ok([parse(input)?.to_string()].into_iter().chain(inner).collect())
}

/// `var x: [n], nonneg`, from the comma on
pub fn comma_before_an_attribute(input: ParseStream<'_>) -> Option<syn::Error> {
    let ahead = input.fork();
    ahead.parse::<Token![,]>().ok()?;
    let attribute: Ident = ahead.parse().ok()?;
    let known = ATTRIBUTES.iter().any(|known| attribute == known) && !ahead.peek(Token![:]);
    known.then(|| input.error("expected an attribute or `;`, found `,`\nhelp: leave the comma out"))
}

/// `var x: [n], y: [n]`, from the comma on
pub fn second_declaration(input: ParseStream<'_>) -> syn::Error {
    input.error("expected an attribute or `;`, found `,`\nhelp: give each name a statement of its own")
}

/// `var x: [n] >= 0`, `var x: [n] nonneg = True` and `param p = 0.5`, from the operator on
pub fn value(input: ParseStream<'_>, name: &Ident, shape: Option<&[Expr]>, attributes: &[Ident]) -> syn::Error {
    let ahead = input.fork();
    let operator = operator(&ahead);
    let value = parse(&ahead).map_or("…".into(), |value| value.to_string());
    let described = |attribute: Option<&str>| {
        let dims: Vec<_> = shape.into_iter().flatten().map(Expr::to_string).collect();
        let shape = shape.map(|_| format!("[{}]", dims.join(", ")));
        let attributes = attributes.iter().map(Ident::to_string);
        let words: Vec<_> = shape
            .into_iter()
            .chain(attributes)
            .chain(attribute.map(str::to_owned))
            .collect();
        format!("write `{name}: {}`", words.join(" "))
    };
    let help = match (operator.as_str(), value.as_str()) {
        (">=", "0") => described(Some("nonneg")),
        ("<=", "0") => described(Some("nonpos")),
        (">", "0") => described(Some("pos")),
        (">>", "0") => described(Some("psd")),
        ("<<", "0") => described(Some("nsd")),
        ("=", "true" | "True") if !attributes.is_empty() => described(None),
        ("=", _) => format!("leave the value out, or name a constant by `let {name} = {value};`"),
        _ => format!("a bound is a constraint: write `{name} {operator} {value};` in `subject_to`"),
    };
    input.error(format_args!(
        "expected an attribute or `;`, found `{operator}`\nhelp: {help}"
    ))
}

/// The characters of an operator.
fn operator(input: ParseStream<'_>) -> String {
    let mut operator = String::new();
    while let Ok(punct) = input.parse::<Punct>() {
        operator.push(punct.as_char());
        if punct.spacing() == Spacing::Alone {
            break;
        }
    }
    operator
}

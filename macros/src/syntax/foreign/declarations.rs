//! Declarations of other languages.

use proc_macro2::{Group, Ident};
use syn::parse::ParseStream;
use syn::{Result, Token, token};

use super::super::ast::{ATTRIBUTES, Expr, Node};
use super::super::expr::parse;
use super::operator;

/// `x = Variable(n)` and `x: [n]`, which begin with no word of a statement
pub fn no_statement(input: ParseStream<'_>) -> Option<syn::Error> {
    let ahead = input.fork();
    let name: Ident = ahead.parse().ok()?;
    let help = if ahead.parse::<Option<Token![:]>>().ok()?.is_some() {
        "a declaration begins with `param`, `data` or `var`".into()
    } else {
        ahead.parse::<Token![=]>().ok()?;
        defined(&name, &parse(&ahead).ok()?)
    };
    Some(input.error(format_args!("expected a statement, found `{name}`\nhelp: {help}")))
}

/// How a name is given to a value, or to what CVXPY makes.
fn defined(name: &Ident, value: &Expr) -> String {
    let Node::Call(class, dims, _) = &value.node else {
        return format!("write `let {name} = {value};`");
    };
    let keyword = match class.to_string().as_str() {
        "Variable" => "var",
        "Parameter" => "param",
        _ => return format!("write `let {name} = {value};`"),
    };
    let dims: Vec<_> = dims.iter().map(Expr::to_string).collect();
    match dims.as_slice() {
        [] => format!("write `{keyword} {name};`"),
        dims => format!("write `{keyword} {name}: [{}];`", dims.join(", ")),
    }
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

/// `param a: Vec<f64>`
pub fn type_of_rust(name: &Ident) -> syn::Error {
    syn::Error::new(
        name.span(),
        format_args!(
            "expected a shape or an attribute, found `{name}`, a type of Rust\nhelp: a shape is in brackets, as in `[n]` or `[m, n]`, and a scalar has none"
        ),
    )
}

/// `var x[n]` and `var x(n)`, from the shape on
pub fn no_colon(input: ParseStream<'_>, name: &Ident) -> syn::Error {
    let found = input.fork().parse::<Group>();
    let dims = found.map_or("…".into(), |found| found.stream().to_string());
    input.error(format_args!(
        "expected `: [shape] attributes` or `;`\nhelp: a shape stands behind a colon: `{name}: [{dims}];`"
    ))
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

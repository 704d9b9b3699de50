//! What stands behind `param`, `data`, `var` and `const`.

use proc_macro2::{Ident, TokenTree};
use syn::parse::ParseStream;
use syn::{Attribute, Result, Token, token};

use super::ast::{Const, Declaration, Expr, Node};
use super::expr;
use super::parse::{attempt, end, statement_ahead};
use crate::extent::Extent;
use crate::report::Report;

pub fn name(input: ParseStream<'_>) -> Result<Ident> {
    if input.peek(syn::Ident) {
        return input.parse();
    }
    let found = input.fork().parse::<TokenTree>().ok();
    match found {
        Some(TokenTree::Ident(keyword)) => Err(input.error(format_args!(
            "expected a name, found `{keyword}`, a keyword of Rust\nhelp: call it `{keyword}_`"
        ))),
        _ => Err(input.error("expected a name")),
    }
}

/// The name, and what stands behind it, as far as that parses.
pub fn declaration(input: ParseStream<'_>, docs: Vec<Attribute>, report: &Report) -> Result<Declaration> {
    let name = name(input)?;
    let parsed = attempt(input, report, |input| described(input, &name, report))?;
    let lost = parsed.is_none();
    let (shape, attributes) = parsed.unwrap_or_default();
    Ok(Declaration {
        docs,
        name,
        shape,
        attributes,
        lost,
    })
}

/// `: [shape] attributes;`
fn described(input: ParseStream<'_>, name: &Ident, report: &Report) -> Result<(Option<Vec<Expr>>, Vec<Ident>)> {
    let mut shape = None;
    let mut attributes = Vec::new();
    if input.peek(Token![:]) {
        input.parse::<Token![:]>()?;
        if input.peek(token::Bracket) {
            let content;
            let bracket = syn::bracketed!(content in input);
            let dims = expr::inside(&content, |content| content.parse_terminated(expr::parse, Token![,]))?;
            if dims.is_empty() || dims.len() > 2 {
                let tokens = Extent {
                    start: bracket.span.open(),
                    end: bracket.span.close(),
                };
                let mut written = dims.iter().map(|dim| match dim.node {
                    Node::Binary(..) => format!("({dim})"),
                    _ => dim.to_string(),
                });
                let help = match written.next() {
                    Some(rows) => {
                        let others: Vec<_> = written.collect();
                        format!("what has more is a matrix: `{name}: [{rows}, {}]`", others.join(" * "))
                    }
                    None => format!("a scalar has no shape: `{name}`"),
                };
                return Err(syn::Error::new_spanned(
                    tokens,
                    format_args!(
                        "expected a shape `[rows]` or `[rows, cols]`, found {} dimensions\nhelp: {help}",
                        dims.len()
                    ),
                ));
            }
            shape = Some(dims.into_iter().collect());
        }
        while input.peek(syn::Ident) && !statement_ahead(input) {
            attributes.push(input.parse()?);
        }
    }
    if shape.is_none() && attributes.is_empty() && input.peek(syn::Ident) && !statement_ahead(input) {
        let attribute: Ident = input.fork().parse()?;
        return Err(input.error(format_args!(
            "expected `:` or `;`, found `{attribute}`\nhelp: attributes stand behind a colon: `{name}: {attribute};`"
        )));
    }
    if shape.is_none() && attributes.is_empty() && input.peek(token::Bracket) {
        let found: TokenTree = input.fork().parse()?;
        return Err(input.error(format_args!(
            "expected `: [shape] attributes` or `;`\nhelp: a shape stands behind a colon: `{name}: {found};`"
        )));
    }
    let expected = match (&shape, attributes.is_empty()) {
        (None, true) => "`: [shape] attributes` or `;`",
        _ => "an attribute or `;`",
    };
    end(input, expected, report)?;
    Ok((shape, attributes))
}

pub fn constant(input: ParseStream<'_>, report: &Report) -> Result<Const> {
    let name = name(input)?;
    let value = attempt(input, report, |input| number_of_elements(input, report))?;
    Ok(Const { name, value })
}

/// `: usize = 20;`
fn number_of_elements(input: ParseStream<'_>, report: &Report) -> Result<Expr> {
    input.parse::<Token![:]>()?;
    let ty: Ident = input.parse()?;
    if ty != "usize" {
        return Err(syn::Error::new(
            ty.span(),
            format_args!(
                "expected `usize`, found `{ty}`: a `const` is a dimension\nhelp: write a number where it is used, or declare a `param`"
            ),
        ));
    }
    input.parse::<Token![=]>()?;
    let value = expr::parse(input)?;
    end(input, "an operator or `;`", report)?;
    Ok(value)
}

//! What stands behind `param`, `data`, `var` and `const`.

use std::rc::Rc;

use proc_macro2::{Ident, TokenTree};
use syn::parse::ParseStream;
use syn::{Attribute, Result, Token, token};

use super::ast::{Const, Declaration, Expr, Node};
use super::constraint::relation_ahead;
use super::expr;
use super::foreign::declarations as foreign;
use super::parse::{attempt, end, statement_ahead};
use crate::extent::Extent;
use crate::report::Report;

pub fn name(input: ParseStream<'_>) -> Result<Ident> {
    // A keyword since the edition of 2024.
    if input.peek(syn::Ident) && input.fork().parse::<Ident>()? != "gen" {
        return input.parse();
    }
    let found = input.fork().parse::<TokenTree>().ok();
    match found {
        Some(TokenTree::Ident(blank)) if blank == "_" => {
            Err(input.error("expected a name, found `_`\nhelp: call it `_i`"))
        }
        Some(TokenTree::Ident(keyword)) => Err(input.error(format_args!(
            "expected a name, found `{keyword}`, a keyword of Rust\nhelp: call it `{keyword}_`"
        ))),
        _ => Err(input.error("expected a name")),
    }
}

/// The name, and what stands behind it, as far as that parses; of several names, which is reported, each with all of it.
pub fn declarations(input: ParseStream<'_>, docs: &[Attribute], report: &Report) -> Result<Vec<Declaration>> {
    let mut all = Vec::new();
    loop {
        let mut names = vec![name(input)?];
        if input.peek(Token![,]) {
            report.push(foreign::second_name(input));
        }
        while input.parse::<Option<Token![,]>>()?.is_some() {
            names.push(name(input)?);
        }
        let parsed = attempt(input, report, |input| described(input, &names[0], report))?;
        let lost = parsed.is_none();
        let Description {
            shape,
            attributes,
            another,
        } = parsed.unwrap_or_default();
        all.extend(names.into_iter().map(|name| Declaration {
            docs: docs.to_vec(),
            name,
            shape: shape.clone(),
            attributes: attributes.clone(),
            lost,
        }));
        if !another {
            return Ok(all);
        }
    }
}

#[derive(Default)]
struct Description {
    shape: Option<Rc<[Expr]>>,
    attributes: Vec<Ident>,
    /// A comma and another declaration follow, which is reported.
    another: bool,
}

/// `: [shape] attributes;`
fn described(input: ParseStream<'_>, name: &Ident, report: &Report) -> Result<Description> {
    let mut description = Description::default();
    let Description {
        shape,
        attributes,
        another,
    } = &mut description;
    if input.peek(Token![:]) {
        input.parse::<Token![:]>()?;
        if input.peek(token::Bracket) || input.peek(token::Paren) {
            *shape = Some(dimensions(input, name)?);
        }
        loop {
            if let Some(comma) = foreign::comma_before_an_attribute(input) {
                report.push(comma);
                input.parse::<Token![,]>()?;
            }
            if !input.peek(syn::Ident) || statement_ahead(input) {
                break;
            }
            let attribute: Ident = input.parse()?;
            if attribute == "f64" || attribute == "f32" || input.peek(Token![<]) && !input.peek(Token![<=]) {
                return Err(foreign::type_of_rust(&attribute));
            }
            attributes.push(attribute);
        }
    }
    if shape.is_none() && attributes.is_empty() && input.peek(syn::Ident) && !statement_ahead(input) {
        let attribute: Ident = input.fork().parse()?;
        return Err(input.error(format_args!(
            "expected `:` or `;`, found `{attribute}`\nhelp: attributes stand behind a colon: `{name}: {attribute};`"
        )));
    }
    if shape.is_none() && attributes.is_empty() && (input.peek(token::Bracket) || input.peek(token::Paren)) {
        return Err(foreign::no_colon(input, name));
    }
    if relation_ahead(input) {
        report.push(foreign::value(input, name, shape.as_deref(), attributes));
        while !input.is_empty() && !input.peek(Token![;]) && !statement_ahead(input) {
            input.parse::<TokenTree>()?;
        }
    }
    if input.peek(Token![,]) && input.peek2(syn::Ident) {
        report.push(foreign::second_declaration(input));
        input.parse::<Token![,]>()?;
        *another = true;
        return Ok(description);
    }
    let expected = match (&shape, attributes.is_empty()) {
        (None, true) => "`: [shape] attributes` or `;`",
        _ => "an attribute or `;`",
    };
    end(input, expected, report)?;
    Ok(description)
}

/// `[rows, cols]`
fn dimensions(input: ParseStream<'_>, name: &Ident) -> Result<Rc<[Expr]>> {
    let content;
    let round = input.peek(token::Paren);
    let span = if round {
        syn::parenthesized!(content in input).span
    } else {
        syn::bracketed!(content in input).span
    };
    let tokens = Extent {
        start: span.open(),
        end: span.close(),
    };
    let dims = expr::inside(&content, |content| match foreign::array_type(content, name) {
        Some(error) => Err(error),
        None => content.parse_terminated(expr::parse, Token![,]),
    })?;
    let written: Vec<_> = dims.iter().map(Expr::to_string).collect();
    if round {
        return Err(syn::Error::new_spanned(
            tokens,
            format_args!(
                "expected a shape or an attribute\nhelp: a shape is in brackets: `{name}: [{}]`",
                written.join(", ")
            ),
        ));
    }
    if dims.is_empty() || dims.len() > 2 {
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
    Ok(dims.into_iter().collect())
}

pub fn constant(input: ParseStream<'_>, report: &Report) -> Result<Const> {
    let name = name(input)?;
    let value = attempt(input, report, |input| number_of_elements(input, &name, report))?;
    Ok(Const { name, value })
}

/// `: usize = 20;`
fn number_of_elements(input: ParseStream<'_>, name: &Ident, report: &Report) -> Result<Expr> {
    if !input.peek(Token![:]) {
        return Err(input.error(format_args!(
            "expected `:`, the type of a `const`\nhelp: write `const {name}: usize = …;`"
        )));
    }
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

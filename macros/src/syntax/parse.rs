//! Statements. One that does not parse is reported and skipped up to its `;`,
//! so that the rest is still checked.

use std::rc::Rc;

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Result, Token, Visibility, token};

use super::ast::{Const, Declaration, Function, Input, Let, MOST_DEPTH, Objective, Problem, Sense, too_deep};
use super::constraint::{relation_ahead, restrictions};
use super::expr;
use crate::extent::Extent;
use crate::report::Report;
use crate::spelling::nearest;

mod keyword {
    syn::custom_keyword!(problem);
    syn::custom_keyword!(geometric);
    syn::custom_keyword!(param);
    syn::custom_keyword!(data);
    syn::custom_keyword!(var);
    syn::custom_keyword!(minimize);
    syn::custom_keyword!(maximize);
    syn::custom_keyword!(subject_to);
}

/// Parses all that can be parsed; what cannot is in the report.
pub fn parse(tokens: TokenStream, report: &Report) -> Option<Input> {
    if let Some(group) = deepest(tokens.clone()) {
        report.push(too_deep(Extent {
            start: group.span_open(),
            end: group.span_close(),
        }));
        return None;
    }
    let parser = |input: ParseStream<'_>| {
        let runtime: TokenTree = dollar_crate(input)?;
        let (mut problems, mut functions) = (Vec::new(), Vec::new());
        while !input.is_empty() {
            let parsed = if input.peek(Token![fn]) {
                function(input).map(|function| functions.push(Rc::new(function)))
            } else {
                problem(input, report).map(|problem| problems.push(problem))
            };
            match parsed {
                Ok(()) => {}
                Err(error) => {
                    report.push(error);
                    skip_all(input)?;
                }
            }
        }
        Ok(Input {
            runtime,
            functions,
            problems,
        })
    };
    parser.parse2(tokens).map_err(|error| report.push(error)).ok()
}

/// A group that is nested more deeply than the parser can follow.
fn deepest(tokens: TokenStream) -> Option<Group> {
    let mut open = vec![tokens.into_iter()];
    while let Some(innermost) = open.last_mut() {
        match innermost.next() {
            None => drop(open.pop()),
            Some(TokenTree::Group(group)) if open.len() > MOST_DEPTH => return Some(group),
            Some(TokenTree::Group(group)) => open.push(group.stream().into_iter()),
            Some(_) => {}
        }
    }
    None
}

/// The wrapping macro hands over `$crate;`, which parses as one identifier.
fn dollar_crate(input: ParseStream<'_>) -> Result<TokenTree> {
    let runtime = input.parse()?;
    input.parse::<Token![;]>()?;
    Ok(runtime)
}

fn problem(input: ParseStream<'_>, report: &Report) -> Result<Problem> {
    let mut docs = input.call(Attribute::parse_outer)?;
    let mut take = |name: &str| {
        let before = docs.len();
        docs.retain(|attribute| !attribute.path().is_ident(name));
        docs.len() < before
    };
    let (strict_dpp, explain) = (take("strict_dpp"), take("explain"));
    only_docs(
        &docs,
        "expected a doc comment, `#[strict_dpp]` or `#[explain]`, the attributes that a problem takes",
    )?;
    let vis: Visibility = input.parse()?;
    if !input.peek(keyword::problem) {
        return Err(input.error("expected `problem Name(dimensions) { … }` or `fn name(x) = …;`"));
    }
    input.parse::<keyword::problem>()?;
    let name: Ident = input.parse()?;
    let mut dims = Vec::new();
    if input.peek(token::Paren) {
        let content;
        syn::parenthesized!(content in input);
        dims.extend(expr::inside(&content, |content| {
            content.parse_terminated(<Ident as syn::parse::Parse>::parse, Token![,])
        })?);
    }
    let geometric = geometric(input)?;
    let body;
    syn::braced!(body in input);
    let mut problem = Problem {
        docs,
        strict_dpp,
        explain,
        vis,
        name,
        dims,
        geometric,
        consts: Vec::new(),
        params: Vec::new(),
        data: Vec::new(),
        vars: Vec::new(),
        lets: Vec::new(),
        functions: Vec::new(),
        objectives: Vec::new(),
        constraints: Vec::new(),
        whole: true,
    };
    let errors = report.count();
    each_statement(&body, report, |input| statement(input, &mut problem, report))?;
    problem.whole = report.count() == errors;
    Ok(problem)
}

/// The word that says what kind of problem it is.
fn geometric(input: ParseStream<'_>) -> Result<Option<Ident>> {
    if !input.peek(syn::Ident) {
        return Ok(None);
    }
    if !input.peek(keyword::geometric) {
        let found: Ident = input.fork().parse()?;
        return Err(input.error(format_args!("expected `geometric` or `{{`, found `{found}`")));
    }
    input.parse().map(Some)
}

/// Runs `parse` until nothing is left; after an error it goes on behind the next `;`.
pub fn each_statement(
    input: ParseStream<'_>,
    report: &Report,
    mut parse: impl FnMut(ParseStream<'_>) -> Result<()>,
) -> Result<()> {
    while !input.is_empty() {
        if let Err(error) = parse(input) {
            report.push(error);
            while !input.is_empty() && !input.peek(Token![;]) {
                input.parse::<TokenTree>()?;
            }
            input.parse::<Option<Token![;]>>()?;
        }
    }
    Ok(())
}

fn skip_all(input: ParseStream<'_>) -> Result<()> {
    input.parse::<TokenStream>().map(drop)
}

fn statement(input: ParseStream<'_>, problem: &mut Problem, report: &Report) -> Result<()> {
    let docs = docs(input)?;
    let documentable = input.peek(keyword::param) || input.peek(keyword::data) || input.peek(keyword::var);
    if let Some(doc) = docs.first().filter(|_| !documentable) {
        return Err(syn::Error::new_spanned(
            doc,
            "a doc comment belongs to a `problem`, a `param`, a `data` or a `var`\nhelp: make it a plain comment, `// …`",
        ));
    }
    if input.peek(keyword::param) {
        input.parse::<keyword::param>()?;
        problem.params.push(declaration(input, docs)?);
    } else if input.peek(keyword::data) {
        input.parse::<keyword::data>()?;
        problem.data.push(declaration(input, docs)?);
    } else if input.peek(keyword::var) {
        input.parse::<keyword::var>()?;
        problem.vars.push(declaration(input, docs)?);
    } else if input.peek(Token![const]) {
        input.parse::<Token![const]>()?;
        problem.consts.push(constant(input)?);
    } else if input.peek(Token![let]) {
        input.parse::<Token![let]>()?;
        let name = name(input)?;
        input.parse::<Token![=]>()?;
        let value = expr::parse(input)?;
        end(input, "an operator or `;`")?;
        problem.lets.push(Let { name, value });
    } else if input.peek(Token![fn]) {
        problem.functions.push(Rc::new(function(input)?));
    } else if input.peek(keyword::minimize) || input.peek(keyword::maximize) {
        problem.objectives.push(objective(input)?);
    } else if input.peek(keyword::subject_to) {
        input.parse::<keyword::subject_to>()?;
        let content;
        syn::braced!(content in input);
        restrictions(&content, &[], problem, report)?;
        input.parse::<Option<Token![;]>>()?;
    } else {
        return Err(unknown_statement(input));
    }
    Ok(())
}

fn statement_ahead(input: ParseStream<'_>) -> bool {
    input.peek(keyword::param)
        || input.peek(keyword::data)
        || input.peek(keyword::var)
        || input.peek(keyword::minimize)
        || input.peek(keyword::maximize)
        || input.peek(keyword::subject_to)
}

fn docs(input: ParseStream<'_>) -> Result<Vec<Attribute>> {
    let attributes = input.call(Attribute::parse_outer)?;
    only_docs(
        &attributes,
        "expected a doc comment, the only attribute that a declaration takes",
    )?;
    Ok(attributes)
}

fn only_docs(attributes: &[Attribute], expected: &str) -> Result<()> {
    match attributes.iter().find(|attribute| !attribute.path().is_ident("doc")) {
        None => Ok(()),
        Some(other) => Err(syn::Error::new_spanned(other, expected)),
    }
}

fn name(input: ParseStream<'_>) -> Result<Ident> {
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

fn declaration(input: ParseStream<'_>, docs: Vec<Attribute>) -> Result<Declaration> {
    let name = name(input)?;
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
                return Err(syn::Error::new_spanned(
                    tokens,
                    format_args!(
                        "expected a shape `[rows]` or `[rows, cols]`, found {} dimensions\nhelp: a scalar has no shape: `param {name};`",
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
    let expected = match (&shape, attributes.is_empty()) {
        (None, true) => "`: [shape] attributes` or `;`",
        _ => "an attribute or `;`",
    };
    end(input, expected)?;
    Ok(Declaration {
        docs,
        name,
        shape,
        attributes,
    })
}

fn constant(input: ParseStream<'_>) -> Result<Const> {
    let name = name(input)?;
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
    end(input, "an operator or `;`")?;
    Ok(Const { name, value })
}

/// `fn name(x, y) = expression;`
fn function(input: ParseStream<'_>) -> Result<Function> {
    input.parse::<Token![fn]>()?;
    let name = name(input)?;
    let content;
    syn::parenthesized!(content in input);
    let params = expr::inside(&content, |content| {
        content.parse_terminated(<Ident as syn::parse::Parse>::parse, Token![,])
    })?;
    if input.peek(token::Brace) || input.peek(Token![->]) {
        return Err(input.error(format_args!(
            "expected `=`: a function is one expression\nhelp: write `fn {name}(…) = …;`"
        )));
    }
    input.parse::<Token![=]>()?;
    let body = expr::parse(input)?;
    end(input, "an operator or `;`")?;
    Ok(Function {
        name,
        params: params.into_iter().collect(),
        body,
    })
}

/// The first word of a statement that is none, and what it was most likely meant to be.
fn unknown_statement(input: ParseStream<'_>) -> syn::Error {
    let statements = [
        "param",
        "data",
        "var",
        "const",
        "let",
        "fn",
        "minimize",
        "maximize",
        "subject_to",
    ];
    let Ok(word) = input.fork().call(Ident::parse_any) else {
        return input
            .error("expected `param`, `data`, `var`, `const`, `let`, `fn`, `minimize`, `maximize` or `subject_to`");
    };
    let word = word.to_string();
    let meant = match word.as_str() {
        "variable" | "variables" => Some("var"),
        "parameter" | "parameters" => Some("param"),
        "subject" | "such" | "st" | "constraints" | "with" => Some("subject_to"),
        "min" => Some("minimize"),
        "max" => Some("maximize"),
        other => nearest(other, statements.into_iter()),
    };
    match meant {
        Some(meant) => input.error(format_args!(
            "expected a statement, found `{word}`\nhelp: did you mean `{meant}`?"
        )),
        None => input.error(format_args!(
            "expected `param`, `data`, `var`, `const`, `let`, `fn`, `minimize`, `maximize` or `subject_to`, found `{word}`"
        )),
    }
}

fn objective(input: ParseStream<'_>) -> Result<Objective> {
    let keyword = Extent::from(input.span());
    let sense = if input.parse::<Option<keyword::minimize>>()?.is_some() {
        Sense::Minimize
    } else {
        input.parse::<keyword::maximize>()?;
        Sense::Maximize
    };
    let value = expr::parse(input)?;
    if relation_ahead(input) {
        return Err(input.error(format_args!(
            "expected an operator or `;`: the objective is an expression\nhelp: a constraint stands in `subject_to {{ … }}`"
        )));
    }
    end(input, "an operator or `;`")?;
    Ok(Objective { keyword, sense, value })
}

pub fn end(input: ParseStream<'_>, expected: &str) -> Result<()> {
    if input.peek(Token![;]) {
        input.parse::<Token![;]>()?;
        Ok(())
    } else if input.is_empty() {
        Err(input.error("expected `;`"))
    } else {
        Err(input.error(format_args!("expected {expected}")))
    }
}

//! Statements. One that does not parse is reported and skipped up to its `;`,
//! so that the rest is still checked.

use std::rc::Rc;

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Result, Token, Visibility, token};

use super::ast::{Function, Input, Let, MOST_DEPTH, Objective, Problem, Sense, too_deep};
use super::constraint::{relation_ahead, restrictions};
use super::declaration::{constant, declarations, name};
use super::{expr, foreign};
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
                function(input, report).map(|function| functions.push(Rc::new(function)))
            } else {
                problem(input, report).map(|problem| {
                    if problems.iter().any(|earlier: &Problem| earlier.name == problem.name) {
                        report.push(syn::Error::new(
                            problem.name.span(),
                            format_args!("a problem called `{}` is declared already", problem.name),
                        ));
                    } else {
                        problems.push(problem);
                    }
                })
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
    let errors = report.count();
    if let Some(other) = docs.iter().find(|attribute| !attribute.path().is_ident("doc")) {
        report.push(unknown_attribute(other));
        docs.retain(|attribute| attribute.path().is_ident("doc"));
    }
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
        dims = dimensions(&content, report)?;
    }
    let geometric = geometric(input, report)?;
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
        lost: Vec::new(),
        sound: true,
        whole: true,
    };
    problem.whole = each_statement(&body, report, |input| statement(input, &mut problem, report))?;
    problem.sound = report.count() == errors;
    Ok(problem)
}

/// The names between the parentheses behind the name of a problem.
fn dimensions(input: ParseStream<'_>, report: &Report) -> Result<Vec<Ident>> {
    let mut dims = Vec::new();
    let parsed = expr::inside(input, |input| {
        while !input.is_empty() {
            let name: Ident = input.parse()?;
            if input.peek(Token![:]) {
                report.push(foreign::declarations::typed_dimension(input, &name));
                input.parse::<Token![:]>()?;
                input.parse::<Ident>()?;
            }
            dims.push(name);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    });
    if let Err(error) = parsed {
        report.push(error);
    }
    Ok(dims)
}

/// The word that says what kind of problem it is.
fn geometric(input: ParseStream<'_>, report: &Report) -> Result<Option<Ident>> {
    if !input.peek(syn::Ident) {
        return Ok(None);
    }
    if !input.peek(keyword::geometric) {
        let found: Ident = input.parse()?;
        let help = nearest(&found.to_string(), ["geometric"].into_iter())
            .map_or_else(String::new, |near| format!("\nhelp: did you mean `{near}`?"));
        report.push(syn::Error::new(
            found.span(),
            format_args!("expected `geometric` or `{{`, found `{found}`{help}"),
        ));
        return Ok(None);
    }
    input.parse().map(Some)
}

/// Runs `parse` until nothing is left; after an error it goes on behind the next `;`, or behind the block of a loop. Whether there was none.
pub fn each_statement(
    input: ParseStream<'_>,
    report: &Report,
    mut parse: impl FnMut(ParseStream<'_>) -> Result<()>,
) -> Result<bool> {
    let mut sound = true;
    while !input.is_empty() {
        sound &= attempt(input, report, &mut parse)?.is_some();
    }
    Ok(sound)
}

/// None where `parse` made an error, which is reported: the rest of the statement is skipped.
pub fn attempt<T>(
    input: ParseStream<'_>,
    report: &Report,
    parse: impl FnOnce(ParseStream<'_>) -> Result<T>,
) -> Result<Option<T>> {
    match parse(input) {
        Ok(parsed) => Ok(Some(parsed)),
        Err(error) => {
            report.push(error);
            while !input.is_empty() && !input.peek(Token![;]) {
                let was_block = input.peek(token::Brace);
                input.parse::<TokenTree>()?;
                if was_block && (input.peek(Token![for]) || statement_ahead(input)) {
                    return Ok(None);
                }
            }
            input.parse::<Option<Token![;]>>()?;
            Ok(None)
        }
    }
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
    if input.peek(Token![fn]) {
        problem.functions.push(Rc::new(function(input, report)?));
        return Ok(());
    }
    let place = Extent::from(input.span());
    match keyword(input, report)? {
        "param" => problem.params.extend(declarations(input, &docs, report)?),
        "data" => problem.data.extend(declarations(input, &docs, report)?),
        "var" => problem.vars.extend(declarations(input, &docs, report)?),
        "const" => problem.consts.push(constant(input, report)?),
        "let" => {
            if input.peek(Token![mut]) {
                report.push(foreign::mutable(input));
                input.parse::<Token![mut]>()?;
            }
            let name = name(input)?;
            let value = attempt(input, report, |input| {
                input.parse::<Token![=]>()?;
                let value = expr::parse(input)?;
                end(input, "an operator or `;`", report)?;
                Ok(value)
            })?;
            problem.lets.push(Let { name, value });
        }
        "minimize" => objective(input, place, Sense::Minimize, problem, report)?,
        "maximize" => objective(input, place, Sense::Maximize, problem, report)?,
        _ => {
            if !input.peek(token::Brace) {
                return Err(foreign::no_brace(input, "subject_to"));
            }
            let content;
            syn::braced!(content in input);
            restrictions(&content, &[], problem, report)?;
            input.parse::<Option<Token![;]>>()?;
        }
    }
    Ok(())
}

pub fn statement_ahead(input: ParseStream<'_>) -> bool {
    input.peek(keyword::param)
        || input.peek(keyword::data)
        || input.peek(keyword::var)
        || input.peek(keyword::minimize)
        || input.peek(keyword::maximize)
        || input.peek(keyword::subject_to)
        || input.peek(Token![const])
        || input.peek(Token![let])
        || input.peek(Token![fn])
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

/// `fn name(x, y) = expression;`
fn function(input: ParseStream<'_>, report: &Report) -> Result<Function> {
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
    end(input, "an operator or `;`", report)?;
    Ok(Function {
        name,
        params: params.into_iter().collect(),
        body,
    })
}

/// The word that a statement begins with; a word that is none is reported, and read as what it was most likely meant to
/// be.
fn keyword(input: ParseStream<'_>, report: &Report) -> Result<&'static str> {
    let statements = [
        "param",
        "data",
        "var",
        "const",
        "let",
        "minimize",
        "maximize",
        "subject_to",
    ];
    let listed = "expected `param`, `data`, `var`, `const`, `let`, `fn`, `minimize`, `maximize` or `subject_to`";
    let Ok(found) = input.fork().call(Ident::parse_any) else {
        return Err(input.error(listed));
    };
    let word = found.to_string();
    if let Some(keyword) = statements.into_iter().find(|keyword| *keyword == word) {
        input.call(Ident::parse_any)?;
        return Ok(keyword);
    }
    if let Some(meant) = sense(&input.fork()) {
        report.push(input.error(format_args!(
            "expected a statement, found `{word}`\nhelp: did you mean `{meant}`?"
        )));
        sense(input);
        return Ok(meant);
    }
    if word == "for" || constraint_ahead(input) {
        return Err(
            input.error("expected a statement, found a constraint\nhelp: a constraint stands in `subject_to { … }`")
        );
    }
    let meant = match word.as_str() {
        "variable" | "variables" => Some("var"),
        "parameter" | "parameters" => Some("param"),
        "subject" | "such" | "st" | "s" | "constraints" | "with" => Some("subject_to"),
        "min" => Some("minimize"),
        "max" => Some("maximize"),
        other => nearest(other, statements.into_iter()),
    };
    if meant.is_none()
        && let Some(error) = foreign::declarations::no_statement(input)
    {
        return Err(error);
    }
    let Some(meant) = meant else {
        return Err(input.error(format_args!("{listed}, found `{word}`")));
    };
    report.push(input.error(format_args!(
        "expected a statement, found `{word}`\nhelp: did you mean `{meant}`?"
    )));
    input.call(Ident::parse_any)?;
    if meant == "subject_to" && !input.peek(token::Brace) {
        // `subject to`, `such that`, `s.t.`
        input.parse::<Option<Token![.]>>()?;
        input.parse::<Option<Ident>>()?;
        input.parse::<Option<Token![.]>>()?;
    }
    Ok(meant)
}

/// `objective = Minimize`, as other languages begin
fn sense(input: ParseStream<'_>) -> Option<&'static str> {
    input.parse::<Ident>().ok().filter(|word| word == "objective")?;
    if input.parse::<Option<Token![=]>>().ok()?.is_none() {
        input.parse::<Token![:]>().ok()?;
    }
    let sense = input.parse::<Ident>().ok()?.to_string().to_lowercase();
    let senses = [("min", "minimize"), ("max", "maximize")];
    let known = senses.into_iter().find(|(short, _)| sense.starts_with(short));
    known.map(|(_, sense)| sense)
}

fn constraint_ahead(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    expr::parse(&ahead).is_ok() && relation_ahead(&ahead) && (!ahead.peek(Token![=]) || ahead.peek(Token![==]))
}

fn objective(
    input: ParseStream<'_>,
    keyword: Extent,
    sense: Sense,
    problem: &mut Problem,
    report: &Report,
) -> Result<()> {
    if input.peek(Token![:]) {
        report.push(input.error("expected an expression, found `:`\nhelp: leave the colon out"));
        input.parse::<Token![:]>()?;
    }
    let value = attempt(input, report, |input| {
        let value = expr::parse(input)?;
        if relation_ahead(input) || restrictions_ahead(input) {
            return Err(input.error(
                "expected an operator or `;`: the objective is an expression\nhelp: a constraint stands in `subject_to { … }`",
            ));
        }
        end(input, "an operator or `;`", report)?;
        Ok(value)
    })?;
    problem
        .objectives
        .extend(value.map(|value| Objective { keyword, sense, value }));
    Ok(())
}

/// How others say what the constraints are, behind the objective.
fn restrictions_ahead(input: ParseStream<'_>) -> bool {
    let words = ["s", "st", "subject", "such", "where", "with"];
    let word = input.fork().call(Ident::parse_any);
    word.is_ok_and(|word| words.iter().any(|known| word == known))
}

/// The `;` behind a statement; where it was forgotten, what follows is still read.
pub fn end(input: ParseStream<'_>, expected: &str, report: &Report) -> Result<()> {
    if input.peek(Token![;]) {
        input.parse::<Token![;]>()?;
        Ok(())
    } else if input.is_empty() {
        report.push(input.error("expected `;`"));
        Ok(())
    } else if statement_ahead(input) {
        let found = input.fork().call(Ident::parse_any)?;
        report.push(input.error(format_args!(
            "expected {expected}, found `{found}`\nhelp: a statement ends with `;`"
        )));
        Ok(())
    } else {
        Err(input.error(format_args!("expected {expected}")))
    }
}

fn unknown_attribute(attribute: &Attribute) -> syn::Error {
    let known = ["strict_dpp", "explain"];
    let found = attribute.path().get_ident().map(Ident::to_string);
    let near = found.and_then(|found| nearest(&found, known.into_iter()));
    let help = near.map_or_else(String::new, |near| format!("\nhelp: did you mean `#[{near}]`?"));
    syn::Error::new_spanned(
        attribute,
        format_args!(
            "expected a doc comment, `#[strict_dpp]` or `#[explain]`, the attributes that a problem takes{help}"
        ),
    )
}

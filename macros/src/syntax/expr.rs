//! Expressions by precedence: `+ -`, then `* /`, then unary minus, then `.T`, then what stands alone.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Lit, LitStr, Result, Token, token};

use super::ast::{Expr, Fold, Index, LoopHead, Node, Operator};
use super::constraint::relation_ahead;
use super::declaration::name;
use super::foreign::{self, loops};
use crate::extent::Extent;

pub fn parse(input: ParseStream<'_>) -> Result<Expr> {
    let mut left = product(input)?;
    loop {
        let operator = if input.peek(Token![+]) {
            input.parse::<Token![+]>()?;
            Operator::Add
        } else if input.peek(Token![-]) {
            input.parse::<Token![-]>()?;
            Operator::Subtract
        } else {
            return Ok(left);
        };
        left = binary(operator, left, product(input)?)?;
    }
}

fn product(input: ParseStream<'_>) -> Result<Expr> {
    let mut left = unary(input)?;
    loop {
        let operator = if input.peek(Token![*]) {
            input.parse::<Token![*]>()?;
            Operator::Multiply
        } else if input.peek(Token![/]) {
            input.parse::<Token![/]>()?;
            Operator::Divide
        } else if input.peek(Token![@]) {
            return Err(foreign::matrix_product(input, &left));
        } else {
            return Ok(left);
        };
        left = binary(operator, left, unary(input)?)?;
    }
}

fn binary(operator: Operator, left: Expr, right: Expr) -> Result<Expr> {
    let extent = left.extent.to(right.extent);
    Expr::new(Node::Binary(operator, Box::new(left), Box::new(right)), extent)
}

pub fn unary(input: ParseStream<'_>) -> Result<Expr> {
    let mut signs = Vec::new();
    while input.peek(Token![-]) {
        signs.push(Extent::from(input.parse::<Token![-]>()?.span));
    }
    if input.peek(Token![+]) {
        return Err(foreign::plus(input));
    }
    let mut expr = postfix(input)?;
    if input.peek(Token![as]) {
        return Err(foreign::cast(input, &expr));
    }
    if input.peek(Token![^]) || input.peek(Token![*]) && input.peek2(Token![*]) {
        return Err(foreign::power(input, &expr));
    }
    for sign in signs.into_iter().rev() {
        let extent = sign.to(expr.extent);
        expr = Expr::new(Node::Negate(Box::new(expr)), extent)?;
    }
    Ok(expr)
}

fn postfix(input: ParseStream<'_>) -> Result<Expr> {
    let mut expr = atom(input)?;
    loop {
        expr = if input.peek(token::Bracket) {
            indexed(input, expr)?
        } else if input.peek(Token![.]) && !input.peek(Token![..]) {
            transposed(input, expr)?
        } else {
            return Ok(expr);
        };
    }
}

fn transposed(input: ParseStream<'_>, expr: Expr) -> Result<Expr> {
    input.parse::<Token![.]>()?;
    let Ok(name) = input.call(any_ident) else {
        return Err(foreign::elementwise(input, &expr));
    };
    if name != "T" {
        return Err(foreign::method(&name, &expr));
    }
    let extent = expr.extent.to(Extent::from(&name));
    Expr::new(Node::Transpose(Box::new(expr)), extent)
}

fn indexed(input: ParseStream<'_>, expr: Expr) -> Result<Expr> {
    let content;
    let bracket = syn::bracketed!(content in input);
    let indices = inside(&content, |content| content.parse_terminated(index, Token![,]))?;
    let indices: Vec<Index> = indices.into_iter().collect();
    let extent = expr.extent.to(Extent::from(bracket.span.close()));
    if indices.is_empty() || indices.len() > 2 {
        return Err(syn::Error::new_spanned(
            extent,
            format_args!(
                "expected `{expr}[i]` or `{expr}[i, j]`, found {} indices",
                indices.len()
            ),
        ));
    }
    Expr::new(Node::Index(Box::new(expr), indices), extent)
}

/// `t in a..b`
pub fn loop_head(input: ParseStream<'_>) -> Result<LoopHead> {
    let start = input.fork();
    let index = name(input)?;
    if input.peek(Token![=]) {
        return Err(loops::assigned(input, &start));
    }
    input.parse::<Token![in]>()?;
    if let Some(error) = loops::range_in_parentheses(input, &index) {
        return Err(error);
    }
    let first = parse(input)?;
    if !input.peek(Token![..]) {
        return Err(loops::no_range(input, &index, &first));
    }
    range_operator(input, Some(&first))?;
    let last = parse(input)?;
    Ok(LoopHead { index, first, last })
}

fn range_operator(input: ParseStream<'_>, first: Option<&Expr>) -> Result<()> {
    if input.peek(Token![..=]) {
        return Err(loops::inclusive_range(input, first));
    }
    input.parse::<Token![..]>()?;
    Ok(())
}

fn index(input: ParseStream<'_>) -> Result<Index> {
    let ends_here = |input: ParseStream<'_>| input.is_empty() || input.peek(Token![,]);
    let first = if input.peek(Token![..]) || input.peek(Token![:]) {
        None
    } else {
        Some(parse(input)?)
    };
    if input.peek(Token![:]) {
        return Err(loops::colon(input, first.as_ref()));
    }
    if ends_here(input)
        && let Some(place) = first
    {
        return Ok(Index::At(place));
    }
    if !input.peek(Token![..]) && !input.peek(Token![..=]) {
        return Err(input.error("expected an operator, `..`, `,` or `]`"));
    }
    range_operator(input, first.as_ref())?;
    let last = if ends_here(input) {
        None
    } else {
        Some(Box::new(parse(input)?))
    };
    Ok(Index::Range(first.map(Box::new), last))
}

fn atom(input: ParseStream<'_>) -> Result<Expr> {
    if input.peek(token::Paren) {
        let content;
        let paren = syn::parenthesized!(content in input);
        let inner = inside(&content, |content| {
            let inner = parse(content)?;
            if relation_ahead(content) {
                return Err(foreign::relation_in_parentheses(content, &inner));
            }
            finished(content)?;
            Ok(inner)
        })?;
        let extent = Extent {
            start: paren.span.open(),
            end: paren.span.close(),
        };
        return Expr::new(Node::Group(Box::new(inner)), extent);
    }
    if input.peek(Lit) {
        return number(input);
    }
    if input.peek(token::Bracket) {
        let content;
        let bracket = syn::bracketed!(content in input);
        let elements = inside(&content, elements)?;
        let extent = Extent {
            start: bracket.span.open(),
            end: bracket.span.close(),
        };
        return Expr::new(Node::Array(elements), extent);
    }
    // A keyword of Rust is no name, which its declaration was told.
    if input.peek(Ident::peek_any) && !input.peek(Lit) {
        let name = any_ident(input)?;
        if name == "if" || name == "match" {
            return Err(foreign::branch(&name, false));
        }
        if !input.peek(token::Paren) {
            let extent = Extent::from(&name);
            return Expr::new(Node::Name(name), extent);
        }
        let content;
        let paren = syn::parenthesized!(content in input);
        let fold = match name.to_string().as_str() {
            "sum" => Some(Fold::Sum),
            "max" => Some(Fold::Max),
            "min" => Some(Fold::Min),
            _ => None,
        };
        if let Some(fold) = fold
            && loop_ahead(&content)
        {
            let (head, arg) = inside(&content, |content| {
                let head = loop_head(content)?;
                content.parse::<Token![,]>()?;
                if loop_ahead(content) {
                    return Err(loops::second_loop(content, &name, &head));
                }
                let arg = parse(content)?;
                finished(content)?;
                Ok((head, arg))
            })?;
            let extent = Extent {
                start: name.span(),
                end: paren.span.close(),
            };
            return Expr::new(Node::Fold(fold, Box::new(head), Box::new(arg)), extent);
        }
        let (args, axis) = inside(&content, |content| {
            let (mut args, mut axis) = (Vec::new(), None);
            while !content.is_empty() {
                if content.peek(syn::Ident) && content.peek2(Token![=]) && !content.peek2(Token![==]) {
                    axis = Some(Box::new(keyword_argument(content)?));
                    let last = content.parse::<Option<Token![,]>>()?.is_some();
                    if last && content.peek(syn::Ident) && content.peek2(Token![=]) {
                        return Err(foreign::second_keyword(content, &name, &args, axis.as_deref()));
                    }
                    finished(content)?;
                    break;
                }
                if content.peek(LitStr) {
                    return Err(foreign::string(&content.parse()?, &args));
                }
                args.push(parse(content)?);
                if content.peek(Token![for]) {
                    return Err(loops::comprehension(content, &name, &args));
                }
                if !content.is_empty() {
                    separator(content, ')')?;
                }
                if loop_ahead(content) {
                    return Err(loops::comprehension(content, &name, &args));
                }
            }
            Ok((args, axis))
        })?;
        let extent = Extent {
            start: name.span(),
            end: paren.span.close(),
        };
        return Expr::new(Node::Call(name, args, axis), extent);
    }
    if input.peek(Token![|]) {
        return Err(foreign::bars(input));
    }
    if input.peek(Token![.]) && input.peek2(syn::LitInt) {
        return Err(foreign::fraction(input));
    }
    Err(input.error("expected an expression"))
}

fn loop_ahead(input: ParseStream<'_>) -> bool {
    input.peek(syn::Ident) && input.peek2(Token![in])
}

/// What stands in the brackets of an array.
fn elements(input: ParseStream<'_>) -> Result<Vec<Expr>> {
    let mut elements = Vec::new();
    while !input.is_empty() {
        elements.push(parse(input)?);
        if input.peek(Token![;]) {
            return Err(foreign::rows(input, &elements));
        }
        if !input.is_empty() {
            separator(input, ']')?;
        }
    }
    Ok(elements)
}

/// `axis = 0`, the one argument that has a name.
fn keyword_argument(input: ParseStream<'_>) -> Result<Expr> {
    let start = input.fork();
    let name: Ident = input.parse()?;
    if name != "axis" && loops::head_ahead(&start) {
        return Err(loops::assigned(input, &start));
    }
    if name != "axis" {
        return Err(syn::Error::new(
            name.span(),
            format_args!(
                "expected an argument, found `{name} =`\nhelp: the one named argument is `axis`, as in `sum(x, axis = 0)`"
            ),
        ));
    }
    input.parse::<Token![=]>()?;
    parse(input)
}

fn number(input: ParseStream<'_>) -> Result<Expr> {
    let literal: Lit = input.parse()?;
    let (digits, suffix) = match &literal {
        Lit::Int(int) => (int.base10_digits(), int.suffix()),
        Lit::Float(float) => (float.base10_digits(), float.suffix()),
        Lit::Str(text) => return Err(foreign::string(text, &[])),
        other => return Err(syn::Error::new(other.span(), "expected a number")),
    };
    if !suffix.is_empty() {
        return Err(syn::Error::new(
            literal.span(),
            format_args!(
                "expected a plain number, found the suffix `{suffix}`\nhelp: a product is written `{digits} * {suffix}`, and a number needs no type"
            ),
        ));
    }
    match digits.parse::<f64>() {
        Ok(value) if value.is_finite() => Expr::new(Node::Number(value), literal.span().into()),
        _ => Err(syn::Error::new(literal.span(), "expected a number that fits `f64`")),
    }
}

/// Parses what stands between brackets; after an error it skips the rest, which would be reported once more.
pub fn inside<T>(content: ParseStream<'_>, parse: impl FnOnce(ParseStream<'_>) -> Result<T>) -> Result<T> {
    let parsed = parse(content);
    if parsed.is_err() {
        content.parse::<TokenStream>()?;
    }
    parsed
}

/// A keyword of Rust is a name here, so that the message is about what it stands for.
fn any_ident(input: ParseStream<'_>) -> Result<Ident> {
    Ident::parse_any(input)
}

fn separator(input: ParseStream<'_>, close: char) -> Result<()> {
    if input.peek(Token![,]) {
        input.parse::<Token![,]>()?;
        Ok(())
    } else {
        Err(input.error(format_args!("expected an operator, `,` or `{close}`")))
    }
}

pub fn finished(input: ParseStream<'_>) -> Result<()> {
    if input.is_empty() {
        Ok(())
    } else {
        Err(input.error("expected an operator"))
    }
}

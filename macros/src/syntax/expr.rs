//! Expressions by precedence: `+ -`, then `* /`, then unary minus, then `.T`, then what stands alone.

use proc_macro2::Ident;
use syn::parse::ParseStream;
use syn::{Lit, Result, Token, token};

use super::ast::{Expr, Node, Operator};
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
        left = binary(operator, left, product(input)?);
    }
}

fn product(input: ParseStream<'_>) -> Result<Expr> {
    let mut left = unary(input)?;
    loop {
        let operator = if input.peek(Token![*]) {
            input.parse::<Token![*]>()?;
            if input.peek(Token![*]) {
                return Err(no_power(input, &left));
            }
            Operator::Multiply
        } else if input.peek(Token![/]) {
            input.parse::<Token![/]>()?;
            Operator::Divide
        } else if input.peek(Token![^]) {
            return Err(no_power(input, &left));
        } else if input.peek(Token![@]) {
            return Err(input.error("the matrix product is written `*`"));
        } else {
            return Ok(left);
        };
        left = binary(operator, left, unary(input)?);
    }
}

fn no_power(input: ParseStream<'_>, base: &Expr) -> syn::Error {
    input.error(format_args!(
        "there is no power operator\nhelp: for the square write `square({base})`"
    ))
}

fn binary(operator: Operator, left: Expr, right: Expr) -> Expr {
    Expr {
        extent: left.extent.to(right.extent),
        node: Node::Binary(operator, Box::new(left), Box::new(right)),
    }
}

fn unary(input: ParseStream<'_>) -> Result<Expr> {
    if input.peek(Token![-]) {
        let start = Extent::from(input.parse::<Token![-]>()?.span);
        let arg = unary(input)?;
        return Ok(Expr {
            extent: start.to(arg.extent),
            node: Node::Negate(Box::new(arg)),
        });
    }
    let mut expr = atom(input)?;
    loop {
        if input.peek(token::Bracket) {
            return Err(input.error("indexing is not part of this version"));
        }
        if !input.peek(Token![.]) {
            break;
        }
        input.parse::<Token![.]>()?;
        let name: Ident = input.call(any_ident)?;
        if name != "T" {
            return Err(syn::Error::new(
                name.span(),
                format_args!(
                    "expected `T`, the transpose, found `{name}`\nhelp: functions are called as `{name}({expr})`"
                ),
            ));
        }
        expr = Expr {
            extent: expr.extent.to(Extent::from(&name)),
            node: Node::Transpose(Box::new(expr)),
        };
    }
    Ok(expr)
}

fn atom(input: ParseStream<'_>) -> Result<Expr> {
    if input.peek(token::Paren) {
        let content;
        let paren = syn::parenthesized!(content in input);
        let inner = parse(&content)?;
        finished(&content)?;
        return Ok(Expr {
            node: Node::Group(Box::new(inner)),
            extent: Extent {
                start: paren.span.open(),
                end: paren.span.close(),
            },
        });
    }
    if input.peek(Lit) {
        return number(input);
    }
    if input.peek(syn::Ident) {
        let name: Ident = input.parse()?;
        if !input.peek(token::Paren) {
            return Ok(Expr {
                extent: Extent::from(&name),
                node: Node::Name(name),
            });
        }
        let content;
        let paren = syn::parenthesized!(content in input);
        let mut args = Vec::new();
        while !content.is_empty() {
            args.push(parse(&content)?);
            if !content.is_empty() {
                separator(&content)?;
            }
        }
        return Ok(Expr {
            extent: Extent {
                start: name.span(),
                end: paren.span.close(),
            },
            node: Node::Call(name, args),
        });
    }
    Err(input.error("expected an expression"))
}

fn number(input: ParseStream<'_>) -> Result<Expr> {
    let literal: Lit = input.parse()?;
    let (digits, suffix) = match &literal {
        Lit::Int(int) => (int.base10_digits(), int.suffix()),
        Lit::Float(float) => (float.base10_digits(), float.suffix()),
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
        Ok(value) if value.is_finite() => Ok(Expr {
            node: Node::Number(value),
            extent: literal.span().into(),
        }),
        _ => Err(syn::Error::new(literal.span(), "expected a number that fits `f64`")),
    }
}

/// A keyword of Rust is a name here, so that the message is about what it stands for.
fn any_ident(input: ParseStream<'_>) -> Result<Ident> {
    use syn::ext::IdentExt;
    Ident::parse_any(input)
}

fn separator(input: ParseStream<'_>) -> Result<()> {
    if input.peek(Token![,]) {
        input.parse::<Token![,]>()?;
        Ok(())
    } else {
        Err(input.error("expected an operator, `,` or `)`"))
    }
}

pub fn finished(input: ParseStream<'_>) -> Result<()> {
    if input.is_empty() {
        Ok(())
    } else {
        Err(input.error("expected an operator"))
    }
}

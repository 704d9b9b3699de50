//! What stands in `subject_to`.

use std::rc::Rc;

use syn::parse::ParseStream;
use syn::{Result, Token};

use super::ast::{CONES, Constraint, Expr, LoopHead, Node, Problem, Relation};
use super::expr;
use super::parse::{each_statement, end};
use crate::extent::Extent;
use crate::report::Report;

/// Constraints, and loops around constraints.
pub fn restrictions(
    input: ParseStream<'_>,
    loops: &[Rc<LoopHead>],
    problem: &mut Problem,
    report: &Report,
) -> Result<()> {
    each_statement(input, report, |input| {
        if !input.peek(Token![for]) {
            problem.constraints.push(constraint(input, loops.to_vec())?);
            return Ok(());
        }
        input.parse::<Token![for]>()?;
        let head = Rc::new(expr::loop_head(input)?);
        let loops: Vec<_> = loops.iter().cloned().chain([head]).collect();
        let body;
        syn::braced!(body in input);
        restrictions(&body, &loops, problem, report)?;
        input.parse::<Option<Token![;]>>()?;
        Ok(())
    })
}

fn constraint(input: ParseStream<'_>, loops: Vec<Rc<LoopHead>>) -> Result<Constraint> {
    let label = if input.peek(syn::Ident) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
        let label = input.parse()?;
        input.parse::<Token![:]>()?;
        Some(label)
    } else {
        None
    };
    let first = expr::parse(input)?;
    let mut rest: Vec<(Relation, Extent, Expr)> = Vec::new();
    while !input.is_empty() && !input.peek(Token![;]) {
        let at = Extent::from(input.span());
        let relation = relation(input)?;
        if let Some((earlier, _, _)) = rest.first() {
            let chained = rest.len() == 1 && *earlier == relation && relation != Relation::Equal;
            if relation.is_semidefinite() || earlier.is_semidefinite() {
                return Err(syn::Error::new_spanned(
                    at,
                    "semidefinite constraints do not chain\nhelp: write one constraint for each relation",
                ));
            }
            if !chained {
                return Err(syn::Error::new_spanned(
                    at,
                    "a chain is `a <= b <= c` or `a >= b >= c`\nhelp: write one constraint for each relation",
                ));
            }
        }
        rest.push((relation, at, expr::parse(input)?));
    }
    let cone = matches!(&first.node, Node::Call(name, ..) if CONES.iter().any(|cone| name == cone));
    if rest.is_empty() && !cone {
        return Err(input.error("expected `==`, `<=` or `>=`"));
    }
    end(input, "an operator or `;`")?;
    Ok(Constraint {
        loops,
        label,
        first,
        rest,
    })
}

pub fn relation_ahead(input: ParseStream<'_>) -> bool {
    input.peek(Token![<]) || input.peek(Token![>]) || input.peek(Token![=])
}

fn relation(input: ParseStream<'_>) -> Result<Relation> {
    if input.peek(Token![==]) {
        input.parse::<Token![==]>()?;
        Ok(Relation::Equal)
    } else if input.peek(Token![<=]) {
        input.parse::<Token![<=]>()?;
        Ok(Relation::AtMost)
    } else if input.peek(Token![>=]) {
        input.parse::<Token![>=]>()?;
        Ok(Relation::AtLeast)
    } else if input.peek(Token![<<]) {
        input.parse::<Token![<<]>()?;
        Ok(Relation::MatrixAtMost)
    } else if input.peek(Token![>>]) {
        input.parse::<Token![>>]>()?;
        Ok(Relation::MatrixAtLeast)
    } else if input.peek(Token![<]) {
        Err(input.error("a strict inequality has no optimum on its boundary\nhelp: write `<=`"))
    } else if input.peek(Token![>]) {
        Err(input.error("a strict inequality has no optimum on its boundary\nhelp: write `>=`"))
    } else if input.peek(Token![!=]) {
        Err(input.error("`!=` is not convex: expected `==`, `<=` or `>=`"))
    } else if input.peek(Token![=]) {
        Err(input.error("expected `==`, `<=` or `>=`, found `=`\nhelp: an equality is written `==`"))
    } else if input.peek(Token![,]) {
        Err(input.error("expected `;` between constraints, found `,`"))
    } else {
        Err(input.error("expected an operator, `==`, `<=` or `>=`"))
    }
}

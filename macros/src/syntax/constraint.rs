//! What stands in `subject_to`.

use std::cell::Cell;
use std::rc::Rc;

use proc_macro2::TokenTree;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, LitStr, Result, Token, token};

use super::ast::{CONES, Constraint, Expr, Let, LoopHead, Node, Problem, Relation};
use super::declaration::name;
use super::expr;
use super::foreign::{self, loops};
use super::parse::{each_statement, end, statement_ahead};
use crate::extent::Extent;
use crate::report::Report;

/// Constraints, and loops around constraints.
pub fn restrictions(
    input: ParseStream<'_>,
    loops: &[Rc<LoopHead>],
    problem: &mut Problem,
    report: &Report,
) -> Result<()> {
    // Who separates by commas ends with none.
    let commas = Cell::new(false);
    // What is lost here declares nothing but a label.
    let _ = each_statement(input, report, |input| {
        if input.peek(Token![if]) {
            return Err(foreign::branch(&input.call(Ident::parse_any)?, !loops.is_empty()));
        }
        if input.peek(Token![let]) {
            let word = input.parse()?;
            let name = name(input)?;
            problem.lets.push(Let { name, value: None });
            return Err(foreign::inner_let(&word, !loops.is_empty()));
        }
        if !input.peek(Token![for]) {
            return constraint(input, loops.to_vec(), &commas, problem, report);
        }
        input.parse::<Token![for]>()?;
        let head = Rc::new(expr::loop_head(input)?);
        if input.peek(Token![,]) {
            return Err(loops::second_head(input, &head));
        }
        if !input.peek(token::Brace) {
            return Err(foreign::no_brace(input, format_args!("for {head}")));
        }
        let loops: Vec<_> = loops.iter().cloned().chain([head]).collect();
        let body;
        syn::braced!(body in input);
        restrictions(&body, &loops, problem, report)?;
        input.parse::<Option<Token![;]>>()?;
        Ok(())
    })?;
    Ok(())
}

fn constraint(
    input: ParseStream<'_>,
    loops: Vec<Rc<LoopHead>>,
    commas: &Cell<bool>,
    problem: &mut Problem,
    report: &Report,
) -> Result<()> {
    let label = label(input, report)?;
    match sides(input, commas, report) {
        Ok((first, rest)) => {
            problem.constraints.push(Constraint {
                loops,
                label,
                first,
                rest,
            });
            Ok(())
        }
        Err(error) => {
            problem.lost.extend(label);
            Err(error)
        }
    }
}

/// `name:`
fn label(input: ParseStream<'_>, report: &Report) -> Result<Option<Ident>> {
    if input.peek(LitStr) && input.peek2(Token![:]) {
        let quoted: LitStr = input.parse()?;
        input.parse::<Token![:]>()?;
        let label = quoted.parse().ok();
        report.push(foreign::quoted_label(&quoted, label.as_ref()));
        return Ok(label);
    }
    let ahead = input.fork();
    let named = ahead.parse::<Option<Ident>>()?.is_some();
    let indexed = named && ahead.peek(token::Bracket);
    if indexed {
        ahead.parse::<TokenTree>()?;
    }
    if !named || !ahead.peek(Token![:]) || ahead.peek(Token![::]) {
        return Ok(None);
    }
    let label = input.parse()?;
    if indexed {
        report.push(foreign::indexed_label(input, &label));
        input.parse::<TokenTree>()?;
    }
    input.parse::<Token![:]>()?;
    Ok(Some(label))
}

type Sides = (Expr, Vec<(Relation, Extent, Expr)>);

fn sides(input: ParseStream<'_>, commas: &Cell<bool>, report: &Report) -> Result<Sides> {
    let first = expr::parse(input)?;
    let mut rest: Vec<(Relation, Extent, Expr)> = Vec::new();
    while !input.is_empty() && !input.peek(Token![;]) && !statement_ahead(input) {
        let forall = input.fork().parse::<Ident>().is_ok_and(|word| word == "forall");
        let comma = input.peek(Token![,]) && input.peek3(Token![in]);
        if !rest.is_empty() && (input.peek(Token![for]) || forall || comma) {
            return Err(loops::loop_behind(input, &written(&first, &rest)));
        }
        if input.peek(Token![,]) && !rest.is_empty() {
            report.push(input.error("expected `;` between constraints, found `,`\nhelp: write `;`"));
            input.parse::<Token![,]>()?;
            commas.set(true);
            return Ok((first, rest));
        }
        if let (false, Ok(found)) = (rest.is_empty(), input.fork().parse::<Ident>()) {
            return Err(input.error(format_args!(
                "expected an operator or `;`, found `{found}`\nhelp: a constraint ends with `;`"
            )));
        }
        if input.peek(Token![in]) && rest.is_empty() {
            return Err(foreign::set(input, first));
        }
        if input.peek(Token![:]) && !rest.is_empty() {
            return Err(foreign::label_behind(input, &written(&first, &rest)));
        }
        let at = Extent::from(input.span());
        let relation = relation(input, report)?;
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
        return Err(foreign::no_relation(input, &first));
    }
    if !(commas.get() && input.is_empty()) {
        end(input, "an operator or `;`", report)?;
    }
    Ok((first, rest))
}

fn written(first: &Expr, rest: &[(Relation, Extent, Expr)]) -> String {
    let join = |left, (relation, _, right): &_| format!("{left} {relation} {right}");
    rest.iter().fold(first.to_string(), join)
}

pub fn relation_ahead(input: ParseStream<'_>) -> bool {
    input.peek(Token![<]) || input.peek(Token![>]) || input.peek(Token![=])
}

/// What is only written otherwise is reported, and read as what it was meant to be.
fn relation(input: ParseStream<'_>, report: &Report) -> Result<Relation> {
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
        report.push(input.error("a strict inequality has no optimum on its boundary\nhelp: write `<=`"));
        input.parse::<Token![<]>()?;
        Ok(Relation::AtMost)
    } else if input.peek(Token![>]) {
        report.push(input.error("a strict inequality has no optimum on its boundary\nhelp: write `>=`"));
        input.parse::<Token![>]>()?;
        Ok(Relation::AtLeast)
    } else if input.peek(Token![!=]) {
        Err(input.error("`!=` is not convex: expected `==`, `<=` or `>=`"))
    } else if input.peek(Token![=>]) {
        report.push(input.error("expected `==`, `<=` or `>=`, found `=>`\nhelp: write `>=`"));
        input.parse::<Token![=>]>()?;
        Ok(Relation::AtLeast)
    } else if input.peek(Token![=]) && input.peek2(Token![<]) {
        report.push(input.error("expected `==`, `<=` or `>=`, found `=<`\nhelp: write `<=`"));
        input.parse::<Token![=]>()?;
        input.parse::<Token![<]>()?;
        Ok(Relation::AtMost)
    } else if input.peek(Token![=]) {
        report.push(input.error("expected `==`, `<=` or `>=`, found `=`\nhelp: an equality is written `==`"));
        input.parse::<Token![=]>()?;
        Ok(Relation::Equal)
    } else if input.peek(Token![&]) {
        Err(foreign::conjunction(input))
    } else {
        Err(input.error("expected an operator, `==`, `<=` or `>=`"))
    }
}

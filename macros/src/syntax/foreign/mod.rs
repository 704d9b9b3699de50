//! What other languages write otherwise: each is refused with how it is written here.

pub mod declarations;
pub mod loops;

use proc_macro2::{Ident, Punct, Spacing};
use syn::parse::ParseStream;
use syn::{LitInt, LitStr, Result, Token};

use super::ast::{Expr, Node};
use super::expr::{parse, unary};
use crate::extent::Extent;
use crate::spelling::{membership, norm};

/// `a @ x`
pub fn matrix_product(input: ParseStream<'_>, left: &Expr) -> syn::Error {
    let right = operand(input, |input| input.parse::<Token![@]>().map(drop));
    let (at, right) = found(input, left, right);
    refused(
        at,
        format_args!("the matrix product is written `*`\nhelp: write `{left} * {right}`"),
    )
}

/// `x ^ 2` and `x ** 2`
pub fn power(input: ParseStream<'_>, base: &Expr) -> syn::Error {
    let exponent = operand(input, |input| {
        if input.parse::<Option<Token![^]>>()?.is_none() {
            input.parse::<Token![*]>()?;
            input.parse::<Token![*]>()?;
        }
        Ok(())
    });
    let at = exponent.as_ref().map(|exponent| base.extent.to(exponent.extent));
    refused(
        at.unwrap_or_else(|| input.span().into()),
        format_args!("there is no power operator\nhelp: {}", raised(base, exponent.as_ref())),
    )
}

/// `x .* y`, `x ./ y` and `x .^ 2`, behind the point
pub fn elementwise(input: ParseStream<'_>, left: &Expr) -> syn::Error {
    let (times, over) = (input.peek(Token![*]), input.peek(Token![/]));
    if !times && !over && !input.peek(Token![^]) {
        return input.error("expected `T`, the transpose, behind a point");
    }
    let right = operand(input, |input| {
        if input.parse::<Option<Token![*]>>()?.is_none() && input.parse::<Option<Token![/]>>()?.is_none() {
            input.parse::<Token![^]>()?;
        }
        Ok(())
    });
    let help = if times || over {
        let (at, right) = found(input, left, right);
        let better = if times {
            format!("multiply({left}, {right})")
        } else {
            format!("{left} / {right}")
        };
        (at, format!("write `{better}`"))
    } else {
        let at = right.as_ref().map(|right| left.extent.to(right.extent));
        (at.unwrap_or_else(|| input.span().into()), raised(left, right.as_ref()))
    };
    refused(
        help.0,
        format_args!(
            "expected `T`, the transpose, behind a point: there are no elementwise operators\nhelp: {}",
            help.1
        ),
    )
}

/// `x.sum()`, without what stands in the parentheses
pub fn method(name: &Ident, object: &Expr) -> syn::Error {
    let modules = ["cp", "cvx", "cvxpy", "np", "numpy"];
    if matches!(&object.node, Node::Name(object) if modules.iter().any(|module| object == module)) {
        return syn::Error::new(
            name.span(),
            format_args!(
                "expected `T`, the transpose, found `{name}`\nhelp: a function has no prefix: leave out `{object}.`"
            ),
        );
    }
    if name == "step_by" {
        return syn::Error::new(name.span(), loops::NO_STEP);
    }
    let better = match name.to_string().as_str() {
        "t" | "transpose" => format!("{object}.T"),
        name => format!("{name}({object})"),
    };
    syn::Error::new(
        name.span(),
        format_args!("expected `T`, the transpose, found `{name}`\nhelp: write `{better}`"),
    )
}

/// `norm(x, "fro")`, of which the arguments before the string are known
pub fn string(text: &LitStr, before: &[Expr]) -> syn::Error {
    let help = match (norm(&text.value()), before) {
        (Some(name), [x]) => format!("write `{name}({x})`"),
        _ => "what others choose by a string has a name of its own, such as `norm_fro(x)`, `norm_inf(x)` and `norm_nuc(x)`"
            .into(),
    };
    syn::Error::new(
        text.span(),
        format_args!("expected an expression, found a string\nhelp: {help}"),
    )
}

/// `if` and `match`, as a value or around constraints
pub fn branch(word: &Ident, in_loop: bool) -> syn::Error {
    let help = if in_loop {
        "a loop may begin and end elsewhere, as `for i in 1..n` does"
    } else {
        "multiply by a parameter that is zero or one, or write two problems"
    };
    syn::Error::new(
        word.span(),
        format_args!("there is no `{word}`: a problem is the same one for all parameters\nhelp: {help}"),
    )
}

/// `.5`
pub fn fraction(input: ParseStream<'_>) -> syn::Error {
    let ahead = input.fork();
    let digits = ahead
        .parse::<Token![.]>()
        .and_then(|_| ahead.parse::<LitInt>())
        .map_or("5".into(), |digits| digits.to_string());
    input.error(format_args!(
        "expected an expression, found `.`\nhelp: write `0.{digits}`"
    ))
}

/// `+x`
pub fn plus(input: ParseStream<'_>) -> syn::Error {
    let help = operand(input, |input| input.parse::<Token![+]>().map(drop))
        .map_or_else(String::new, |operand| format!("\nhelp: write `{operand}`"));
    input.error(format_args!("expected an expression, found `+`{help}"))
}

/// `n as f64`, from the word `as` on
pub fn cast(input: ParseStream<'_>, value: &Expr) -> syn::Error {
    input.error(format_args!(
        "expected an operator, found `as`: a dimension is a number too\nhelp: write `{value}`"
    ))
}

/// `[x; y]` and `[1, 2; 3, 4]`, from the first semicolon on
pub fn rows(input: ParseStream<'_>, first: &[Expr]) -> syn::Error {
    let read = || -> Result<Vec<Vec<Expr>>> {
        let (ahead, mut rows) = (input.fork(), Vec::new());
        while ahead.parse::<Option<Token![;]>>()?.is_some() {
            let mut row = vec![parse(&ahead)?];
            while ahead.parse::<Option<Token![,]>>()?.is_some() {
                row.push(parse(&ahead)?);
            }
            rows.push(row);
        }
        Ok(rows)
    };
    let Ok(others) = read() else {
        return input.error("expected an operator, `,` or `]`");
    };
    let rows: Vec<_> = [first].into_iter().chain(others.iter().map(Vec::as_slice)).collect();
    let numbers = rows.iter().all(|row| row.iter().all(is_number));
    let listed: Vec<_> = rows.iter().map(|row| written(row)).collect();
    let better = match (rows.iter().all(|row| row.len() == 1), numbers) {
        (true, true) => format!("[{}]", listed.join(", ")),
        (true, false) => format!("vstack({})", listed.join(", ")),
        (false, true) => format!("[[{}]]", listed.join("], [")),
        (false, false) => format!("block([[{}]])", listed.join("], [")),
    };
    input.error(format_args!(
        "expected an operator, `,` or `]`, found `;`\nhelp: write `{better}`"
    ))
}

fn is_number(e: &Expr) -> bool {
    match &e.node {
        Node::Number(_) => true,
        Node::Negate(arg) => is_number(arg),
        _ => false,
    }
}

/// `sum(x, axis = 1, keepdims = True)`, from the second named argument on
pub fn second_keyword(input: ParseStream<'_>, function: &Ident, args: &[Expr], axis: Option<&Expr>) -> syn::Error {
    let help = axis.map_or_else(String::new, |axis| {
        format!("\nhelp: write `{function}({}, axis = {axis})`", written(args))
    });
    let found = input
        .fork()
        .parse::<Ident>()
        .map_or_else(|_| String::new(), |name| format!(", found `{name} =`"));
    input.error(format_args!(
        "expected `)`{found}: what goes along an axis stays a row or a column{help}"
    ))
}

/// `(x >= 0)`, from the relation on
pub fn relation_in_parentheses(input: ParseStream<'_>, left: &Expr) -> syn::Error {
    let ahead = input.fork();
    let relation = operator(&ahead);
    let right = parse(&ahead).ok().filter(|_| ahead.is_empty());
    let help = right.map_or_else(String::new, |right| {
        format!("\nhelp: a constraint has no parentheses: `{left} {relation} {right};`")
    });
    input.error(format_args!("expected an operator or `)`, found `{relation}`{help}"))
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

/// `x in PSD` and `x in 0..1`, from the word `in` on
pub fn set(input: ParseStream<'_>, member: Expr) -> syn::Error {
    let ahead = input.fork();
    let set = ahead.parse::<Token![in]>().and_then(|_| parse(&ahead)).ok();
    let last = ahead.parse::<Token![..]>().and_then(|_| parse(&ahead)).ok();
    let help = set.and_then(|first| match (&first.node, last) {
        (_, Some(last)) => Some(format!("{first} <= {member} <= {last}")),
        (Node::Array(ends), None) if ends.len() == 2 => Some(format!("{} <= {member} <= {}", ends[0], ends[1])),
        (Node::Name(set), None) => membership(&set.to_string(), &[member]),
        _ => None,
    });
    let help = help.map_or_else(String::new, |help| format!("\nhelp: write `{help}`"));
    input.error(format_args!("expected `==`, `<=` or `>=`, found `in`{help}"))
}

/// What is no relation, as `PSD(x)`
pub fn no_relation(input: ParseStream<'_>, found: &Expr) -> syn::Error {
    if let Node::Call(name, args, None) = &found.node
        && let Some(better) = membership(&name.to_string(), args)
    {
        return refused(
            found.extent,
            format_args!("there is no constraint `{name}`\nhelp: write `{better}`"),
        );
    }
    input.error("expected `==`, `<=` or `>=`")
}

/// `c[i]: x[i] >= 0`, from the brackets on
pub fn indexed_label(input: ParseStream<'_>, label: &Ident) -> syn::Error {
    input.error(format_args!(
        "expected `:`, found `[`: the dual variable of all turns of a loop has one label\nhelp: write `{label}: …`"
    ))
}

/// `"budget": sum(x) == 1`
pub fn quoted_label(quoted: &LitStr, label: Option<&Ident>) -> syn::Error {
    let help = label.map_or_else(String::new, |label| format!("\nhelp: write `{label}: …`"));
    syn::Error::new(
        quoted.span(),
        format_args!("expected a label, found a string: a label is a name{help}"),
    )
}

/// `x >= 0 : dual`, from the colon on
pub fn label_behind(input: ParseStream<'_>, constraint: &str) -> syn::Error {
    let ahead = input.fork();
    let label = ahead.parse::<Token![:]>().and_then(|_| ahead.parse::<Ident>());
    let help = label.map_or_else(
        |_| String::new(),
        |label| format!("\nhelp: a label stands in front: `{label}: {constraint};`"),
    );
    input.error(format_args!("expected an operator or `;`, found `:`{help}"))
}

/// What is no `{`, behind `subject_to` or a loop
pub fn no_brace(input: ParseStream<'_>, before: impl std::fmt::Display) -> syn::Error {
    input.error(format_args!(
        "expected `{{`: constraints stand in braces\nhelp: write `{before} {{ … }}`"
    ))
}

/// `x >= 0 && x <= 1`
pub fn conjunction(input: ParseStream<'_>) -> syn::Error {
    let found = operator(&input.fork());
    input.error(format_args!(
        "expected an operator or `;`, found `{found}`\nhelp: what must hold besides is another constraint, behind a `;`"
    ))
}

/// `let mut y = …`
pub fn mutable(input: ParseStream<'_>) -> syn::Error {
    input.error("expected a name, found `mut`: a `let` names a value\nhelp: leave `mut` out")
}

/// `|x|` and `||x||`
pub fn bars(input: ParseStream<'_>) -> syn::Error {
    let help = if input.peek(Token![||]) {
        "a norm is `norm2(x)`, `norm1(x)` or `norm_inf(x)`"
    } else {
        "an absolute value is `abs(x)`"
    };
    input.error(format_args!("expected an expression, found `|`\nhelp: {help}"))
}

/// `let` in `subject_to`, where it is read and reported by its name alone
pub fn inner_let(word: &Token![let], in_loop: bool) -> syn::Error {
    let help = if in_loop {
        "what differs from turn to turn is a function of the index, as `fn gap(i) = x[i] - y[i];`"
    } else {
        "move it in front of `subject_to`"
    };
    syn::Error::new(
        word.span,
        format_args!("expected a constraint or a loop, found `let`\nhelp: {help}"),
    )
}

/// How a power is written.
fn raised(base: &Expr, exponent: Option<&Expr>) -> String {
    let (base, exponent) = (bare(base), exponent.map(bare));
    let Some(exponent) = exponent.map(Expr::to_string) else {
        return format!("write `square({base})` for the square, `power({base}, p)` for others");
    };
    match exponent.as_str() {
        "2" => format!("write `square({base})`"),
        "0.5" => format!("write `sqrt({base})`"),
        "-1" => format!("write `inv_pos({base})`"),
        _ => format!("write `power({base}, {exponent})`"),
    }
}

fn written(args: &[Expr]) -> String {
    let args: Vec<_> = args.iter().map(Expr::to_string).collect();
    args.join(", ")
}

fn bare(e: &Expr) -> &Expr {
    match &e.node {
        Node::Group(inner) => bare(inner),
        _ => e,
    }
}

/// What stands behind an operator; nothing is consumed.
fn operand(input: ParseStream<'_>, operator: impl FnOnce(ParseStream<'_>) -> Result<()>) -> Option<Expr> {
    let ahead = input.fork();
    operator(&ahead).and_then(|()| unary(&ahead)).ok()
}

fn found(input: ParseStream<'_>, left: &Expr, right: Option<Expr>) -> (Extent, String) {
    match right {
        Some(right) => (left.extent.to(right.extent), right.to_string()),
        None => (input.span().into(), "…".into()),
    }
}

fn refused(at: Extent, message: impl std::fmt::Display) -> syn::Error {
    syn::Error::new_spanned(at, message)
}

//! The compiler of `cvxlayers`: it checks and canonicalizes a family of convex problems while the user's crate compiles.
//!
//! Use the crate `cvxlayers`, which wraps and documents the macro.

mod atoms;
mod canon;
mod check;
mod conic;
mod curvature;
mod dcp;
mod demand;
mod dims;
mod emit;
mod expr;
mod extent;
mod geometric;
mod identity;
mod known;
mod lint;
mod literal;
mod model;
mod nest;
mod report;
mod resolve;
mod rewrite;
mod sign;
mod spelling;
mod syntax;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use proc_macro2::{TokenStream, TokenTree};
use report::{Failed, Report};
use syntax::ast;

/// Declares families of convex problems: documented as `cvxlayers::cvx`.
#[cfg(not(outside_of_rustc))]
#[doc(hidden)]
#[proc_macro]
pub fn cvx(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(input.into()).into()
}

/// The same outside of the Rust compiler, for the fuzzer.
#[cfg(outside_of_rustc)]
#[doc(hidden)]
pub fn cvx(input: TokenStream) -> TokenStream {
    expand(input)
}

/// Items for every problem, and a compile error for every mistake.
fn expand(tokens: TokenStream) -> TokenStream {
    let report = Report::default();
    let mut items = TokenStream::new();
    if let Some(input) = syntax::parse(tokens, &report) {
        for problem in input.problems {
            items.extend(compile(problem, &input.functions, &input.runtime, &report));
        }
    }
    items.extend(report.into_tokens());
    items
}

/// `syntax` has the mistakes of all problems that were found while they were parsed.
fn compile(
    problem: ast::Problem,
    functions: &[Rc<ast::Function>],
    runtime: &TokenTree,
    syntax: &Report,
) -> TokenStream {
    let (report, whole, sound) = (Report::default(), problem.whole, problem.sound);
    let model = resolve::resolve(problem, functions, &report);
    if !whole {
        // What did not parse leaves names behind that nobody knows: those would not be mistakes of the user.
        return emit::stub(&model, syntax.first().unwrap_or_default(), runtime);
    }
    if model.geometric.is_some() {
        geometric::check(&model, &report);
    } else {
        check::check(&model, &report);
    }
    match report.barrier() {
        Ok(()) if sound => {
            lint::lint(&model, &report);
            let model = match model.geometric {
                Some(_) => geometric::logarithmic(model),
                None => model,
            };
            let conic = canon::canonicalize(&model);
            let map = nest::map(&conic);
            let mut items = emit::emit(&model, &conic, &map, &nest::lets(&conic), runtime);
            items.extend(report.into_tokens());
            items
        }
        // The mistakes are those of the syntax, which are reported with those of the other problems.
        Ok(()) => emit::stub(&model, syntax.first().unwrap_or_default(), runtime),
        Err(Failed) => {
            let mut items = emit::stub(&model, report.first().unwrap_or_default(), runtime);
            items.extend(report.into_tokens());
            items
        }
    }
}

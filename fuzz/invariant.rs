//! What holds of the macro, whatever it is given.

use cvxlayers_macros::cvx;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

/// Expands `source`, the inside of a `cvx! { … }`. None where that is no token stream, which never reaches a macro.
pub fn check(source: &str) -> Option<()> {
    let inside = invisible(source.parse().ok()?);
    let input = quote!(cvxlayers; #inside);
    let items = cvx(input.clone());
    let text = items.to_string();
    if let Err(error) = syn::parse2::<syn::File>(items) {
        panic!("no items, {error}: {source}");
    }
    let refused = text.contains("compile_error");
    // A problem that was refused has items whose methods cannot run, and that must not pass unnoticed.
    let stands_in = text.contains("\"the problem did not compile\"");
    assert!(refused || !stands_in, "refused without an error: {source}");
    if text.is_empty() {
        let first = inside.into_iter().next().map(|token| token.to_string());
        assert!(matches!(first.as_deref(), None | Some("fn")), "ignored: {source}");
    }
    if !refused {
        assert_eq!(text, cvx(input).to_string(), "two expansions of {source}");
    }
    Some(())
}

/// `invisible(…)` is a group without delimiters, as the `$x:expr` of a macro by example becomes one; no text has these.
fn invisible(tokens: TokenStream) -> TokenStream {
    let mut seen: Vec<TokenTree> = Vec::new();
    for token in tokens {
        let TokenTree::Group(group) = token else {
            seen.push(token);
            continue;
        };
        let marked = seen.pop_if(|before| matches!(before, TokenTree::Ident(name) if name == "invisible"));
        let delimiter = match marked {
            Some(_) => Delimiter::None,
            None => group.delimiter(),
        };
        seen.push(Group::new(delimiter, invisible(group.stream())).into());
    }
    seen.into_iter().collect()
}

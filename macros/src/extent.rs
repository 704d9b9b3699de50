//! Where a piece of the user's program stands: its first and its last token.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;

/// The tokens from `start` to `end`, both included; rustc underlines all of them.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    pub start: Span,
    pub end: Span,
}

impl Extent {
    pub fn to(self, other: Extent) -> Extent {
        Extent {
            start: self.start,
            end: other.end,
        }
    }
}

impl From<Span> for Extent {
    fn from(span: Span) -> Extent {
        Extent { start: span, end: span }
    }
}

impl From<&Ident> for Extent {
    fn from(ident: &Ident) -> Extent {
        ident.span().into()
    }
}

impl ToTokens for Extent {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        Ident::new("_", self.start).to_tokens(tokens);
        Ident::new("_", self.end).to_tokens(tokens);
    }
}

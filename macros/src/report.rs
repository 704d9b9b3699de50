//! Collected errors: a stage reports all that it finds, and a barrier stands between stages.

use std::cell::RefCell;
use std::fmt::Display;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::extent::Extent;

/// The errors of one problem.
#[derive(Default)]
pub struct Report {
    errors: RefCell<Vec<syn::Error>>,
    warnings: RefCell<Vec<Warning>>,
}

struct Warning {
    at: Extent,
    message: String,
}

/// A stage found errors: they are in the report.
pub struct Failed;

impl Report {
    pub fn error(&self, at: impl Into<Extent>, message: impl Display) {
        self.push(syn::Error::new_spanned(at.into(), message));
    }

    /// `help` is a rewrite that the user can paste, or says how to find one.
    pub fn error_with_help(&self, at: impl Into<Extent>, message: impl Display, help: impl Display) {
        self.error(at, format_args!("{message}\nhelp: {help}"));
    }

    /// For what compiles, but is surely not meant.
    pub fn warn(&self, at: impl Into<Extent>, message: impl Display) {
        self.warnings.borrow_mut().push(Warning {
            at: at.into(),
            message: message.to_string(),
        });
    }

    pub fn push(&self, error: syn::Error) {
        self.errors.borrow_mut().push(error);
    }

    /// How many errors there are so far.
    pub fn count(&self) -> usize {
        self.errors.borrow().len()
    }

    /// The first error, to stand for what it leaves unknown: the compiler says the same only once.
    pub fn first(&self) -> Option<TokenStream> {
        self.errors.borrow().first().map(syn::Error::to_compile_error)
    }

    /// Ends the pipeline here if anything was reported so far.
    pub fn barrier(&self) -> Result<(), Failed> {
        if self.errors.borrow().is_empty() {
            Ok(())
        } else {
            Err(Failed)
        }
    }

    /// One `compile_error!` item for each error; where there is none, one item for each warning.
    pub fn into_tokens(self) -> TokenStream {
        let errors = self.errors.into_inner();
        if errors.is_empty() {
            return self.warnings.into_inner().iter().map(Warning::to_tokens).collect();
        }
        errors.iter().map(syn::Error::to_compile_error).collect()
    }
}

impl Warning {
    /// A macro on stable Rust has no warnings of its own: the use of something deprecated is one.
    fn to_tokens(&self) -> TokenStream {
        let name = Ident::new("suspicious", self.at.start);
        let message = &self.message;
        quote! {
            const _: () = {
                #[deprecated(note = #message)]
                #[allow(non_upper_case_globals)]
                const #name: () = ();
                #name
            };
        }
    }
}

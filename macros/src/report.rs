//! Collected errors: a stage reports all that it finds, and a barrier stands between stages.

use std::cell::RefCell;
use std::fmt::Display;

use proc_macro2::TokenStream;

use crate::extent::Extent;

/// The errors of one problem.
#[derive(Default)]
pub struct Report {
    errors: RefCell<Vec<syn::Error>>,
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

    pub fn push(&self, error: syn::Error) {
        self.errors.borrow_mut().push(error);
    }

    /// How many errors there are so far.
    pub fn count(&self) -> usize {
        self.errors.borrow().len()
    }

    /// Ends the pipeline here if anything was reported so far.
    pub fn barrier(&self) -> Result<(), Failed> {
        if self.errors.borrow().is_empty() {
            Ok(())
        } else {
            Err(Failed)
        }
    }

    /// One `compile_error!` item for each error.
    pub fn into_tokens(self) -> TokenStream {
        self.errors
            .into_inner()
            .iter()
            .map(syn::Error::to_compile_error)
            .collect()
    }
}

//! The compiler of `cvxlayers`: see the `cvxlayers` crate, which re-exports the macro.

use proc_macro::TokenStream;

/// Declares a family of convex problems; documented at `cvxlayers::cvx`.
#[doc(hidden)]
#[proc_macro]
pub fn cvx(input: TokenStream) -> TokenStream {
    input
}

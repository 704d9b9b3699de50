//! A function that nobody calls, in which each name stands once more, for editors: they go from a use to its declaration
//! by what the compiler sees of it.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::scope::{Scope, local};
use crate::model::{Declaration, Leaf};

pub fn uses(scope: &Scope<'_>) -> TokenStream {
    let model = scope.model;
    let is = |leaf: &Leaf, name: &Ident| leaf.name == *name;
    let (mut arguments, mut structs, mut reads) = (TokenStream::new(), TokenStream::new(), TokenStream::new());
    for suffix in ["Dims", "Params", "Vars", "Data", "Lets"] {
        let there = match suffix {
            "Dims" => !model.dims.is_empty(),
            "Params" => !model.params.is_empty(),
            "Vars" => !model.vars.is_empty(),
            "Data" => !model.data.is_empty(),
            _ => !scope.lets.is_empty(),
        };
        let (argument, item) = (local(suffix), scope.item(suffix));
        arguments.extend(there.then(|| quote!(#argument: &#item,)));
    }
    for (number, Declaration { name, uses }) in model.declarations.iter().enumerate() {
        let field_of = if model.dims.contains(name) {
            local("Dims")
        } else if model.params.iter().any(|leaf| is(leaf, name)) {
            local("Params")
        } else if model.vars.iter().any(|leaf| is(leaf, name)) {
            local("Vars")
        } else if model.data.iter().any(|leaf| is(leaf, name)) {
            local("Data")
        } else if scope.lets.iter().any(|leaf| is(leaf, name)) {
            local("Lets")
        } else if uses.is_empty() {
            continue;
        } else {
            // A constant, an index or a `let` that no struct has.
            let (item, argument) = (
                local(format_args!("Name{number}")),
                local(format_args!("name_{number}")),
            );
            structs.extend(quote!(struct #item { #name: () }));
            arguments.extend(quote!(#argument: &#item,));
            argument
        };
        reads.extend(quote!(#(let _ = &#field_of.#uses;)*));
    }
    if reads.is_empty() {
        return TokenStream::new();
    }
    let function = local("uses");
    quote! {
        #[allow(dead_code, non_snake_case, non_camel_case_types, clippy::too_many_arguments)]
        const _: () = {
            #structs
            fn #function(#arguments) { #reads }
        };
    }
}

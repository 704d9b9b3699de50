//! Loop nests to Rust items. All that is emitted goes through `$crate`, and every local name is hygienic.

mod coef;
mod explain;
mod family;
mod fill;
mod items;
mod lets;
mod maps;
mod recover;
mod runs;
mod scope;
mod uses;

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use crate::conic::{ConeKind, Conic};
use crate::model::Model;
use crate::nest::Map;
use scope::Scope;

/// The items of a problem that passed every check.
pub fn emit(model: &Model, conic: &Conic, map: &Map, lets: &Map, runtime: &TokenTree) -> TokenStream {
    let there = conic.lets.iter().map(|(number, _)| &model.lets[*number].leaf);
    let scope = Scope::new(model, there.collect(), runtime);
    let lets = lets::methods(&scope, conic, lets);
    let maps = maps::methods(&scope, conic, map);
    let recover = recover::methods(&scope, conic);
    let layout = family::layout(&scope, conic, &map.nests);
    let family = family::implementation(&scope, &quote!(#layout #maps #recover #lets));
    let mut about = vec![explain::summary(model, conic)];
    if model.explain {
        about.push(explain::explanation(model, conic, map));
    }
    let items = items::items(&scope, &about);
    let semidefinite = conic.graph.cones.iter().any(|cone| cone.kind == ConeKind::Semidefinite);
    let name = &model.name;
    let require = semidefinite.then(|| {
        let message = format!(
            "`{name}` needs the semidefinite cone, which is behind a feature\nhelp: enable the feature `sdp` of `cvxlayers`, or \
             `sdp-system` where the program links BLAS and LAPACK anyway"
        );
        let refusal = syn::Error::new(name.span(), message).to_compile_error();
        quote!(#runtime::__unless_sdp! { #refusal })
    });
    let uses = uses::uses(&scope);
    quote!(#items #family #require #uses)
}

/// The same items around methods that nobody can run: one mistake in a problem does not become an error at every use.
/// `mistake` is one that was reported, and stands for types that nobody knows.
pub fn stub(model: &Model, mistake: TokenStream, runtime: &TokenTree) -> TokenStream {
    let lets = model.lets.iter().map(|binding| &binding.leaf).collect();
    let mut scope = Scope::new(model, lets, runtime);
    scope.mistake = mistake;
    let family = family::implementation(&scope, &family::unreachable(&scope));
    let items = items::items(&scope, &[]);
    quote!(#items #family)
}

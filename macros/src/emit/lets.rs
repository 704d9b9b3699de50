//! The methods that evaluate the affine `let`s at a solution, with their tangent and adjoint: three printings of their
//! nests.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::coef::{Coefs, direction_local, looped, param_local, where_all};
use super::maps::{borrow, borrow_gradient, column, derive, derive_adjoint, derive_tangent};
use super::scope::{Scope, local, usize_of};
use crate::conic::Conic;
use crate::model::Rank;
use crate::nest::{Map, Nest, Row, Target};

/// `recover_lets`, `recover_lets_tangent` and `recover_lets_adjoint`.
pub fn methods(scope: &Scope<'_>, conic: &Conic, map: &Map) -> TokenStream {
    let [params, direction, x, dx, lets, gradient, seed] =
        ["params", "direction", "x", "dx", "lets", "gradient", "seed"].map(local);
    let coefs = Coefs { scope };
    let (dims, bases) = (scope.bind_dims(), scope.bind_bases(conic));
    let open_params = borrow(&scope.model.params, &quote!(#params), param_local);
    let open_direction = borrow(&scope.model.params, &quote!(#direction), direction_local);
    let open_gradient = borrow_gradient(scope, &gradient);
    let (open, open_cotangent) = (open(scope, &lets, true), open(scope, &lets, false));
    let derive = derive(coefs, &map.derived);
    let derive_tangent = derive_tangent(coefs, &map.derived);
    let (derived_zero, derive_adjoint) = derive_adjoint(coefs, &map.derived);
    let bind = quote!(#dims #bases #open_params #derive);

    let values = map.nests.iter().map(|nest| {
        let (coef, entry) = (coefs.value(&nest.coef), entry(row_of(nest)));
        let step = match column_of(scope, nest) {
            Some(column) => quote!(#entry += #coef * #x[#column];),
            None => quote!(#entry += #coef;),
        };
        turns(nest, step)
    });
    let tangents = map.nests.iter().filter_map(|nest| {
        let entry = entry(row_of(nest));
        let moving = coefs.tangent(&nest.coef);
        let step = match column_of(scope, nest) {
            Some(column) => {
                let coef = coefs.value(&nest.coef);
                let moving = moving.map(|moving| quote!(#entry += #moving * #x[#column];));
                quote!(#entry += #coef * #dx[#column]; #moving)
            }
            None => {
                let moving = moving?;
                quote!(#entry += #moving;)
            }
        };
        Some(turns(nest, step))
    });
    let adjoints = map.nests.iter().filter_map(|nest| {
        let entry = entry(row_of(nest));
        let moves = nest.coef.has_params();
        let step = match column_of(scope, nest) {
            Some(column) => {
                let coef = coefs.value(&nest.coef);
                let statements = moves.then(|| coefs.adjoint(&nest.coef, &quote!(#seed)));
                quote! {
                    #dx[#column] += #coef * #entry;
                    let #seed: f64 = #entry * #x[#column];
                    #statements
                }
            }
            None if moves => {
                let statements = coefs.adjoint(&nest.coef, &quote!(#seed));
                quote!(let #seed: f64 = #entry; #statements)
            }
            None => return None,
        };
        Some(turns(nest, step))
    });
    quote! {
        fn recover_lets(&self, #params: &Self::Params, #x: &[f64], #lets: &mut Self::Lets) {
            #bind
            #open
            #(#values)*
        }

        fn recover_lets_tangent(
            &self,
            #params: &Self::Params,
            #direction: &Self::Params,
            #x: &[f64],
            #dx: &[f64],
            #lets: &mut Self::Lets,
        ) {
            #bind
            #open_direction
            #derive_tangent
            #open
            #(#tangents)*
        }

        fn recover_lets_adjoint(
            &self,
            #params: &Self::Params,
            #x: &[f64],
            #lets: &Self::Lets,
            #gradient: &mut Self::Params,
            #dx: &mut [f64],
        ) {
            #bind
            #open_gradient
            #open_cotangent
            #derived_zero
            #(#adjoints)*
            #derive_adjoint
        }
    }
}

fn let_local(number: usize) -> Ident {
    local(format_args!("let_{number}"))
}

/// Locals with the entries of each `let`, zero where they are to be written.
fn open(scope: &Scope<'_>, lets: &Ident, write: bool) -> TokenStream {
    let private = scope.private();
    let each = scope.lets.iter().enumerate().map(|(number, leaf)| {
        let (local, name) = (let_local(number), &leaf.name);
        match (leaf.rank, write) {
            (Rank::Scalar, true) => quote! {
                #lets.#name = 0.0;
                let #local: &mut [f64] = #private::slice::from_mut(&mut #lets.#name);
            },
            (Rank::Scalar, false) => quote!(let #local: &[f64] = #private::slice::from_ref(&#lets.#name);),
            (_, true) => quote! {
                #lets.#name.fill(0.0);
                let #local: &mut [f64] = #lets.#name.as_mut_slice();
            },
            (_, false) => quote!(let #local: &[f64] = #lets.#name.as_slice();),
        }
    });
    each.collect()
}

fn row_of(nest: &Nest) -> &Row {
    match &nest.target {
        Target::A(row, _) | Target::B(row) => row,
        Target::P(..) | Target::Q(_) | Target::R => unreachable!("a `let` is made of rows"),
    }
}

fn entry(row: &Row) -> TokenStream {
    let (local, offset) = (let_local(row.cone), usize_of(&row.offset));
    quote!(#local[#offset])
}

/// The variable of a term that has one.
fn column_of(scope: &Scope<'_>, nest: &Nest) -> Option<TokenStream> {
    match &nest.target {
        Target::A(_, entry) => Some(column(scope, entry)),
        _ => None,
    }
}

fn turns(nest: &Nest, step: TokenStream) -> TokenStream {
    looped(&nest.loops, where_all(&nest.guards, step))
}

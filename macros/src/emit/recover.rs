//! The methods that take the solver's vectors to the user's structs, and back.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::scope::{Scope, column_local, local, row_local, usize_of};
use crate::conic::{Arrangement, ConeBlock, Conic};
use crate::dims::Dim;
use crate::model::{Bound, Rank, Storage};

/// `recover_vars`, `recover_duals` and their adjoints.
pub fn methods(scope: &Scope<'_>, conic: &Conic) -> TokenStream {
    let (x, z, vars, duals) = (local("x"), local("z"), local("vars"), local("duals"));
    let (dims, bases) = (scope.bind_dims(), scope.bind_bases(conic));
    let bind = quote!(#dims #bases);
    let recover = each_var(scope, conic, &x, &vars, Direction::Recover);
    let adjoint = each_var(scope, conic, &x, &vars, Direction::Adjoint);
    let recover_duals = each_dual(scope, conic, &z, &duals, Direction::Recover);
    let duals_adjoint = each_dual(scope, conic, &z, &duals, Direction::Adjoint);
    quote! {
        fn recover_vars(&self, #x: &[f64], #vars: &mut Self::Vars) {
            #bind
            #recover
        }

        fn recover_duals(&self, #z: &[f64], #duals: &mut Self::Duals) {
            #bind
            #recover_duals
        }

        fn recover_vars_adjoint(&self, #vars: &Self::Vars, #x: &mut [f64]) {
            #bind
            #adjoint
        }

        fn recover_duals_adjoint(&self, #duals: &Self::Duals, #z: &mut [f64]) {
            #bind
            #duals_adjoint
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Recover,
    Adjoint,
}

fn each_var(scope: &Scope<'_>, conic: &Conic, x: &Ident, vars: &Ident, direction: Direction) -> TokenStream {
    let private = scope.private();
    let recover = direction == Direction::Recover;
    let leaves = scope.model.vars.iter().enumerate();
    leaves
        .map(|(block, leaf)| {
            let (name, base) = (&leaf.name, column_local(block));
            if leaf.rank == Rank::Scalar {
                return if recover {
                    quote!(#vars.#name = #x[#base];)
                } else {
                    quote!(#x[#base] += #vars.#name;)
                };
            }
            let storage = conic.graph.blocks[block].storage;
            if storage == Storage::Diagonal {
                let (i, n) = (local("i"), usize_of(&leaf.shape.rows));
                let step = if recover {
                    quote!(#vars.#name[(#i, #i)] = #x[#base + #i];)
                } else {
                    quote!(#x[#base + #i] += #vars.#name[(#i, #i)];)
                };
                return quote!(for #i in 0..#n { #step });
            }
            if storage == Storage::Symmetric {
                let (i, j, n) = (local("i"), local("j"), usize_of(&leaf.shape.rows));
                let (full, packed) = (
                    quote!(#vars.#name[(#i, #j)]),
                    quote!(#x[#base + #private::triangle(#i, #j)]),
                );
                let step = if recover {
                    quote!(#full = #packed;)
                } else {
                    quote!(#packed += #full;)
                };
                return quote!(for #j in 0..#n { for #i in 0..#n { #step } });
            }
            let size = usize_of(&leaf.shape.size());
            if recover {
                quote!(#vars.#name.as_mut_slice().copy_from_slice(&#x[#base..#base + #size]);)
            } else {
                quote!(#private::add(&mut #x[#base..#base + #size], #vars.#name.as_slice());)
            }
        })
        .collect()
}

fn each_dual(scope: &Scope<'_>, conic: &Conic, z: &Ident, duals: &Ident, direction: Direction) -> TokenStream {
    let private = scope.private();
    let cones = conic.graph.cones.iter().enumerate();
    cones
        .filter_map(|(cone, block)| {
            let place = block.dual?;
            let dual = &scope.model.duals[place.dual];
            let (name, base) = (&dual.name, row_local(cone));
            let field = match place.bound {
                Bound::Only => quote!(#duals.#name),
                Bound::Lower => quote!(#duals.#name.lower),
                Bound::Upper => quote!(#duals.#name.upper),
            };
            if let Arrangement::Triangle = block.arrangement {
                return Some(each_matrix(scope, block, &base, z, &field, direction));
            }
            let rows: Dim = block.rows();
            let rows = usize_of(&rows);
            Some(match (dual.rank, direction) {
                (Rank::Scalar, Direction::Recover) => quote!(#field = #z[#base];),
                (Rank::Scalar, Direction::Adjoint) => quote!(#z[#base] += #field;),
                (_, Direction::Recover) => quote!(#field.as_mut_slice().copy_from_slice(&#z[#base..#base + #rows]);),
                (_, Direction::Adjoint) => {
                    quote!(#private::add(&mut #z[#base..#base + #rows], #field.as_slice());)
                }
            })
        })
        .collect()
}

/// Matrices from their scaled triangles, beside each other.
fn each_matrix(
    scope: &Scope<'_>,
    block: &ConeBlock,
    base: &Ident,
    z: &Ident,
    field: &TokenStream,
    direction: Direction,
) -> TokenStream {
    let private = scope.private();
    let [i, j, turn, weight] = ["i", "j", "turn", "weight"].map(local);
    let (count, dim) = block.count_and_dim();
    let order = block
        .parts
        .first()
        .map_or_else(Dim::one, |part| part.shape.rows.clone());
    if order.is_one() && count.is_one() {
        return match direction {
            Direction::Recover => quote!(#field = #z[#base];),
            Direction::Adjoint => quote!(#z[#base] += #field;),
        };
    }
    let place = if order.is_one() {
        quote!(#turn)
    } else {
        let n = usize_of(&order);
        quote!((#i, #j + (#n) * #turn))
    };
    let (n, count, dim) = (usize_of(&order), usize_of(&count), usize_of(&dim));
    let entry = quote!(#z[#base + (#dim) * #turn + #private::triangle(#i, #j)]);
    let step = match direction {
        Direction::Recover => quote!(#field[#place] = #weight * #entry;),
        Direction::Adjoint => quote!(#entry += #weight * #field[#place];),
    };
    quote! {
        for #turn in 0..#count { for #j in 0..#n { for #i in 0..#n {
            let #weight: f64 = if #i == #j { 1.0 } else { ::core::f64::consts::FRAC_1_SQRT_2 };
            #step
        } } }
    }
}

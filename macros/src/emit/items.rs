//! The structs of a problem, as the user meets them: documented, and vectors.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

use super::family::dual_shapes;
use super::scope::{Scope, places_local, references};
use crate::model::{Attributes, Dual, Leaf, Rank};

/// `about`: what the documentation of the problem says besides the user's.
pub fn items(scope: &Scope<'_>, about: &[String]) -> TokenStream {
    let model = scope.model;
    let doc = "The parameters of [`{}`]: a point, and a gradient.";
    let params = leaves(scope, "Params", &references(&model.params), doc, |leaf| {
        fact("parameter", leaf)
    });
    let doc = "The data of [`{}`], given at construction.";
    let data = leaves(scope, "Data", &scope.data_fields(), doc, |leaf| {
        if model.patterns().any(|pattern| pattern.name == leaf.name) {
            format!(
                "The sparsity pattern of the parameter `{}`: {}. Its numbers are not read.",
                leaf.name, leaf.shape
            )
        } else {
            fact("data", leaf)
        }
    });
    let doc = "The variables of [`{}`]: a solution, and a cotangent.";
    let vars = leaves(scope, "Vars", &references(&model.vars), doc, |leaf| {
        fact("variable", leaf)
    });
    let doc = "The values of the affine `let`s of [`{}`]: those of a solution, and a cotangent.";
    let lets = leaves(scope, "Lets", &scope.lets, doc, |leaf| {
        format!("The value of `{}`: {}.", leaf.name, leaf.shape)
    });
    let duals = duals(scope);
    let (dims, family, problem) = (dims(scope), family(scope), problem(scope, about));
    quote!(#dims #family #problem #params #data #vars #duals #lets)
}

fn dims(scope: &Scope<'_>) -> TokenStream {
    let (model, private) = (scope.model, scope.private());
    if model.dims.is_empty() {
        return TokenStream::new();
    }
    let (vis, item, fields) = (&model.vis, scope.item("Dims"), &model.dims);
    let doc = format!("The run-time dimensions of [`{}`].", model.name);
    let docs = fields
        .iter()
        .map(|field| format!("The dimension `{field}`, at least 1."));
    quote! {
        #[doc = #doc]
        #[allow(non_snake_case)]
        #[derive(#private::Clone, #private::Copy, #private::Debug, #private::PartialEq)]
        #vis struct #item { #(#[doc = #docs] pub #fields: usize),* }
    }
}

fn family(scope: &Scope<'_>) -> TokenStream {
    let (model, private) = (scope.model, scope.private());
    let (vis, item) = (&model.vis, scope.item("Family"));
    let doc = format!("The family of problems behind [`{}`].", model.name);
    let (dims, data) = (scope.item("Dims"), scope.item("Data"));
    let dims = (!model.dims.is_empty()).then(|| quote!(dims: #dims,));
    let data = model.has_data().then(|| quote!(data: #data,));
    let body = if dims.is_none() && data.is_none() {
        quote!(;)
    } else {
        let places = scope.sparse();
        let places = places.iter().map(|matrix| places_local(matrix));
        quote!({ #dims #data #(#places: #private::Places),* })
    };
    quote! {
        #[doc = #doc]
        #[derive(#private::Clone, #private::Debug)]
        #vis struct #item #body
    }
}

fn problem(scope: &Scope<'_>, about: &[String]) -> TokenStream {
    let (model, private) = (scope.model, scope.private());
    let (vis, name, docs, family) = (&model.vis, &model.name, &model.docs, scope.item("Family"));
    let constructor = match (model.dims.is_empty(), !model.has_data()) {
        (true, true) => quote!(OfNothing),
        (false, true) => quote!(OfDims),
        (true, false) => quote!(OfData),
        (false, false) => quote!(OfDimsAndData),
    };
    let solution = scope.item("Solution");
    let solution_doc = format!("A solution of [`{name}`].");
    let docs = if docs.is_empty() {
        quote!(#[doc = "A family of convex problems."])
    } else {
        quote!(#(#docs)*)
    };
    quote! {
        #docs
        #(#[doc = ""] #[doc = #about])*
        #vis type #name = #private::Problem<#family, #private::#constructor>;

        #[doc = #solution_doc]
        #[allow(dead_code)]
        #vis type #solution = #private::Solution<#family>;
    }
}

fn fact(what: &str, leaf: &Leaf) -> String {
    let Leaf {
        name,
        shape,
        attributes: has,
        ..
    } = leaf;
    format!("The {what} `{name}`: {shape}{}.", attributes(*has))
}

fn leaves(
    scope: &Scope<'_>,
    suffix: &str,
    leaves: &[&Leaf],
    doc: &str,
    facts: impl Fn(&Leaf) -> String,
) -> TokenStream {
    if leaves.is_empty() {
        return TokenStream::new();
    }
    let on_stack = Scope::leaves_on_stack(leaves);
    let fields = leaves.iter().map(|leaf| {
        let (docs, name) = (&leaf.docs, &leaf.name);
        let ty = scope.leaf_type(leaf, on_stack);
        let facts = facts(leaf);
        let break_after_docs = (!docs.is_empty()).then(|| quote!(#[doc = ""]));
        quote!(#(#docs)* #break_after_docs #[doc = #facts] pub #name: #ty)
    });
    let flat = leaves.iter().map(|leaf| {
        let name = &leaf.name;
        Flat {
            name: name.unraw().to_string(),
            place: quote!(#name),
            kind: FlatKind::of(leaf),
        }
    });
    record(scope, suffix, doc, quote!(#(#fields),*), flat.collect())
}

fn duals(scope: &Scope<'_>) -> TokenStream {
    let duals = &scope.model.duals;
    if duals.is_empty() {
        return TokenStream::new();
    }
    let private = scope.private();
    let on_stack = Scope::on_stack(dual_shapes(duals));
    let fields = duals.iter().map(|dual| {
        let (name, array) = (&dual.name, scope.array_type(&dual.shape, dual.rank, on_stack));
        let ty = if dual.chain {
            quote!(#private::Bounds<#array>)
        } else {
            array
        };
        let facts = format!("The dual variable of the constraint `{name}`: {}.", dual.shape);
        quote!(#[doc = #facts] pub #name: #ty)
    });
    let flat = duals.iter().flat_map(flat_dual).collect();
    let doc = "The dual variables of the labelled constraints of [`{}`], nonnegative for inequalities; also a cotangent of \
               them.\n\nFor a minimization the \
               Lagrangian is the objective plus `λ (lhs - rhs)` for `lhs <= rhs` and `lhs == rhs`; a maximization is \
               negated first.";
    record(scope, "Duals", doc, quote!(#(#fields),*), flat)
}

fn flat_dual(dual: &Dual) -> Vec<Flat> {
    let name = &dual.name;
    let flat = |name: String, place: TokenStream| Flat {
        name,
        place,
        kind: FlatKind::dense(dual.rank),
    };
    if dual.chain {
        vec![
            flat(format!("{}.lower", name.unraw()), quote!(#name.lower)),
            flat(format!("{}.upper", name.unraw()), quote!(#name.upper)),
        ]
    } else {
        vec![flat(name.unraw().to_string(), quote!(#name))]
    }
}

/// An array of a struct, seen from `self`.
struct Flat {
    name: String,
    place: TokenStream,
    kind: FlatKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum FlatKind {
    Scalar,
    Dense,
    Sparse,
}

impl FlatKind {
    fn of(leaf: &Leaf) -> FlatKind {
        if leaf.attributes.sparse {
            FlatKind::Sparse
        } else {
            FlatKind::dense(leaf.rank)
        }
    }

    fn dense(rank: Rank) -> FlatKind {
        if rank == Rank::Scalar {
            FlatKind::Scalar
        } else {
            FlatKind::Dense
        }
    }
}

/// A struct of arrays with its flat views and its vector operations.
fn record(scope: &Scope<'_>, suffix: &str, doc: &str, fields: TokenStream, flat: Vec<Flat>) -> TokenStream {
    let (model, private) = (scope.model, scope.private());
    let (vis, item) = (&model.vis, scope.item(suffix));
    let doc = doc.replace("{}", &model.name.to_string());
    let names = flat.iter().map(|flat| &flat.name);
    let shapes = arms(&flat, quote!([0, 0]), |place, kind| match kind {
        FlatKind::Scalar => quote!([1, 1]),
        FlatKind::Dense => quote!([self.#place.nrows(), self.#place.ncols()]),
        FlatKind::Sparse => quote!([self.#place.rows(), self.#place.cols()]),
    });
    let entries = arms(&flat, quote!(&[]), |place, kind| match kind {
        FlatKind::Scalar => quote!(#private::slice::from_ref(&self.#place)),
        FlatKind::Dense => quote!(self.#place.as_slice()),
        FlatKind::Sparse => quote!(self.#place.data()),
    });
    let entries_mut = arms(&flat, quote!(&mut []), |place, kind| match kind {
        FlatKind::Scalar => quote!(#private::slice::from_mut(&mut self.#place)),
        FlatKind::Dense => quote!(self.#place.as_mut_slice()),
        FlatKind::Sparse => quote!(self.#place.data_mut()),
    });
    let pattern = flat.iter().any(|flat| flat.kind == FlatKind::Sparse).then(|| {
        let arms = arms(&flat, quote!(#private::Option::None), |place, kind| match kind {
            FlatKind::Sparse => quote!(#private::Option::Some(self.#place.structure_view())),
            FlatKind::Scalar | FlatKind::Dense => quote!(#private::Option::None),
        });
        quote! {
            fn pattern(&self, __field: usize) -> #private::Option<#private::CsStructureView<'_>> {
                match __field { #arms }
            }
        }
    });
    let operations = operations(&private, &item);
    let cotangent = match suffix {
        "Vars" => Some(cotangent(scope, &item, &quote!(vars))),
        "Lets" => Some(cotangent(scope, &item, &quote!(lets))),
        "Duals" => Some(cotangent(scope, &item, &quote!(duals))),
        _ => None,
    };
    quote! {
        #[doc = #doc]
        #[allow(non_snake_case)]
        #[derive(#private::Clone, #private::Debug, #private::PartialEq)]
        #vis struct #item { #fields }

        #[automatically_derived]
        #[allow(clippy::all, clippy::pedantic, clippy::nursery)]
        impl #private::Record for #item {
            const NAMES: &'static [&'static str] = &[#(#names),*];

            fn shape(&self, __field: usize) -> [usize; 2] {
                match __field { #shapes }
            }

            fn entries(&self, __field: usize) -> &[f64] {
                match __field { #entries }
            }

            fn entries_mut(&mut self, __field: usize) -> &mut [f64] {
                match __field { #entries_mut }
            }

            #pattern
        }
        #operations
        #cotangent
    }
}

fn arms(flat: &[Flat], otherwise: TokenStream, arm: impl Fn(&TokenStream, FlatKind) -> TokenStream) -> TokenStream {
    let arms = flat.iter().enumerate().map(|(field, flat)| {
        let value = arm(&flat.place, flat.kind);
        quote!(#field => #value,)
    });
    quote!(#(#arms)* _ => #otherwise)
}

fn operations(private: &TokenStream, item: &Ident) -> TokenStream {
    quote! {
        impl #item {
            /// The sum of the products of all entries.
            ///
            /// # Panics
            ///
            /// If the shapes differ.
            #[allow(dead_code)]
            pub fn dot(&self, other: &Self) -> f64 {
                #private::Record::dot(self, other)
            }

            /// Adds `alpha` times `x`, in place.
            ///
            /// # Panics
            ///
            /// If the shapes differ.
            #[allow(dead_code)]
            pub fn axpy(&mut self, alpha: f64, x: &Self) {
                #private::Record::axpy(self, alpha, x)
            }
        }

        #private::operators!(#item);
    }
}

fn cotangent(scope: &Scope<'_>, item: &Ident, of: &TokenStream) -> TokenStream {
    let (private, family) = (scope.private(), scope.item("Family"));
    quote! {
        #[automatically_derived]
        impl<'a> #private::From<&'a #item> for #private::Cotangent<'a, #family> {
            fn from(__record: &'a #item) -> Self {
                #private::Cotangent::#of(__record)
            }
        }
    }
}

fn attributes(attributes: Attributes) -> String {
    // Where a matrix is semidefinite it need not be said that it is symmetric.
    let semidefinite = attributes.psd || attributes.nsd;
    let names = attributes.names().into_iter();
    names
        .filter(|name| *name != "symmetric" || !semidefinite)
        .map(|name| format!(", `{name}`"))
        .collect()
}

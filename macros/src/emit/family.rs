//! The implementation of `Family`, but for the methods that move numbers.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::scope::{Scope, dim_local, i128_of, places_local, references, stored_local, usize_of};
use crate::conic::{ConeBlock, ConeKind, Conic};
use crate::dims::{Dim, Shape, Symbol};
use crate::model::{Dual, Leaf};
use crate::nest::{Nest, Target};
use crate::syntax::ast::Sense;

/// `impl Family for …` around its methods.
pub fn implementation(scope: &Scope<'_>, methods: &TokenStream) -> TokenStream {
    let (model, private) = (scope.model, scope.private());
    let family = scope.item("Family");
    let name = model.name.to_string();
    let dims = scope.item_or_unit("Dims", model.dims.len());
    let params = scope.item_or_unit("Params", model.params.len());
    let vars = scope.item_or_unit("Vars", model.vars.len());
    let duals = scope.item_or_unit("Duals", model.duals.len());
    let lets = scope.item_or_unit("Lets", scope.lets.len());
    let maximize = matches!(&model.objective, Some(objective) if objective.sense == Sense::Maximize);
    let geometric = model.geometric.is_some().then(|| {
        quote!(
            const GEOMETRIC: bool = true;
        )
    });
    let data = scope.item_or_unit("Data", usize::from(model.has_data()));
    let data_attributes = model.data.iter().map(|leaf| attributes(&private, leaf));
    let attributes = model.params.iter().map(|leaf| attributes(&private, leaf));
    let patterns = model
        .patterns()
        .map(|_| quote!(#private::Attributes { pattern: true, ..#private::Attributes::NONE }));
    quote! {
        #[automatically_derived]
        #[allow(clippy::all, clippy::pedantic, clippy::nursery, unused_variables, unused_mut, unused_parens, unreachable_code)]
        impl #private::Family for #family {
            type Dims = #dims;
            type Data = #data;
            type Params = #params;
            type Vars = #vars;
            type Duals = #duals;
            type Lets = #lets;

            const NAME: &'static str = #name;
            const MAXIMIZE: bool = #maximize;
            #geometric
            const ATTRIBUTES: &'static [#private::Attributes] = &[#(#attributes),*];
            const DATA_ATTRIBUTES: &'static [#private::Attributes] = &[#(#data_attributes,)* #(#patterns,)*];

            #methods
        }
    }
}

fn attributes(private: &TokenStream, leaf: &Leaf) -> TokenStream {
    // The type says that a matrix is sparse.
    let names = leaf.attributes.names().into_iter().filter(|name| *name != "sparse");
    let named: Vec<_> = names.map(|name| format_ident!("{name}")).collect();
    if named.is_empty() {
        return quote!(#private::Attributes::NONE);
    }
    quote!(#private::Attributes { #(#named: true,)* ..#private::Attributes::NONE })
}

/// `new`, `columns`, `cones` and the zeros.
pub fn layout(scope: &Scope<'_>, conic: &Conic, nests: &[Nest]) -> TokenStream {
    let private = scope.private();
    let new = new(scope, &requirements(scope, conic, nests));
    let zero_params = zero_leaves(scope, "Params", &references(&scope.model.params));
    let zero_data = zero_leaves(scope, "Data", &scope.data_fields());
    let zero_vars = zero_leaves(scope, "Vars", &references(&scope.model.vars));
    let zero_duals = zero_duals(scope, &scope.model.duals);
    let zero_lets = zero_leaves(scope, "Lets", &scope.lets);
    let bind = scope.bind_dims();
    let columns = usize_of(&total(conic.graph.blocks.iter().map(|block| block.size())));
    let cones = conic.graph.cones.iter().map(|cone| push_cones(&private, cone));
    quote! {
        #new

        fn columns(&self) -> usize {
            #bind
            #columns
        }

        fn cones(&self) -> #private::Vec<#private::Cone> {
            #bind
            let mut __cones = #private::Vec::new();
            #(#cones)*
            __cones
        }

        fn zero_params(&self) -> Self::Params {
            #bind
            #zero_params
        }

        fn zero_data(&self) -> Self::Data {
            #bind
            #zero_data
        }

        fn zero_vars(&self) -> Self::Vars {
            #bind
            #zero_vars
        }

        fn zero_duals(&self) -> Self::Duals {
            #bind
            #zero_duals
        }

        fn zero_lets(&self) -> Self::Lets {
            #bind
            #zero_lets
        }
    }
}

/// The statements that push the cones of a block.
fn push_cones(private: &TokenStream, block: &ConeBlock) -> TokenStream {
    let (count, dim) = block.count_and_dim();
    let cone = match block.kind {
        // As many as there are, they are one cone.
        ConeKind::Zero | ConeKind::Nonneg => {
            let (rows, zero) = (usize_of(&block.rows()), block.kind == ConeKind::Zero);
            let kind = if zero { quote!(Zero) } else { quote!(Nonneg) };
            return quote!(__cones.push(#private::Cone::#kind(#rows)););
        }
        ConeKind::SecondOrder => {
            let dim = usize_of(&dim);
            quote!(SecondOrder(#dim))
        }
        ConeKind::Semidefinite => {
            let order = block.parts.first().map(|part| usize_of(&part.shape.rows));
            quote!(Semidefinite(#order))
        }
        ConeKind::Exponential => quote!(Exponential),
        ConeKind::Power(exponent) => quote!(Power(#exponent)),
    };
    let push = quote!(__cones.push(#private::Cone::#cone););
    if count.is_one() {
        return push;
    }
    let count = usize_of(&count);
    quote!(for _ in 0..#count { #push })
}

/// Methods of a problem that did not compile.
pub fn unreachable(scope: &Scope<'_>) -> TokenStream {
    let private = scope.private();
    let never = quote!(::core::unreachable!("the problem did not compile"));
    quote! {
        fn new(_: Self::Dims, _: Self::Data) -> #private::Result<Self, #private::Error> { #never }
        fn data(&self) -> &Self::Data { #never }
        fn zero_data(&self) -> Self::Data { #never }
        fn columns(&self) -> usize { #never }
        fn cones(&self) -> #private::Vec<#private::Cone> { #never }
        fn zero_params(&self) -> Self::Params { #never }
        fn zero_vars(&self) -> Self::Vars { #never }
        fn zero_duals(&self) -> Self::Duals { #never }
        fn zero_lets(&self) -> Self::Lets { #never }
        fn pattern(&self, _: &mut #private::Pattern) { #never }
        const REACH: &'static [#private::Reach] = &[];
        fn fill(
            &self,
            _: &Self::Params,
            _: #private::Option<&[bool]>,
            _: &#private::Slots,
            _: #private::EntriesMut<'_>,
        ) { #never }
        fn fill_tangent(
            &self, _: &Self::Params, _: &Self::Params, _: &#private::Slots, _: #private::EntriesMut<'_>,
        ) { #never }
        fn fill_adjoint(
            &self, _: &Self::Params, _: &#private::Slots, _: #private::Entries<'_>, _: &mut Self::Params,
        ) { #never }
        fn recover_vars(&self, _: &[f64], _: &mut Self::Vars) { #never }
        fn recover_duals(&self, _: &[f64], _: &mut Self::Duals) { #never }
        fn recover_vars_adjoint(&self, _: &Self::Vars, _: &mut [f64]) { #never }
        fn recover_duals_adjoint(&self, _: &Self::Duals, _: &mut [f64]) { #never }
        fn recover_lets(&self, _: &Self::Params, _: &[f64], _: &mut Self::Lets) { #never }
        fn recover_lets_tangent(
            &self, _: &Self::Params, _: &Self::Params, _: &[f64], _: &[f64], _: &mut Self::Lets,
        ) { #never }
        fn recover_lets_adjoint(
            &self, _: &Self::Params, _: &[f64], _: &Self::Lets, _: &mut Self::Params, _: &mut [f64],
        ) { #never }
    }
}

fn new(scope: &Scope<'_>, requirements: &TokenStream) -> TokenStream {
    let private = scope.private();
    let model = scope.model;
    let with_dims = (!model.dims.is_empty()).then(|| quote!(dims: __dims,));
    let with_data = model.has_data().then(|| quote!(data: __data,));
    let sparse = scope.sparse();
    let places: Vec<_> = sparse.iter().map(|matrix| places_local(matrix)).collect();
    let stored = sparse.iter().map(|matrix| stored_local(matrix));
    let matrices = model.sparse().map(|leaf| &leaf.name);
    let find_places = quote! {
        #(
            let #places = #private::Places::of(&__data.#matrices);
            let #stored: i128 = #places.count() as i128;
        )*
    };
    let body = quote!(#private::Result::Ok(Self { #with_dims #with_data #(#places),* }));
    let data = if model.has_data() {
        quote!(&self.data)
    } else {
        quote!(&())
    };
    let dims = scope.model.dims.iter().map(|dim| {
        let local = dim_local(&dim.to_string());
        quote!(let #local: i128 = __dims.#dim as i128;)
    });
    quote! {
        fn new(__dims: Self::Dims, __data: Self::Data) -> #private::Result<Self, #private::Error> {
            #(#dims)*
            #find_places
            #requirements
            #body
        }

        fn data(&self) -> &Self::Data {
            #data
        }
    }
}

/// What the dimensions must satisfy: each extent is positive, and everything can be counted.
fn requirements(scope: &Scope<'_>, conic: &Conic, nests: &[Nest]) -> TokenStream {
    let private = scope.private();
    let declared = scope
        .model
        .dims
        .iter()
        .map(|dim| Dim::symbol(Symbol::Dim(dim.to_string())));
    let leaves = scope
        .model
        .params
        .iter()
        .chain(&scope.model.data)
        .chain(&scope.model.vars);
    let extents = leaves.flat_map(|leaf| [leaf.shape.rows.clone(), leaf.shape.cols.clone()]);
    let mut seen = Vec::new();
    for dim in declared.chain(extents) {
        if dim.value().is_none() && !seen.contains(&dim) {
            seen.push(dim);
        }
    }
    let positive = seen.iter().map(|dim| {
        let (name, value) = (dim.to_string(), i128_of(dim));
        quote!(#private::positive(#name, #value)?;)
    });
    let within = scope.model.requirements.iter().map(|requirement| {
        let (expression, room) = (&requirement.expression, requirement.room.to_string());
        let value = i128_of(&requirement.room);
        quote!(#private::within(#expression, #room, #value)?;)
    });
    let columns = total(conic.graph.blocks.iter().map(|block| block.size()));
    let rows = total(conic.graph.cones.iter().map(|cone| cone.rows()));
    let visits = |in_p: bool| {
        total(nests.iter().filter_map(|nest| match nest.target {
            Target::P(..) if in_p => Some(nest.visits()),
            Target::A(..) if !in_p => Some(nest.visits()),
            _ => None,
        }))
    };
    let arrays = scope.model.params.iter().chain(&scope.model.data).map(|leaf| {
        if leaf.attributes.sparse {
            Dim::symbol(Symbol::Stored(leaf.name.to_string()))
        } else {
            leaf.shape.size()
        }
    });
    let counted: Vec<_> = arrays.chain([columns, rows, visits(true), visits(false)]).collect();
    let countable = counted.iter().filter(|dim| dim.value().is_none()).map(|dim| {
        let value = i128_of(dim);
        quote!(#private::countable(#value)?;)
    });
    quote!(#(#positive)* #(#within)* #(#countable)*)
}

fn total(sizes: impl Iterator<Item = Dim>) -> Dim {
    sizes.fold(Dim::zero(), |total, size| &total + &size)
}

fn zero_leaves(scope: &Scope<'_>, suffix: &str, leaves: &[&Leaf]) -> TokenStream {
    let (item, private) = (scope.item_or_unit(suffix, leaves.len()), scope.private());
    if leaves.is_empty() {
        return item;
    }
    let on_stack = Scope::leaves_on_stack(leaves);
    let names = leaves.iter().map(|leaf| &leaf.name);
    let zeros = leaves.iter().map(|leaf| match leaf.attributes.sparse {
        false => scope.zeros(&leaf.shape, leaf.rank, on_stack),
        // What is given at construction may have any pattern.
        true if suffix == "Data" => scope.empty(&leaf.shape),
        true => {
            let name = &leaf.name;
            quote!(#private::zero_like(&self.data.#name))
        }
    });
    quote!(#item { #(#names: #zeros),* })
}

fn zero_duals(scope: &Scope<'_>, duals: &[Dual]) -> TokenStream {
    let (item, private) = (scope.item_or_unit("Duals", duals.len()), scope.private());
    if duals.is_empty() {
        return item;
    }
    let on_stack = Scope::on_stack(dual_shapes(duals));
    let names = duals.iter().map(|dual| &dual.name);
    let zeros = duals.iter().map(|dual| {
        let zeros = scope.zeros(&dual.shape, dual.rank, on_stack);
        if dual.chain {
            quote!(#private::Bounds { lower: #zeros, upper: #zeros })
        } else {
            zeros
        }
    });
    quote!(#item { #(#names: #zeros),* })
}

/// The shape of each array of dual variables.
pub fn dual_shapes(duals: &[Dual]) -> impl Iterator<Item = &Shape> {
    duals
        .iter()
        .flat_map(|dual| std::iter::repeat_n(&dual.shape, if dual.chain { 2 } else { 1 }))
}

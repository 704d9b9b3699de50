//! The names in scope of the generated code, and the Rust types of arrays.

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::coef::product;
use crate::conic::Conic;
use crate::dims::{Dim, Part, Shape, Symbol};
use crate::model::{Leaf, Model, Rank};

/// Above this many entries in one struct, its fields live on the heap: a thread's stack is small.
const MOST_STACK_ENTRIES: i64 = 4096;

pub struct Scope<'a> {
    pub model: &'a Model,
    /// The `let`s whose values a solution has.
    pub lets: Vec<&'a Leaf>,
    runtime: &'a TokenTree,
    /// An error that was reported, as the type of what it leaves unknown.
    pub mistake: TokenStream,
}

/// A local name that no name of the user can meet: hygiene keeps variables apart, the underscores constants, which a
/// pattern would otherwise mean.
pub fn local(name: impl std::fmt::Display) -> Ident {
    let name = format!("__{name}").replace("r#", "");
    Ident::new(&name, Span::mixed_site())
}

pub fn dim_local(name: &str) -> Ident {
    local(format_args!("dim_{name}"))
}

pub fn symbol_local(symbol: &Symbol) -> Ident {
    match symbol {
        Symbol::Dim(name) => dim_local(name),
        Symbol::Index(index) => local(format_args!("i{index}")),
        Symbol::Loop(number, name) => local(format_args!("{name}_{number}")),
        Symbol::Stored(matrix) => stored_local(matrix),
        Symbol::Entry(number, Part::Place) => local(format_args!("e{number}")),
        Symbol::Entry(number, Part::Row) => local(format_args!("row_of_e{number}")),
        Symbol::Entry(number, Part::Col) => local(format_args!("col_of_e{number}")),
    }
}

/// The number of stored entries of a sparse matrix.
pub fn stored_local(matrix: &str) -> Ident {
    local(format_args!("stored_{matrix}"))
}

/// Where the entries of a sparse matrix are stored, as a local and as a field of the family.
pub fn places_local(matrix: &str) -> Ident {
    local(format_args!("places_{matrix}"))
}

pub fn column_local(block: usize) -> Ident {
    local(format_args!("column_{block}"))
}

pub fn row_local(cone: usize) -> Ident {
    local(format_args!("row_{cone}"))
}

/// A dimension as an expression of type `usize` over the locals of dimensions and loops.
pub fn usize_of(dim: &Dim) -> TokenStream {
    number_of(dim, &|value| {
        Literal::usize_unsuffixed(usize::try_from(value).unwrap_or(usize::MAX))
    })
}

/// The same of type `i128`, which no dimension that `u32` holds can overflow.
pub fn i128_of(dim: &Dim) -> TokenStream {
    number_of(dim, &|value| Literal::i128_suffixed(i128::from(value)))
}

fn number_of(dim: &Dim, literal: &dyn Fn(u64) -> Literal) -> TokenStream {
    let (parts, over) = dim.parts();
    if parts.is_empty() {
        let zero = literal(0);
        return quote!(#zero);
    }
    let mut sum = TokenStream::new();
    for (position, (coefficient, symbols)) in parts.iter().enumerate() {
        let mut factors = Vec::new();
        let magnitude = coefficient.unsigned_abs();
        if magnitude != 1 || symbols.is_empty() {
            let magnitude = literal(magnitude);
            factors.push(quote!(#magnitude));
        }
        factors.extend(symbols.iter().map(|symbol| {
            let local = symbol_local(symbol);
            quote!(#local)
        }));
        let operator = match (position, *coefficient < 0) {
            (0, false) => quote!(),
            (_, false) => quote!(+),
            (_, true) => quote!(-),
        };
        let product = product(factors.into_iter());
        sum.extend(quote!(#operator #product));
    }
    if over == 1 {
        sum
    } else {
        let over = literal(over.unsigned_abs());
        quote!((#sum) / #over)
    }
}

impl<'a> Scope<'a> {
    pub fn new(model: &'a Model, lets: Vec<&'a Leaf>, runtime: &'a TokenTree) -> Scope<'a> {
        Scope {
            model,
            lets,
            runtime,
            mistake: TokenStream::new(),
        }
    }

    /// The path of what generated code uses.
    pub fn private(&self) -> TokenStream {
        let runtime = self.runtime;
        quote!(#runtime::__private)
    }

    /// `PortfolioParams` and so on, with the span of the problem's name.
    pub fn item(&self, suffix: &str) -> Ident {
        format_ident!("{}{}", self.model.name, suffix)
    }

    /// The type of a struct that is there only where it has a field.
    pub fn item_or_unit(&self, suffix: &str, fields: usize) -> TokenStream {
        if fields == 0 {
            quote!(())
        } else {
            let item = self.item(suffix);
            quote!(#item)
        }
    }

    /// Locals with the run-time dimensions as `usize`.
    pub fn bind_dims(&self) -> TokenStream {
        let locals = self.model.dims.iter().map(|dim| dim_local(&dim.to_string()));
        let dims = &self.model.dims;
        let (private, sparse) = (self.private(), self.sparse());
        let stored = sparse.iter().map(|matrix| stored_local(matrix));
        let places: Vec<_> = sparse.iter().map(|matrix| places_local(matrix)).collect();
        quote! {
            #(let #locals: usize = self.dims.#dims;)*
            #(let #places: &#private::Places = &self.#places; let #stored: usize = #places.count();)*
        }
    }

    /// What is given at construction: the data, and matrices with the patterns of sparse parameters.
    pub fn data_fields(&self) -> Vec<&Leaf> {
        self.model.data.iter().chain(self.model.patterns()).collect()
    }

    /// The names of all sparse arrays.
    pub fn sparse(&self) -> Vec<String> {
        self.model.sparse().map(|leaf| leaf.name.to_string()).collect()
    }

    /// Whether the arrays of these leaves live on the stack.
    pub fn leaves_on_stack(leaves: &[&Leaf]) -> bool {
        let dense = leaves.iter().filter(|leaf| !leaf.attributes.sparse);
        Scope::on_stack(dense.map(|leaf| &leaf.shape))
    }

    pub fn leaf_type(&self, leaf: &Leaf, on_stack: bool) -> TokenStream {
        let runtime = self.runtime;
        if leaf.attributes.sparse {
            return quote!(#runtime::sprs::CsMat<f64>);
        }
        self.array_type(&leaf.shape, leaf.rank, on_stack)
    }

    /// Locals with the first column of each block and the first row of each cone block.
    pub fn bind_bases(&self, conic: &Conic) -> TokenStream {
        let columns = bases(conic.graph.blocks.iter().map(|block| block.size()), column_local);
        let rows = bases(conic.graph.cones.iter().map(|cone| cone.rows()), row_local);
        quote!(#columns #rows)
    }

    /// Whether the arrays of a struct with these shapes live on the stack.
    pub fn on_stack<'s>(shapes: impl Iterator<Item = &'s Shape>) -> bool {
        let sizes: Option<Vec<i64>> = shapes.map(|shape| shape.size().value()).collect();
        sizes.is_some_and(|sizes| sizes.iter().sum::<i64>() <= MOST_STACK_ENTRIES)
    }

    pub fn array_type(&self, shape: &Shape, rank: Rank, on_stack: bool) -> TokenStream {
        let (nalgebra, rows, cols) = (self.nalgebra(), usize_of(&shape.rows), usize_of(&shape.cols));
        match (rank, on_stack) {
            (Rank::Scalar, _) => quote!(f64),
            (Rank::Vector, true) => quote!(#nalgebra::SVector<f64, #rows>),
            (Rank::Vector, false) => quote!(#nalgebra::DVector<f64>),
            (Rank::Matrix, true) => quote!(#nalgebra::SMatrix<f64, #rows, #cols>),
            (Rank::Matrix, false) => quote!(#nalgebra::DMatrix<f64>),
            (Rank::Unknown, _) => {
                // A type that the compiler knows to be a mistake: nothing that is done with it is another one.
                let (private, mistake) = (self.private(), &self.mistake);
                quote!(<#private::Unknown<{ #mistake }> as #private::Known>::Type)
            }
        }
    }

    /// A sparse matrix without entries.
    pub fn empty(&self, shape: &Shape) -> TokenStream {
        let (runtime, rows, cols) = (self.runtime, usize_of(&shape.rows), usize_of(&shape.cols));
        quote!(#runtime::sprs::CsMat::zero((#rows, #cols)))
    }

    pub fn zeros(&self, shape: &Shape, rank: Rank, on_stack: bool) -> TokenStream {
        let (nalgebra, rows, cols) = (self.nalgebra(), usize_of(&shape.rows), usize_of(&shape.cols));
        match (rank, on_stack) {
            (Rank::Scalar, _) => quote!(0.0),
            (Rank::Vector, true) => quote!(#nalgebra::SVector::zeros()),
            (Rank::Vector, false) => quote!(#nalgebra::DVector::zeros(#rows)),
            (Rank::Matrix, true) => quote!(#nalgebra::SMatrix::zeros()),
            (Rank::Matrix, false) => quote!(#nalgebra::DMatrix::zeros(#rows, #cols)),
            (Rank::Unknown, _) => quote!(::core::unreachable!()),
        }
    }

    fn nalgebra(&self) -> TokenStream {
        let runtime = self.runtime;
        quote!(#runtime::nalgebra)
    }
}

pub fn references(leaves: &[Leaf]) -> Vec<&Leaf> {
    leaves.iter().collect()
}

fn bases(sizes: impl Iterator<Item = Dim>, name: fn(usize) -> Ident) -> TokenStream {
    let mut first = Dim::zero();
    let mut bindings = TokenStream::new();
    for (number, size) in sizes.enumerate() {
        let (local, value) = (name(number), usize_of(&first));
        bindings.extend(quote!(let #local: usize = #value;));
        first = &first + &size;
    }
    bindings
}

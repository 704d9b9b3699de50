//! Coefficients printed as Rust: the value, the derivative along a direction, and the adjoint of the derivative.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};

use super::scope::{Scope, local, places_local, symbol_local, usize_of};
use crate::dims::{Loop, Part, Symbol};
use crate::model::Rank;
use crate::nest::coef::{Coef, Function, ParamEntry};
use crate::nest::guard::Guard;

/// `for i in 0..n { body }`
pub fn looped(loops: &[Loop], body: TokenStream) -> TokenStream {
    loops.iter().rev().fold(body, |body, range| {
        let (index, extent) = (symbol_local(&range.symbol), usize_of(&range.extent));
        let bind = range.stored.as_ref().map(|stored| {
            let places = places_local(&stored.matrix);
            let [row, col] = [Part::Row, Part::Col].map(|part| symbol_local(&Symbol::Entry(stored.number, part)));
            quote!(let [#row, #col]: [usize; 2] = #places.at(#index);)
        });
        quote!(for #index in 0..#extent { #bind #body })
    })
}

/// `if all guards hold { body }`
pub fn where_all(guards: &[Guard], body: TokenStream) -> TokenStream {
    if guards.is_empty() {
        return body;
    }
    let condition = condition(guards);
    quote!(if #condition { #body })
}

pub fn condition(guards: &[Guard]) -> TokenStream {
    let conditions = guards.iter().map(|guard| {
        let (dim, operator) = match guard {
            Guard::Zero(dim) => (dim, quote!(==)),
            Guard::Nonneg(dim) => (dim, quote!(>=)),
        };
        // Both sides are sums of what is positive: differences could be below zero.
        let (positive, negative) = dim.sides();
        let (positive, negative) = (usize_of(&positive), usize_of(&negative));
        quote!(#positive #operator #negative)
    });
    quote!(#(#conditions)&&*)
}

pub fn param_local(name: &str) -> Ident {
    local(format_args!("param_{name}"))
}

pub fn data_local(name: &str) -> Ident {
    local(format_args!("data_{name}"))
}

pub fn direction_local(name: &str) -> Ident {
    local(format_args!("direction_{name}"))
}

pub fn derived_local(number: usize) -> Ident {
    local(format_args!("derived_{number}"))
}

pub fn derived_tangent_local(number: usize) -> Ident {
    local(format_args!("derived_tangent_{number}"))
}

pub fn derived_gradient_local(number: usize) -> Ident {
    local(format_args!("derived_gradient_{number}"))
}

pub fn gradient_local(name: &str) -> Ident {
    local(format_args!("gradient_{name}"))
}

/// Printer of coefficients over the locals of a model's parameters.
#[derive(Clone, Copy)]
pub struct Coefs<'a> {
    pub scope: &'a Scope<'a>,
}

impl Coefs<'_> {
    /// An expression of type `f64`, that binds as strongly as a product.
    pub fn value(self, coef: &Coef) -> TokenStream {
        match coef {
            Coef::Number(value) => number(*value),
            Coef::Size(dim) => {
                let dim = usize_of(dim);
                quote!(((#dim) as f64))
            }
            Coef::Param(entry) if entry.data => self.entry(entry, data_local),
            Coef::Param(entry) => self.entry(entry, param_local),
            Coef::Negate(arg) => {
                let arg = self.value(arg);
                quote!(-#arg)
            }
            Coef::Sum(args) => {
                let args = args.iter().map(|arg| self.value(arg));
                quote!((#(#args)+*))
            }
            Coef::Product(args) => product(args.iter().map(|arg| self.value(arg))),
            Coef::Quotient(a, b) => {
                let (a, b) = (self.value(a), self.value(b));
                quote!((#a) / (#b))
            }
            Coef::Over(range, body) => summed(range, &self.value(body)),
            Coef::Extreme(range, body) => {
                let (largest, value) = (local("largest"), self.value(body));
                let turns = looped(
                    std::slice::from_ref(range),
                    quote!(#largest = f64::max(#largest, #value);),
                );
                quote!({ let mut #largest = f64::NEG_INFINITY; #turns #largest })
            }
            Coef::Call(function, args) => self.call(*function, args),
            Coef::Derived(number) => derived_local(*number).into_token_stream(),
            Coef::Where(guards, body) => chosen(guards, &self.value(body)),
            Coef::Literal(entries, place) => {
                let (entries, place) = (entries.iter().map(|entry| number(*entry)), usize_of(place));
                quote!([#(#entries),*][#place])
            }
        }
    }

    /// The derivative along the direction; None where it is zero.
    pub fn tangent(self, coef: &Coef) -> Option<TokenStream> {
        match coef {
            Coef::Number(_) | Coef::Size(_) | Coef::Literal(..) => None,
            Coef::Param(entry) if entry.data => None,
            Coef::Param(entry) => Some(self.entry(entry, direction_local)),
            Coef::Negate(arg) => self.tangent(arg).map(|arg| quote!(-#arg)),
            Coef::Sum(args) => sum(args.iter().filter_map(|arg| self.tangent(arg))),
            Coef::Product(args) => sum(args.iter().enumerate().filter_map(|(which, arg)| {
                let tangent = self.tangent(arg)?;
                let others = self.others(args, which);
                Some(quote!(#tangent #(* #others)*))
            })),
            Coef::Quotient(a, b) => {
                let (da, db) = (self.tangent(a), self.tangent(b));
                let (a, b) = (self.value(a), self.value(b));
                let through_a = da.map(|da| quote!((#da) / (#b)));
                let through_b = db.map(|db| quote!(-(#a) * (#db) / ((#b) * (#b))));
                sum(through_a.into_iter().chain(through_b))
            }
            Coef::Over(range, body) => Some(summed(range, &self.tangent(body)?)),
            Coef::Extreme(range, body) => {
                let (largest, found, tangent) = (local("largest"), local("found"), local("tangent_there"));
                let (value, change) = (self.value(body), self.tangent(body)?);
                let turns = looped(
                    std::slice::from_ref(range),
                    quote! {
                        let #found: f64 = #value;
                        if #found > #largest { #largest = #found; #tangent = #change; }
                    },
                );
                Some(quote!({ let (mut #largest, mut #tangent) = (f64::NEG_INFINITY, 0.0); #turns #tangent }))
            }
            Coef::Call(function, args) => {
                let slopes = self.slopes(*function, args);
                sum(args.iter().zip(slopes).filter_map(|(arg, slope)| {
                    let tangent = self.tangent(arg)?;
                    Some(quote!(#slope * #tangent))
                }))
            }
            Coef::Derived(number) => Some(derived_tangent_local(*number).into_token_stream()),
            Coef::Where(guards, body) => Some(chosen(guards, &self.tangent(body)?)),
        }
    }

    /// Statements that add `seed` times the derivative to the gradient of each parameter.
    pub fn adjoint(self, coef: &Coef, seed: &TokenStream) -> TokenStream {
        match coef {
            Coef::Number(_) | Coef::Size(_) | Coef::Literal(..) => TokenStream::new(),
            Coef::Param(entry) if entry.data => TokenStream::new(),
            Coef::Param(entry) if entry.sparse && entry.stored.is_none() => {
                let (gradient, found, place) = (gradient_local(&entry.name), self.find(entry), local("place"));
                let private = self.scope.private();
                quote!(if let #private::Option::Some(#place) = #found { #gradient[#place] += #seed; })
            }
            Coef::Param(entry) => {
                let target = self.entry(entry, gradient_local);
                match self.scope.model.params[entry.param].rank {
                    Rank::Scalar => quote!(*#target += #seed;),
                    _ => quote!(#target += #seed;),
                }
            }
            Coef::Negate(arg) => self.adjoint(arg, &quote!(-(#seed))),
            Coef::Sum(args) => args.iter().map(|arg| self.adjoint(arg, seed)).collect(),
            Coef::Product(args) => args
                .iter()
                .enumerate()
                .filter(|(_, arg)| arg.has_params())
                .map(|(which, arg)| {
                    let others = self.others(args, which);
                    self.adjoint(arg, &quote!(#seed #(* #others)*))
                })
                .collect(),
            Coef::Quotient(a, b) => {
                let (value_a, value_b) = (self.value(a), self.value(b));
                let through_a = self.adjoint(a, &quote!(#seed / (#value_b)));
                let through_b = self.adjoint(b, &quote!(-(#seed) * (#value_a) / ((#value_b) * (#value_b))));
                quote!(#through_a #through_b)
            }
            Coef::Over(range, body) => {
                let body = self.adjoint(body, seed);
                looped(std::slice::from_ref(range), body)
            }
            Coef::Extreme(range, body) => {
                let [largest, found, place, inner] = ["largest", "found", "place", "seed"].map(local);
                let (value, index) = (self.value(body), symbol_local(&range.symbol));
                let turns = looped(
                    std::slice::from_ref(range),
                    quote! {
                        let #found: f64 = #value;
                        if #found > #largest { #largest = #found; #place = #index; }
                    },
                );
                let body = self.adjoint(body, &quote!(#inner));
                quote!({
                    let #inner: f64 = #seed;
                    let (mut #largest, mut #place) = (f64::NEG_INFINITY, 0usize);
                    #turns
                    let #index: usize = #place;
                    #body
                })
            }
            Coef::Call(function, args) => {
                let (slopes, inner) = (self.slopes(*function, args), local("seed"));
                let each = args.iter().zip(slopes).filter(|(arg, _)| arg.has_params());
                let each = each.map(|(arg, slope)| {
                    let statements = self.adjoint(arg, &quote!(#inner));
                    quote!({ let #inner: f64 = #seed * #slope; #statements })
                });
                quote!(#(#each)*)
            }
            Coef::Derived(number) => {
                let gradient = derived_gradient_local(*number);
                quote!(#gradient += #seed;)
            }
            Coef::Where(guards, body) => where_all(guards, self.adjoint(body, seed)),
        }
    }

    fn call(self, function: Function, args: &[Coef]) -> TokenStream {
        let (private, args) = (self.scope.private(), args.iter().map(|arg| self.value(arg)));
        let function = match function {
            Function::Abs => quote!(f64::abs),
            Function::Positive => return quote!(f64::max(#(#args,)* 0.0)),
            Function::Largest => quote!(f64::max),
            Function::Sqrt => quote!(f64::sqrt),
            Function::Exp => quote!(f64::exp),
            Function::Log => quote!(f64::ln),
            Function::Log1p => quote!(f64::ln_1p),
            Function::Entropy => quote!(#private::entropy),
            Function::Logistic => quote!(#private::logistic),
            Function::Power(exponent) => {
                let exponent = number(exponent);
                return quote!(f64::powf(#(#args,)* #exponent));
            }
        };
        quote!(#function(#(#args),*))
    }

    /// The derivative of a function in each argument; where there is none, a subgradient.
    fn slopes(self, function: Function, args: &[Coef]) -> Vec<TokenStream> {
        let private = self.scope.private();
        let values: Vec<_> = args.iter().map(|arg| self.value(arg)).collect();
        let x = &values[0];
        match function {
            Function::Abs => vec![quote!(#private::sign(#x))],
            Function::Positive => vec![quote!(#private::above(#x, 0.0))],
            Function::Largest => {
                let y = &values[1];
                vec![quote!((1.0 - #private::above(#y, #x))), quote!(#private::above(#y, #x))]
            }
            Function::Sqrt => vec![quote!(#private::slope_of_sqrt(#x))],
            Function::Exp => vec![quote!(f64::exp(#x))],
            Function::Log => vec![quote!(f64::recip(#x))],
            Function::Log1p => vec![quote!(f64::recip(1.0 + #x))],
            Function::Entropy => vec![quote!((-1.0 - f64::ln(#x)))],
            Function::Logistic => vec![quote!(f64::recip(1.0 + f64::exp(-#x)))],
            Function::Power(exponent) => {
                let (factor, less) = (number(exponent), number(exponent - 1.0));
                vec![quote!((#factor * f64::powf(#x, #less)))]
            }
        }
    }

    fn others(self, args: &[Coef], which: usize) -> Vec<TokenStream> {
        let others = args.iter().enumerate().filter(|(other, _)| *other != which);
        others.map(|(_, arg)| self.value(arg)).collect()
    }

    /// An entry of a parameter, or of what has the shape of one; a scalar is its local itself.
    fn entry(self, entry: &ParamEntry, of: fn(&str) -> Ident) -> TokenStream {
        let model = self.scope.model;
        let leaf = if entry.data {
            &model.data[entry.param]
        } else {
            &model.params[entry.param]
        };
        let array = of(&entry.name);
        if leaf.rank == Rank::Scalar {
            return array.into_token_stream();
        }
        if let Some(place) = &entry.stored {
            let place = symbol_local(place);
            return quote!(#array[#place]);
        }
        if entry.sparse {
            let (found, place) = (self.find(entry), local("place"));
            return quote!((#found.map_or(0.0, |#place| #array[#place])));
        }
        let offset = usize_of(&entry.place());
        quote!(#array[#offset])
    }

    /// Where an entry of a sparse matrix is stored, if it is.
    fn find(self, entry: &ParamEntry) -> TokenStream {
        let (places, row, col) = (places_local(&entry.name), usize_of(&entry.row), usize_of(&entry.col));
        quote!(#places.find(#row, #col))
    }
}

/// A literal that overflows in arithmetic is left to the check of the filled program.
fn number(value: f64) -> TokenStream {
    if !value.is_finite() {
        return quote!(f64::NAN);
    }
    let magnitude = Literal::f64_unsuffixed(value.abs());
    if value < 0.0 {
        quote!(-#magnitude)
    } else {
        quote!(#magnitude)
    }
}

fn sum(terms: impl Iterator<Item = TokenStream>) -> Option<TokenStream> {
    let terms: Vec<_> = terms.collect();
    match terms.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        _ => Some(quote!((#(#terms)+*))),
    }
}

pub fn product(factors: impl Iterator<Item = TokenStream>) -> TokenStream {
    let mut product = TokenStream::new();
    for (position, factor) in factors.enumerate() {
        product.extend(if position == 0 { factor } else { quote!(* #factor) });
    }
    product
}

fn chosen(guards: &[Guard], value: &TokenStream) -> TokenStream {
    let condition = condition(guards);
    quote!((if #condition { #value } else { 0.0 }))
}

fn summed(range: &Loop, body: &TokenStream) -> TokenStream {
    let sum = local("sum");
    let turns = looped(std::slice::from_ref(range), quote!(#sum += #body;));
    quote!({ let mut #sum = 0.0f64; #turns #sum })
}

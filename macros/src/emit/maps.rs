//! The methods that move numbers between parameters and cone program: four printings of the loop nests.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::coef::{
    Coefs, condition, data_local, derived_gradient_local, derived_local, derived_tangent_local, direction_local,
    gradient_local, looped, param_local, where_all,
};
use super::scope::{Scope, column_local, local, row_local, usize_of};
use crate::conic::Conic;
use crate::dims::{Dim, Loop};
use crate::model::{Leaf, Rank};
use crate::nest::coef::Coef;
use crate::nest::group::{Group, Place as Part};
use crate::nest::lower::{Entry, Place};
use crate::nest::run::Run;
use crate::nest::{Map, Nest, Row, Target};

/// `pattern`, `fill`, `fill_tangent` and `fill_adjoint`.
pub fn methods(scope: &Scope<'_>, conic: &Conic, map: &Map) -> TokenStream {
    let printer = Printer {
        scope,
        conic,
        coefs: Coefs { scope },
        visits: visits_before(&map.nests),
        places: places(&map.nests),
        runs: map.nests.iter().map(Nest::run).collect(),
        reads: map.nests.iter().map(|nest| map.params_of(nest)).collect(),
        nests: &map.nests,
        derived: &map.derived,
        groups: map.groups(),
    };
    let methods = [
        printer.reach(),
        printer.pattern(),
        printer.fill(),
        printer.tangent(),
        printer.adjoint(),
    ];
    quote!(#(#methods)*)
}

pub struct Printer<'a> {
    pub scope: &'a Scope<'a>,
    pub conic: &'a Conic,
    pub coefs: Coefs<'a>,
    pub nests: &'a [Nest],
    derived: &'a [Coef],
    pub groups: Vec<Group>,
    /// How many visits of its matrix come before each nest.
    pub visits: Vec<Dim>,
    /// The place of each nest among those of its matrix.
    places: Vec<usize>,
    pub runs: Vec<Option<Run>>,
    /// The parameters that each nest reads.
    pub reads: Vec<BTreeSet<usize>>,
}

/// The place of each nest among those of its matrix.
fn places(nests: &[Nest]) -> Vec<usize> {
    let (mut p, mut a) = (0.., 0..);
    let place = |nest: &Nest| match nest.target {
        Target::P(..) => p.next(),
        Target::A(..) => a.next(),
        _ => None,
    };
    nests.iter().map(place).map(Option::unwrap_or_default).collect()
}

/// How often the nests before each one visit its own target matrix, which is where its slots begin.
fn visits_before(nests: &[Nest]) -> Vec<Dim> {
    let (mut p, mut a) = (Dim::zero(), Dim::zero());
    nests
        .iter()
        .map(|nest| {
            let count = match nest.target {
                Target::P(..) => &mut p,
                Target::A(..) => &mut a,
                _ => return Dim::zero(),
            };
            let before = count.clone();
            *count = &*count + &nest.visits();
            before
        })
        .collect()
}

impl Printer<'_> {
    fn pattern(&self) -> TokenStream {
        let (private, pattern) = (self.scope.private(), local("pattern"));
        let nests = self.nests.iter().filter_map(|nest| {
            let body = match &nest.target {
                Target::P(one, other) => {
                    let (one, other) = (self.column(one), self.column(other));
                    (
                        quote!(#pattern.begin_quadratic();),
                        quote!(#pattern.quadratic(#one, #other);),
                        quote!(#pattern.skip_quadratic();),
                    )
                }
                Target::A(row, entry) => {
                    let (row, column) = (self.row(row), self.column(entry));
                    (
                        quote!(#pattern.begin_constraint();),
                        quote!(#pattern.constraint(#row, #column);),
                        quote!(#pattern.skip_constraint();),
                    )
                }
                _ => return None,
            };
            let (begin, visit, skip) = body;
            let body = if nest.guards.is_empty() {
                visit
            } else {
                let condition = condition(&nest.guards);
                quote!(if #condition { #visit } else { #skip })
            };
            let turns = looped(&nest.loops, body);
            Some(quote!(#begin #turns))
        });
        let bind = self.bind();
        quote! {
            fn pattern(&self, #pattern: &mut #private::Pattern) {
                #bind
                #(#nests)*
            }
        }
    }

    /// Which parts of the program each parameter reaches.
    fn reach(&self) -> TokenStream {
        let private = self.scope.private();
        let reaches = (0..self.scope.model.params.len()).map(|param| {
            let reached = |part: fn(Part) -> bool| {
                let mut groups = self.groups.iter();
                groups.any(|group| part(group.place) && group.params.contains(&param))
            };
            let p = reached(|part| matches!(part, Part::P(..)));
            let q = reached(|part| matches!(part, Part::Q(_)));
            let a = reached(|part| matches!(part, Part::A(..)));
            let b = reached(|part| matches!(part, Part::B(_)));
            let r = reached(|part| part == Part::R);
            quote!(#private::Reach { p: #p, q: #q, a: #a, b: #b, r: #r })
        });
        quote!(const REACH: &'static [#private::Reach] = &[#(#reaches),*];)
    }

    /// The nonzeros of the matrix of a nest.
    pub fn matrix(&self, number: usize) -> TokenStream {
        let [p, a] = ["p", "a"].map(local);
        match self.nests[number].target {
            Target::P(..) => quote!(#p),
            _ => quote!(#a),
        }
    }

    /// Where the visits of that matrix are stored.
    pub fn slots(&self, number: usize) -> TokenStream {
        let slots = local("slots");
        match self.nests[number].target {
            Target::P(..) => quote!(&#slots.p),
            _ => quote!(&#slots.a),
        }
    }

    /// Whether no other visit meets those of a nest of a matrix.
    pub fn alone(&self, number: usize) -> TokenStream {
        let (slots, place) = (local("slots"), self.places[number]);
        match self.nests[number].target {
            Target::P(..) => quote!(#slots.p_alone[#place]),
            _ => quote!(#slots.a_alone[#place]),
        }
    }

    fn tangent(&self) -> TokenStream {
        let private = self.scope.private();
        let (params, direction, slots) = (local("params"), local("direction"), local("slots"));
        let tangent = local("tangent");
        let bind = self.bind();
        let open_params = borrow(&self.scope.model.params, &quote!(#params), param_local);
        let open_direction = borrow(&self.scope.model.params, &quote!(#direction), direction_local);
        let open_tangent = open_entries(&quote!(#private::EntriesMut), &tangent);
        let nests = self.nests.iter().enumerate().filter_map(|(number, nest)| {
            if let Some(run) = &self.runs[number] {
                return self.run_tangent(number, run);
            }
            let value = self.coefs.tangent(&nest.coef)?;
            Some(self.each_visit(number, |target, factor| quote!(#target += #factor #value;)))
        });
        let derive = self.derive();
        let derive_tangent = derive_tangent(self.coefs, self.derived);
        quote! {
            fn fill_tangent(
                &self,
                #params: &Self::Params,
                #direction: &Self::Params,
                #slots: &#private::Slots,
                #tangent: #private::EntriesMut<'_>,
            ) {
                #bind
                #open_params
                #open_direction
                #derive
                #derive_tangent
                #open_tangent
                #(#nests)*
            }
        }
    }

    fn adjoint(&self) -> TokenStream {
        let private = self.scope.private();
        let (params, slots) = (local("params"), local("slots"));
        let (cotangent, gradient, seed) = (local("cotangent"), local("gradient"), local("seed"));
        let bind = self.bind();
        let open_params = borrow(&self.scope.model.params, &quote!(#params), param_local);
        let open_gradient = borrow_gradient(self.scope, &gradient);
        let open_cotangent = open_entries(&quote!(#private::Entries), &cotangent);
        let constant = local("r");
        let nests = self
            .nests
            .iter()
            .enumerate()
            .filter(|(_, nest)| nest.coef.has_params())
            .map(|(number, nest)| {
                if let Some(run) = &self.runs[number] {
                    return self.run_adjoint(number, run);
                }
                let statements = self.coefs.adjoint(&nest.coef, &quote!(#seed));
                self.each_visit(
                    number,
                    |target, factor| quote!(let #seed: f64 = #factor #target; #statements),
                )
            });
        let derive = self.derive();
        let (derived_zero, derive_adjoint) = derive_adjoint(self.coefs, self.derived);
        quote! {
            fn fill_adjoint(
                &self,
                #params: &Self::Params,
                #slots: &#private::Slots,
                #cotangent: #private::Entries<'_>,
                #gradient: &mut Self::Params,
            ) {
                #bind
                #open_params
                #open_gradient
                #open_cotangent
                let #constant: &f64 = &#constant;
                #derive
                #derived_zero
                #(#nests)*
                #derive_adjoint
            }
        }
    }

    pub fn derive(&self) -> TokenStream {
        derive(self.coefs, self.derived)
    }

    /// The loops of a nest around a body, which is given the target and a factor to put before its value: the product of
    /// two variables counts twice in `P` where the two are one.
    pub fn each_visit(&self, number: usize, body: impl Fn(TokenStream, TokenStream) -> TokenStream) -> TokenStream {
        let nest = &self.nests[number];
        let (slots, at, twice) = (local("slots"), local("at"), local("twice"));
        let [p, q, a, b, r] = ["p", "q", "a", "b", "r"].map(local);
        let guarded = |body| where_all(&nest.guards, body);
        let direct = |target| looped(&nest.loops, guarded(body(target, quote!())));
        let body = match &nest.target {
            Target::R => return direct(quote!(*#r)),
            Target::Q(entry) => {
                let column = self.column(entry);
                return direct(quote!(#q[#column]));
            }
            Target::B(row) => {
                let row = self.row(row);
                return direct(quote!(#b[#row]));
            }
            Target::A(..) => body(quote!(#a[#slots.a[#at] as usize]), quote!()),
            Target::P(one, other) if one == other => body(quote!(#p[#slots.p[#at] as usize]), quote!(2.0 *)),
            Target::P(one, other) => {
                let (one, other) = (self.column(one), self.column(other));
                let inner = body(quote!(#p[#slots.p[#at] as usize]), quote!(#twice *));
                quote! {
                    let #twice: f64 = if #one == #other { 2.0 } else { 1.0 };
                    #inner
                }
            }
        };
        self.counted(number, &nest.loops, body, &quote!(1))
    }

    /// Loops around a body that makes some visits, whose first is `at`.
    pub fn counted(&self, number: usize, loops: &[Loop], body: TokenStream, visits: &TokenStream) -> TokenStream {
        let (at, first) = (local("at"), usize_of(&self.visits[number]));
        let body = where_all(&self.nests[number].guards, body);
        let turns = looped(loops, quote!(#body #at += #visits;));
        quote!({ let mut #at: usize = #first; #turns })
    }

    pub fn bind(&self) -> TokenStream {
        let (dims, bases) = (self.scope.bind_dims(), self.scope.bind_bases(self.conic));
        quote!(#dims #bases)
    }

    fn row(&self, row: &Row) -> TokenStream {
        let first = shifted(&row_local(row.cone), &row.offset);
        match &row.triangle {
            None => first,
            Some((row, col)) => {
                let (private, row, col) = (self.scope.private(), usize_of(row), usize_of(col));
                quote!(#first + #private::triangle(#row, #col))
            }
        }
    }

    pub fn column(&self, entry: &Entry) -> TokenStream {
        column(self.scope, entry)
    }
}

/// The column of an entry of a block.
pub fn column(scope: &Scope<'_>, entry: &Entry) -> TokenStream {
    let private = scope.private();
    let base = column_local(entry.block);
    match &entry.place {
        Place::Column(offset) => shifted(&base, offset),
        Place::Symmetric(before, row, col) => {
            let (first, row, col) = (shifted(&base, before), usize_of(row), usize_of(col));
            quote!(#first + #private::triangle(#row, #col))
        }
    }
}

/// Locals with data and with the derived parameters.
pub fn derive(coefs: Coefs<'_>, derived: &[Coef]) -> TokenStream {
    let derived = derived.iter().enumerate().map(|(number, coef)| {
        let (local, value) = (derived_local(number), coefs.value(coef));
        quote!(let #local: f64 = #value;)
    });
    let open_data = borrow(&coefs.scope.model.data, &quote!(self.data), data_local);
    quote!(#open_data #(#derived)*)
}

/// Locals with the tangents of the derived parameters.
pub fn derive_tangent(coefs: Coefs<'_>, derived: &[Coef]) -> TokenStream {
    let tangents = derived.iter().enumerate().map(|(number, coef)| {
        let (local, value) = (derived_tangent_local(number), coefs.tangent(coef));
        let value = value.unwrap_or(quote!(0.0));
        quote!(let #local: f64 = #value;)
    });
    tangents.collect()
}

/// Locals for the gradients of the derived parameters, and what takes these to the parameters in the end.
pub fn derive_adjoint(coefs: Coefs<'_>, derived: &[Coef]) -> (TokenStream, TokenStream) {
    let seed = local("seed");
    let zero = (0..derived.len()).map(|number| {
        let local = derived_gradient_local(number);
        quote!(let mut #local: f64 = 0.0;)
    });
    // Later ones may be made of earlier ones.
    let adjoint = derived.iter().enumerate().rev().map(|(number, coef)| {
        let local = derived_gradient_local(number);
        let statements = coefs.adjoint(coef, &quote!(#seed));
        quote!({ let #seed: f64 = #local; #statements })
    });
    (zero.collect(), adjoint.collect())
}

/// Locals with the entries of the gradient of each parameter.
pub fn borrow_gradient(scope: &Scope<'_>, gradient: &Ident) -> TokenStream {
    let open = scope.model.params.iter().map(|leaf| {
        let (name, local) = (&leaf.name, gradient_local(&leaf.name.to_string()));
        match leaf.rank {
            _ if leaf.attributes.sparse => quote!(let #local: &mut [f64] = #gradient.#name.data_mut();),
            Rank::Scalar => quote!(let #local: &mut f64 = &mut #gradient.#name;),
            _ => quote!(let #local: &mut [f64] = #gradient.#name.as_mut_slice();),
        }
    });
    open.collect()
}

fn shifted(base: &Ident, offset: &Dim) -> TokenStream {
    if *offset == Dim::zero() {
        return quote!(#base);
    }
    let offset = usize_of(offset);
    quote!(#base + #offset)
}

/// Locals with the entries of each leaf.
pub fn borrow(leaves: &[Leaf], of_struct: &TokenStream, of: fn(&str) -> Ident) -> TokenStream {
    leaves
        .iter()
        .map(|leaf| {
            let (name, local) = (&leaf.name, of(&leaf.name.to_string()));
            match leaf.rank {
                _ if leaf.attributes.sparse => quote!(let #local: &[f64] = #of_struct.#name.data();),
                Rank::Scalar => quote!(let #local: f64 = #of_struct.#name;),
                _ => quote!(let #local: &[f64] = #of_struct.#name.as_slice();),
            }
        })
        .collect()
}

pub fn open_entries(entries: &TokenStream, of: &Ident) -> TokenStream {
    let [p, q, a, b, r] = ["p", "q", "a", "b", "r"].map(local);
    quote!(let #entries { p: #p, q: #q, a: #a, b: #b, r: #r } = #of;)
}

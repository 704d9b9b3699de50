//! `fill`: the numbers of the cone program, those that have changed.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::coef::param_local;
use super::maps::{Printer, borrow, open_entries};
use super::scope::{column_local, local, row_local, usize_of};
use crate::dims::Dim;
use crate::nest::group::{Group, Place as Part};

impl Printer<'_> {
    pub fn fill(&self) -> TokenStream {
        let private = self.scope.private();
        let [params, changed, slots, program, all] = ["params", "changed", "slots", "program", "all"].map(local);
        let bind = self.bind();
        let open_params = borrow(&self.scope.model.params, &quote!(#params), param_local);
        let open_program = open_entries(&quote!(#private::EntriesMut), &program);
        let groups = self.groups.iter().map(|group| self.fill_group(group));
        let derive = self.derive();
        quote! {
            fn fill(
                &self,
                #params: &Self::Params,
                #changed: #private::Option<&[bool]>,
                #slots: &#private::Slots,
                #program: #private::EntriesMut<'_>,
            ) {
                #bind
                #open_params
                #derive
                #open_program
                let #all: bool = #changed.is_none();
                let #changed: &[bool] = #changed.unwrap_or(&[]);
                #(#groups)*
            }
        }
    }

    /// Fills a group again where one of its parameters has changed.
    fn fill_group(&self, group: &Group) -> TokenStream {
        let [changed, all] = ["changed", "all"].map(local);
        if group.params.is_empty() {
            let fills = group.nests.iter().map(|&number| self.fill_nest(number));
            return quote!(if #all { #(#fills)* });
        }
        let params = group.params.iter();
        let moved = quote!(#(|| #changed[#params])*);
        let matrix = matches!(group.place, Part::P(..) | Part::A(..));
        let clears: TokenStream = if matrix {
            let each = group.nests.iter().map(|&number| self.clear_nest(number, group));
            each.collect()
        } else {
            self.clear(group)
        };
        let fills = group.nests.iter().map(|&number| {
            let fill = self.fill_nest(number);
            if !matrix || self.reads[number] == group.params {
                return fill;
            }
            let again = self.again(number);
            quote!(if #all || #again { #fill })
        });
        quote!(if #all #moved { if !#all { #clears } #(#fills)* })
    }

    /// Whether a nest is filled again with others of its group: what it meets was cleared, or it has changed.
    fn again(&self, number: usize) -> TokenStream {
        let (changed, alone) = (local("changed"), self.alone(number));
        let params = self.reads[number].iter();
        quote!(!#alone #(|| #changed[#params])*)
    }

    fn fill_nest(&self, number: usize) -> TokenStream {
        if let Some(run) = &self.runs[number] {
            return self.run_fill(number, run);
        }
        let value = self.coefs.value(&self.nests[number].coef);
        self.each_visit(number, |target, factor| quote!(#target += #factor #value;))
    }

    /// Sets to zero what a nest of a matrix adds to; a run that meets no other overwrites it.
    fn clear_nest(&self, number: usize, group: &Group) -> TokenStream {
        let clear = self.clear_visits(number);
        if self.runs[number].is_some() {
            let alone = self.alone(number);
            quote!(if !#alone { #clear })
        } else if self.reads[number] == group.params {
            clear
        } else {
            let again = self.again(number);
            quote!(if #again { #clear })
        }
    }

    fn clear_visits(&self, number: usize) -> TokenStream {
        let (private, entries, slots) = (self.scope.private(), self.matrix(number), self.slots(number));
        let (first, visits) = (usize_of(&self.visits[number]), usize_of(&self.nests[number].visits()));
        quote!(#private::clear(#entries, #slots, #first, #visits);)
    }

    /// Sets to zero the vector that the nests of a group add to.
    fn clear(&self, group: &Group) -> TokenStream {
        let [q, b, r] = ["q", "b", "r"].map(local);
        let range = |base: Ident, size: &Dim| {
            let size = usize_of(size);
            quote!(#base..#base + #size)
        };
        match group.place {
            Part::P(..) | Part::A(..) => unreachable!("matrices are cleared by their nests"),
            Part::R => quote!(*#r = 0.0;),
            Part::Q(block) => {
                let columns = range(column_local(block), &self.conic.graph.blocks[block].size());
                quote!(#q[#columns].fill(0.0);)
            }
            Part::B(cone) => {
                let rows = range(row_local(cone), &self.conic.graph.cones[cone].rows());
                quote!(#b[#rows].fill(0.0);)
            }
        }
    }
}

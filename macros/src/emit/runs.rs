//! Runs of a nest: its innermost loop in one call, for a fill, its tangent and its adjoint.

use proc_macro2::TokenStream;
use quote::quote;

use super::coef::{data_local, direction_local, gradient_local, param_local};
use super::maps::Printer;
use super::scope::{local, usize_of};
use crate::nest::Target;
use crate::nest::coef::Coef;
use crate::nest::run::{Run, Steps};

impl Printer<'_> {
    /// Adds to the entries of the matrix, or overwrites them where no other visit meets these.
    pub fn run_fill(&self, number: usize, run: &Run) -> TokenStream {
        let (private, entries, alone) = (self.scope.private(), self.matrix(number), self.alone(number));
        let scale = self.coefs.value(&self.scale(number, run));
        self.each_run(number, run, |visits| match &run.values {
            Some(steps) => {
                let steps = self.steps(steps, Array::Values);
                quote!(#private::Run::fill(&#visits, #entries, #steps, #scale, #alone);)
            }
            None => quote!(#private::Run::fill_same(&#visits, #entries, #scale, #alone);),
        })
    }

    /// None where it is zero.
    pub fn run_tangent(&self, number: usize, run: &Run) -> Option<TokenStream> {
        let (private, entries) = (self.scope.private(), self.matrix(number));
        let scale = self.scale(number, run);
        let tangent = self.coefs.tangent(&scale);
        let Some(steps) = &run.values else {
            let tangent = tangent?;
            return Some(self.each_run(
                number,
                run,
                |visits| quote!(#private::Run::add_same(&#visits, #entries, #tangent);),
            ));
        };
        let through_values = (!steps.first.data).then(|| {
            let (direction, scale) = (self.steps(steps, Array::Direction), self.coefs.value(&scale));
            quote!(#direction, #scale)
        });
        let through_scale = tangent.map(|tangent| {
            let values = self.steps(steps, Array::Values);
            quote!(#values, #tangent)
        });
        let parts: Vec<_> = through_values.into_iter().chain(through_scale).collect();
        let add = |visits| {
            let run = local("run");
            quote! {
                let #run = #visits;
                #(#private::Run::add(&#run, #entries, #parts);)*
            }
        };
        (!parts.is_empty()).then(|| self.each_run(number, run, add))
    }

    pub fn run_adjoint(&self, number: usize, run: &Run) -> TokenStream {
        let (private, entries, seed, visits_local) =
            (self.scope.private(), self.matrix(number), local("seed"), local("run"));
        let scale = self.scale(number, run);
        let to_scale = |seeds: TokenStream| {
            let statements = self.coefs.adjoint(&scale, &quote!(#seed));
            scale
                .has_params()
                .then(|| quote!({ let #seed: f64 = #seeds; #statements }))
        };
        let body = match &run.values {
            None => to_scale(quote!(#private::Run::sum(&#visits_local, #entries))),
            Some(steps) => {
                let values = self.steps(steps, Array::Values);
                let through_scale = to_scale(quote!(#private::Run::dot(&#visits_local, #entries, #values)));
                let through_values = (!steps.first.data).then(|| {
                    let (gradient, factor) = (gradient_local(&steps.first.name), self.coefs.value(&scale));
                    let (first, step) = (usize_of(&steps.first.place()), usize_of(&steps.step));
                    quote!(#private::Run::pull(&#visits_local, #entries, #gradient, [#first, #step], #factor);)
                });
                Some(quote!(#through_scale #through_values))
            }
        };
        self.each_run(number, run, |visits| quote!(let #visits_local = #visits; #body))
    }

    /// The outer loops around a body, which is given the visits of a run.
    fn each_run(&self, number: usize, run: &Run, body: impl Fn(TokenStream) -> TokenStream) -> TokenStream {
        let (private, slots, at) = (self.scope.private(), self.slots(number), local("at"));
        let count = usize_of(&run.range.extent);
        let visits = match &run.meeting {
            None => quote!(#private::Run::new(#slots, #at, #count)),
            Some((moves, stays)) => {
                let (moves, stays) = (self.column(moves), self.column(stays));
                quote!(#private::Run::meeting(#slots, #at, #count, #moves, #stays))
            }
        };
        self.counted(number, self.nests[number].outer_loops(), body(visits), &count)
    }

    /// With the two of the diagonal of `P`.
    fn scale(&self, number: usize, run: &Run) -> Coef {
        match &self.nests[number].target {
            Target::P(one, other) if one == other => Coef::Number(2.0).times(run.scale.clone()),
            _ => run.scale.clone(),
        }
    }

    fn steps(&self, steps: &Steps, of: Array) -> TokenStream {
        let (private, name) = (self.scope.private(), &steps.first.name);
        let array = match of {
            _ if steps.first.data => data_local(name),
            Array::Values => param_local(name),
            Array::Direction => direction_local(name),
        };
        let (first, step) = (usize_of(&steps.first.place()), usize_of(&steps.step));
        quote!(#private::Steps { values: #array, first: #first, step: #step })
    }
}

#[derive(Clone, Copy)]
enum Array {
    Values,
    Direction,
}

//! What each name stands for, and which names were used.

use std::collections::HashSet;
use std::rc::Rc;

use proc_macro2::Ident;

use super::declare::Role;
use crate::atoms;
use crate::dims::{Dim, Loop, Symbol};
use crate::expr::ExprRef;
use crate::extent::Extent;
use crate::model::{Declaration, Requirement};
use crate::report::Report;
use crate::spelling::nearest;
use crate::syntax::ast::{Function, MOST_DEPTH, too_deep};

/// The functions that are not atoms: they expand into operators and atoms.
pub const FUNCTIONS: [&str; 31] = [
    "sum",
    "mean",
    "multiply",
    "dot",
    "outer",
    "kron",
    "conv",
    "vstack",
    "hstack",
    "block",
    "diag",
    "trace",
    "diff",
    "cumsum",
    "upper_tri",
    "vec",
    "reshape",
    "eye",
    "ones",
    "zeros",
    "norm",
    "mixed_norm",
    "tv",
    "power",
    "pnorm",
    "vec_to_upper_tri",
    "psd_wrap",
    "nsd_wrap",
    "symmetric_wrap",
    "nonneg_wrap",
    "nonpos_wrap",
];

/// The call of a user's function, being expanded.
struct Expansion {
    function: Rc<Function>,
    arguments: Vec<(Ident, Entity)>,
}

#[derive(Clone)]
pub enum Entity {
    /// A run-time dimension, or a `const`. None where its value did not resolve.
    Dimension(Option<Dim>),
    /// A parameter or variable, as an expression without a place. None where its declaration has a mistake.
    Leaf(Role, Option<ExprRef>),
    /// None where its value did not resolve.
    Let(Option<ExprRef>),
}

impl Entity {
    pub fn dimension(name: &Ident) -> Entity {
        Entity::Dimension(Some(Dim::symbol(Symbol::Dim(name.to_string()))))
    }

    fn kind(&self) -> &'static str {
        match self {
            Entity::Dimension(_) => "dimension",
            Entity::Leaf(Role::Var, _) => "variable",
            Entity::Leaf(Role::Param, _) => "parameter",
            Entity::Leaf(Role::Data, _) => "data",
            Entity::Let(_) => "binding",
        }
    }
}

pub struct Names<'a> {
    pub report: &'a Report,
    /// In the order of declaration.
    entities: Vec<(Ident, Entity)>,
    used: HashSet<String>,
    /// All that was ever declared, in this order.
    pub declarations: Vec<Declaration>,
    pub requirements: Vec<Requirement>,
    /// The loops around the expression at hand, the outermost first.
    pub around: Vec<Loop>,
    loops: usize,
    /// The names that were not found, each reported once: what is unused may be what was meant.
    missed: HashSet<String>,
    functions: Vec<Rc<Function>>,
    /// The functions being expanded, with their arguments: only those of the last are in scope.
    calls: Vec<Expansion>,
    /// The labels of constraints, which have a struct of their own.
    labels: HashSet<String>,
}

impl<'a> Names<'a> {
    pub fn new(report: &'a Report) -> Names<'a> {
        Names {
            report,
            entities: Vec::new(),
            used: HashSet::new(),
            declarations: Vec::new(),
            requirements: Vec::new(),
            around: Vec::new(),
            loops: 0,
            missed: HashSet::new(),
            functions: Vec::new(),
            calls: Vec::new(),
            labels: HashSet::new(),
        }
    }

    pub fn declare(&mut self, name: &Ident, entity: Entity) {
        let text = name.to_string();
        if let Some(earlier) = self.get(&text) {
            self.report.error_with_help(
                name,
                format_args!("`{text}` is already the name of a {}", earlier.kind()),
                format_args!("give one of the two another name, as in `{text}2`"),
            );
            return;
        }
        self.declarations.push(Declaration {
            name: name.clone(),
            uses: Vec::new(),
        });
        self.entities.push((name.clone(), entity));
    }

    pub fn declare_function(&mut self, function: &Rc<Function>) {
        let name = &function.name;
        let text = name.to_string();
        if is_function(&text) || self.function(&text).is_some() {
            self.report.error_with_help(
                name,
                format_args!("`{text}` is already the name of a function"),
                format_args!("give it another name, as in `{text}_`"),
            );
            return;
        }
        self.functions.push(Rc::clone(function));
    }

    pub fn function(&self, name: &str) -> Option<Rc<Function>> {
        let found = self.functions.iter().find(|function| function.name == name);
        found.cloned()
    }

    /// The names of the user's functions.
    pub fn function_names(&self) -> Vec<String> {
        self.functions
            .iter()
            .map(|function| function.name.to_string())
            .collect()
    }

    /// Brings the arguments of a function into scope. False where it would call itself or is too deep a call, which is
    /// reported.
    pub fn enter_function(&mut self, function: &Rc<Function>, arguments: Vec<(Ident, Entity)>, at: Extent) -> bool {
        let name = &function.name;
        if self.calls.iter().any(|call| call.function.name == *name) {
            self.report.error(
                at,
                format_args!("`{name}` calls itself: a function is expanded where it is called, so it cannot"),
            );
            return false;
        }
        self.calls.push(Expansion {
            function: Rc::clone(function),
            arguments,
        });
        let depth: usize = self.calls.iter().map(|call| call.function.body.depth).sum();
        if depth > MOST_DEPTH {
            self.calls.pop();
            self.report.push(too_deep(at));
            return false;
        }
        true
    }

    pub fn leave_function(&mut self) {
        self.calls.pop();
    }

    /// The end of a loop whose index this is.
    pub fn forget(&mut self, name: &Ident) {
        if let Some(place) = self.entities.iter().rposition(|(declared, _)| declared == name) {
            self.entities.remove(place);
        }
    }

    pub fn next_loop(&mut self) -> usize {
        self.loops += 1;
        self.loops
    }

    /// Requires `room` to be positive in every turn of the loops around: None where it never is, which is reported
    /// together with `fact`.
    pub fn require(&mut self, expression: &str, room: Dim, at: Extent, fact: &str) -> Option<()> {
        let least = self
            .around
            .iter()
            .rev()
            .try_fold(room, |room, range| room.least_over(range));
        let Some(least) = least else {
            self.report.error(
                at,
                format_args!("the indices of `{expression}` are too involved to check their bounds"),
            );
            return None;
        };
        match least.is_positive() {
            Some(true) => {}
            Some(false) => {
                self.report
                    .error(at, format_args!("`{expression}` is out of bounds or empty: {fact}"));
                return None;
            }
            None => self.requirements.push(Requirement {
                expression: expression.to_owned(),
                room: least,
            }),
        }
        Some(())
    }

    fn get(&self, name: &str) -> Option<&Entity> {
        let arguments = self.calls.last().map(|call| call.arguments.iter());
        let argument = arguments.and_then(|mut arguments| arguments.find(|(declared, _)| declared == name));
        if let Some((_, argument)) = argument {
            return Some(argument);
        }
        let found = self.entities.iter().find(|(declared, _)| declared == name);
        found.map(|(_, entity)| entity)
    }

    /// Whether the label is new; one that is not is reported.
    pub fn label(&mut self, name: &Ident) -> bool {
        let new = self.labels.insert(name.to_string());
        if !new {
            self.report.error_with_help(
                name,
                format_args!("`{name}` is already the label of a constraint"),
                "a label names one dual variable: give this one another",
            );
        }
        new
    }

    /// The meaning of a name, which counts as used from now on; an unknown one is reported.
    pub fn lookup(&mut self, name: &Ident) -> Option<Entity> {
        let entity = self.lookup_silently(name);
        if entity.is_none() && self.missed.insert(name.to_string()) {
            self.report_unknown(name);
        }
        entity
    }

    /// The meaning of a name in a shape.
    pub fn lookup_dimension(&mut self, name: &Ident) -> Option<Entity> {
        let entity = self.lookup_silently(name);
        if entity.is_none() && self.missed.insert(name.to_string()) {
            let dimensions = self
                .entities
                .iter()
                .filter(|(_, entity)| matches!(entity, Entity::Dimension(_)));
            let names: Vec<_> = dimensions.map(|(name, _)| name.to_string()).collect();
            let help = match nearest(&name.to_string(), names.iter().map(String::as_str)) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => {
                    format!("declare it behind the name of the problem, `(…, {name})`, or `const {name}: usize = …;`")
                }
            };
            self.report
                .error_with_help(name, format_args!("there is no dimension `{name}`"), help);
        }
        entity
    }

    fn lookup_silently(&mut self, name: &Ident) -> Option<Entity> {
        let text = name.to_string();
        let entity = self.get(&text)?.clone();
        // The body of a function is expanded at each call.
        if self.calls.is_empty() {
            let latest = self.declarations.iter_mut().rfind(|declared| declared.name == *name);
            latest.into_iter().for_each(|declared| declared.uses.push(name.clone()));
        }
        self.used.insert(text);
        Some(entity)
    }

    /// Counts a name as used whose use was reported.
    pub fn used(&mut self, name: &Ident) {
        self.used.insert(name.to_string());
    }

    pub fn is_dimension(&self, name: &Ident) -> bool {
        matches!(self.get(&name.to_string()), Some(Entity::Dimension(_)))
    }

    pub fn contains(&self, name: &Ident) -> bool {
        self.get(&name.to_string()).is_some()
    }

    fn report_unknown(&self, name: &Ident) {
        let text = name.to_string();
        if self.labels.contains(&text) {
            self.report.error_with_help(
                name,
                format_args!("`{text}` is the label of a constraint, not a value"),
                "name a value by a `let`; the dual variable of the constraint is in the solution",
            );
            return;
        }
        if let Some(function) = self.functions.iter().find(|function| function.name == *name) {
            let params: Vec<_> = function.params.iter().map(Ident::to_string).collect();
            self.report.error_with_help(
                name,
                format_args!("`{text}` is a function, and needs arguments"),
                format_args!("call it: `{text}({})`", params.join(", ")),
            );
            return;
        }
        if is_function(&text) {
            let usage = atoms::find(&text).map_or_else(|| format!("{text}(x)"), |atom| atom.usage.into());
            self.report.error_with_help(
                name,
                format_args!("`{text}` is a function, and needs arguments"),
                format_args!("call it: `{usage}`"),
            );
            return;
        }
        if ["inf", "infinity"].contains(&text.to_lowercase().as_str()) {
            self.report.error_with_help(
                name,
                "there are no infinite numbers",
                "leave the bound out; a parameter of `1e20` or more is none either",
            );
            return;
        }
        let names: Vec<_> = self.entities.iter().map(|(name, _)| name.to_string()).collect();
        let help = match nearest(&text, names.iter().map(String::as_str)) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("declare it: `param {text};`, `var {text};` or `let {text} = …;`"),
        };
        self.report
            .error_with_help(name, format_args!("nothing called `{text}` is declared"), help);
    }

    /// A dimension, parameter, variable or `let` that nothing reads: the problem is hardly the one that was meant.
    pub fn report_unused(&self) {
        if !self.missed.is_empty() {
            return;
        }
        for (name, entity) in &self.entities {
            let text = name.to_string();
            if self.used.contains(&text) || text.starts_with('_') {
                continue;
            }
            self.report.warn(
                name,
                format_args!(
                    "the {} `{text}` is never used: remove it, or call it `_{text}` to keep it",
                    entity.kind()
                ),
            );
        }
    }
}

pub fn is_function(name: &str) -> bool {
    FUNCTIONS.contains(&name) || atoms::find(name).is_some()
}

//! What each name stands for, and which names were used.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::Ident;

use crate::atoms;
use crate::dims::{Dim, Symbol};
use crate::expr::ExprRef;
use crate::report::Report;

/// The functions that are not atoms: they are affine, and expand into operators.
pub const FUNCTIONS: [&str; 3] = ["sum", "multiply", "dot"];

#[derive(Clone)]
pub enum Entity {
    /// A run-time dimension, or a `const`. None where its value did not resolve.
    Dimension(Option<Dim>),
    /// A parameter or variable, as an expression without a place.
    Leaf(Option<ExprRef>),
    Let(Option<ExprRef>),
}

impl Entity {
    pub fn dimension(name: &Ident) -> Entity {
        Entity::Dimension(Some(Dim::symbol(Symbol::Dim(name.to_string()))))
    }

    fn kind(&self) -> &'static str {
        match self {
            Entity::Dimension(_) => "dimension",
            Entity::Leaf(Some(e)) if e.variables => "variable",
            Entity::Leaf(_) => "parameter",
            Entity::Let(_) => "`let`",
        }
    }
}

pub struct Names<'a> {
    pub report: &'a Report,
    entities: BTreeMap<String, (Ident, Entity)>,
    used: BTreeSet<String>,
    /// The labels of constraints, which have a struct of their own.
    labels: BTreeSet<String>,
}

impl<'a> Names<'a> {
    pub fn new(report: &'a Report) -> Names<'a> {
        Names {
            report,
            entities: BTreeMap::new(),
            used: BTreeSet::new(),
            labels: BTreeSet::new(),
        }
    }

    pub fn declare(&mut self, name: &Ident, entity: Entity) {
        let text = name.to_string();
        if let Some((_, earlier)) = self.entities.get(&text) {
            self.report.error_with_help(
                name,
                format_args!("`{text}` is already the name of a {}", earlier.kind().trim_matches('`')),
                format_args!("give one of the two another name, `{text}2`"),
            );
            return;
        }
        if is_function(&text) {
            self.report.error_with_help(
                name,
                format_args!("`{text}` is the name of a function"),
                format_args!("give it another name, `{text}_`"),
            );
        }
        self.entities.insert(text, (name.clone(), entity));
    }

    pub fn label(&mut self, name: &Ident) {
        if !self.labels.insert(name.to_string()) {
            self.report.error_with_help(
                name,
                format_args!("`{name}` is already the label of a constraint"),
                "a label names one dual variable: give this one another",
            );
        }
    }

    /// The meaning of a name, which counts as used from now on; an unknown one is reported.
    pub fn lookup(&mut self, name: &Ident) -> Option<Entity> {
        let text = name.to_string();
        match self.entities.get(&text) {
            Some((_, entity)) => {
                self.used.insert(text);
                Some(entity.clone())
            }
            None => {
                self.report_unknown(name);
                None
            }
        }
    }

    pub fn contains(&self, name: &Ident) -> bool {
        self.entities.contains_key(&name.to_string())
    }

    fn report_unknown(&self, name: &Ident) {
        let text = name.to_string();
        if self.labels.contains(&text) {
            self.report
                .error(name, format_args!("`{text}` is the label of a constraint, not a value"));
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
        let nearest = nearest(&text, self.entities.keys().map(String::as_str));
        let message = format!("nothing called `{text}` is declared");
        match nearest {
            Some(nearest) => self
                .report
                .error_with_help(name, message, format_args!("did you mean `{nearest}`?")),
            None => self.report.error_with_help(
                name,
                message,
                format_args!("declare it: `param {text};`, `var {text};` or `let {text} = …;`"),
            ),
        }
    }

    /// A dimension, parameter, variable or `let` that nothing reads is a mistake: the problem is not the one meant.
    pub fn report_unused(&self) {
        for (text, (name, entity)) in &self.entities {
            if self.used.contains(text) || text.starts_with('_') {
                continue;
            }
            self.report.error_with_help(
                name,
                format_args!(
                    "the {} `{text}` is declared but never used",
                    entity.kind().trim_matches('`')
                ),
                format_args!("remove it, or call it `_{text}` to keep it"),
            );
        }
    }
}

pub fn is_function(name: &str) -> bool {
    FUNCTIONS.contains(&name) || atoms::find(name).is_some()
}

/// The candidate that a misspelled name most likely means.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let score = |candidate: &str| strsim::normalized_damerau_levenshtein(name, candidate);
    candidates
        .map(|candidate| (score(candidate), candidate))
        .filter(|(score, _)| *score >= 0.5)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

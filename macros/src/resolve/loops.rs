//! Loops: their indices are dimensions while they last.

use super::declare::dimension;
use super::names::{Entity, Names};
use crate::dims::{Dim, Loop, Symbol};
use crate::syntax::ast::LoopHead;

/// A loop that was entered, and is to be left.
pub struct Entered {
    /// None where something was reported.
    pub range: Option<Loop>,
    /// Whether the name of the index was free.
    declared: bool,
}

/// The most loops inside each other.
const MOST_LOOPS: usize = 8;

/// Declares the index.
pub fn enter(head: &LoopHead, names: &mut Names<'_>) -> Entered {
    let mut found = range(head, names);
    if found.is_some() && names.around.len() == MOST_LOOPS {
        names.report.error_with_help(
            head.first.extent.to(head.last.extent),
            format_args!("expected no more than {MOST_LOOPS} loops inside each other"),
            "let one loop run over the product of two ranges, or write what is inside with vectors",
        );
        found = None;
    }
    let index = found.as_ref().map(|(first, range)| first + &range.index());
    let declared = !names.contains(&head.index);
    names.declare(&head.index, Entity::Dimension(index));
    let range = found.map(|(_, range)| range).filter(|_| declared);
    names.around.extend(range.clone());
    Entered { range, declared }
}

/// Forgets the index.
pub fn leave(head: &LoopHead, entered: &Entered, names: &mut Names<'_>) {
    if entered.declared {
        names.forget(&head.index);
    }
    if entered.range.is_some() {
        names.around.pop();
    }
}

fn range(head: &LoopHead, names: &mut Names<'_>) -> Option<(Dim, Loop)> {
    let (first, last) = (dimension(&head.first, names), dimension(&head.last, names));
    let (first, last) = (first?, last?);
    let extent = &last - &first;
    let at = head.first.extent.to(head.last.extent);
    let expression = head.to_string();
    let fact = "a range runs upwards from zero or more";
    let around = extent.symbols().find(|symbol| matches!(symbol, Symbol::Loop(..)));
    let shorter = around.map_or_else(String::new, |index| {
        format!("\nhelp: end the loop over `{index}` earlier: a range may be empty, but not run backwards")
    });
    names.require(&expression, &first + &Dim::one(), at, fact)?;
    names.require(&expression, &extent + &Dim::one(), at, &format!("{fact}{shorter}"))?;
    let symbol = Symbol::Loop(names.next_loop(), head.index.to_string());
    // What rises and falls was too involved to be checked.
    let range = Loop::inside(&names.around, symbol, extent)?;
    Some((first, range))
}

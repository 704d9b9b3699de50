//! What the documentation of a generated type says about its family.

use std::fmt::Write;

use crate::conic::Conic;
use crate::dims::{Dim, Loop};
use crate::model::{Claim, Constraint, Leaf, Model};
use crate::nest::group::Place;
use crate::nest::{Map, Target};

/// One paragraph: what is given, what is solved for, and the size of the cone program.
pub fn summary(model: &Model, conic: &Conic) -> String {
    let list = |leaves: &[Leaf]| {
        let leaves = leaves.iter().map(|leaf| format!("`{}`", leaf.name));
        leaves.collect::<Vec<_>>().join(", ")
    };
    let mut parts = Vec::new();
    if !model.dims.is_empty() {
        let dims: Vec<_> = model.dims.iter().map(|dim| format!("`{dim}`")).collect();
        parts.push(format!("dimensions {}", dims.join(", ")));
    }
    for (what, leaves) in [
        ("parameters", &model.params),
        ("data", &model.data),
        ("variables", &model.vars),
    ] {
        if !leaves.is_empty() {
            parts.push(format!("{what} {}", list(leaves)));
        }
    }
    format!(
        "{}. As a cone program it has {} variables and {} rows.",
        capitalized(&parts.join("; ")),
        code(&columns(conic)),
        code(&rows(conic))
    )
}

/// The whole family: as it was typed, its conic form, and which parameter reaches what.
pub fn explanation(model: &Model, conic: &Conic, map: &Map) -> String {
    let heading = match model.geometric {
        Some(_) => "# The problem, in logarithms",
        None => "# The problem",
    };
    let mut text = format!("{heading}\n\n```text\n");
    if let Some(objective) = &model.objective {
        let _ = writeln!(text, "{} {}", objective.sense, objective.value);
    }
    if !model.constraints.is_empty() {
        let _ = writeln!(text, "subject to");
        for constraint in &model.constraints {
            let _ = writeln!(text, "    {}", written(constraint, model));
        }
    }
    let _ = writeln!(text, "```\n\n# Its conic form\n\n```text\n{conic}```\n");
    let _ = writeln!(
        text,
        "With all auxiliary variables there are {} columns, {} rows, and at most {} nonzeros of `A` and {} of `P`.\n",
        code(&columns(conic)),
        code(&rows(conic)),
        code(&visits(map, |target| matches!(target, Target::A(..)))),
        code(&visits(map, |target| matches!(target, Target::P(..)))),
    );
    if !model.params.is_empty() {
        let _ = writeln!(
            text,
            "# What parameters reach\n\n| parameter | P | q | A | b |\n| --- | --- | --- | --- | --- |"
        );
        let groups = map.groups();
        for (number, param) in model.params.iter().enumerate() {
            let reaches = |part: fn(Place) -> bool| {
                let reached = groups
                    .iter()
                    .any(|group| part(group.place) && group.params.contains(&number));
                if reached { "yes" } else { "" }
            };
            let _ = writeln!(
                text,
                "| `{}: {}` | {} | {} | {} | {} |",
                param.name,
                param.shape,
                reaches(|part| matches!(part, Place::P(..))),
                reaches(|part| matches!(part, Place::Q(_))),
                reaches(|part| matches!(part, Place::A(..))),
                reaches(|part| matches!(part, Place::B(_))),
            );
        }
    }
    text
}

fn written(constraint: &Constraint, model: &Model) -> String {
    let label = constraint
        .dual
        .map_or_else(String::new, |place| format!("{}: ", model.duals[place.dual].name));
    let claim = match &constraint.claim {
        Claim::Relation(relation, left, right) => format!("{left} {relation} {right}"),
        Claim::Cone(_, parts) => {
            let parts: Vec<_> = parts.iter().map(ToString::to_string).collect();
            format!("({}) in its cone", parts.join(", "))
        }
    };
    let loops: Vec<_> = constraint.loops.iter().map(Loop::to_string).collect();
    match loops.as_slice() {
        [] => format!("{label}{claim}"),
        loops => format!("{label}{claim}    for {}", loops.join(", ")),
    }
}

fn columns(conic: &Conic) -> Dim {
    let sizes = conic.graph.blocks.iter().map(|block| block.size());
    sizes.fold(Dim::zero(), |sum, size| &sum + &size)
}

fn rows(conic: &Conic) -> Dim {
    let rows = conic.graph.cones.iter().map(|cone| cone.rows());
    rows.fold(Dim::zero(), |sum, rows| &sum + &rows)
}

fn visits(map: &Map, of: fn(&Target) -> bool) -> Dim {
    let visits = map
        .nests
        .iter()
        .filter(|nest| of(&nest.target))
        .map(|nest| nest.visits());
    visits.fold(Dim::zero(), |sum, visits| &sum + &visits)
}

fn code(dim: &Dim) -> String {
    format!("`{dim}`")
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

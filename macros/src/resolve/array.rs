//! Arrays of numbers and of blocks.

use proc_macro2::Ident;

use super::expr::resolve;
use super::names::Names;
use super::shapes::{Axis, Call};
use crate::dims::{Dim, Shape};
use crate::expr::{Expr, ExprRef, Kind, origin};
use crate::extent::Extent;
use crate::syntax::ast::{self, Node};

/// `block([[a, b], [c, d]])`, by rows
pub fn block(name: &Ident, args: &[ast::Expr], extent: Extent, names: &mut Names<'_>) -> Option<ExprRef> {
    let rows = match args {
        [only] => match &only.node {
            Node::Array(rows) if rows.iter().all(|row| matches!(row.node, Node::Array(_))) => Some(rows),
            _ => None,
        },
        _ => None,
    };
    let Some(rows) = rows else {
        names
            .report
            .error(extent, "`block` takes rows of blocks, as in `block([[a, b], [c, d]])`");
        return None;
    };
    grid(name, rows, extent, names)
}

/// Rows of blocks, beside and below each other.
fn grid(name: &Ident, rows: &[ast::Expr], extent: Extent, names: &mut Names<'_>) -> Option<ExprRef> {
    let mut resolved = Vec::new();
    for row in rows {
        let blocks = elements(row)
            .iter()
            .map(|block| resolve(block, names))
            .collect::<Vec<_>>();
        let blocks = blocks.into_iter().collect::<Option<Vec<_>>>()?;
        resolved.push(beside(name, blocks, row.extent, names)?);
    }
    stack(name, resolved, Axis::Rows, extent, names)
}

fn beside(name: &Ident, mut blocks: Vec<ExprRef>, extent: Extent, names: &Names<'_>) -> Option<ExprRef> {
    match blocks.len() {
        1 => blocks.pop(),
        _ => stack(name, blocks, Axis::Cols, extent, names),
    }
}

fn stack(name: &Ident, parts: Vec<ExprRef>, along: Axis, extent: Extent, names: &Names<'_>) -> Option<ExprRef> {
    let texts: Vec<_> = parts.iter().map(ToString::to_string).collect();
    let call = Call {
        name,
        extent,
        text: format!("[{}]", texts.join(", ")),
    };
    call.stack(parts, along, names)
}

/// What stands in a row, which is a row of one where it is no array.
fn elements(row: &ast::Expr) -> &[ast::Expr] {
    match &row.node {
        Node::Array(elements) => elements,
        _ => std::slice::from_ref(row),
    }
}

/// `[1, 2]`, a column, or `[[1, 2], [3, 4]]`, by rows: of scalars.
pub fn array(array: &[ast::Expr], extent: Extent, names: &mut Names<'_>) -> Option<ExprRef> {
    let rows: Vec<&[ast::Expr]> = array.iter().map(elements).collect();
    let width = rows.first().map_or(0, |row| row.len());
    if width == 0 || rows.iter().any(|row| row.len() != width) {
        names.report.error_with_help(
            extent,
            "expected rows of as many entries",
            "a column is `[1, 2]`, a matrix by rows `[[1, 2], [3, 4]]`",
        );
        return None;
    }
    let resolved: Vec<Option<ExprRef>> = rows
        .iter()
        .flat_map(|row| row.iter())
        .map(|entry| resolve(entry, names))
        .collect();
    let entries = resolved.into_iter().collect::<Option<Vec<_>>>()?;
    let texts: Vec<_> = entries
        .chunks(width)
        .map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        .collect();
    if let Some(matrix) = entries.iter().find(|entry| !entry.shape.is_scalar()) {
        names.report.error_with_help(
            matrix.extent,
            format_args!(
                "expected a scalar in an array, found `{matrix}`, which is {}{}",
                matrix.shape,
                origin(&[matrix])
            ),
            together(&entries, width, &texts),
        );
        return None;
    }
    let text = match width {
        1 => format!("[{}]", texts.join(", ")),
        _ => format!("[[{}]]", texts.join("], [")),
    };
    let numbers: Option<Vec<f64>> = entries.iter().map(number).collect();
    if let Some(numbers) = numbers {
        let shape = Shape::new(Dim::literal(rows.len()), Dim::literal(width));
        let by_columns = (0..width).flat_map(|col| numbers.iter().skip(col).step_by(width).copied());
        return Some(Expr::literal(by_columns.collect(), shape, text, extent));
    }
    let name = Ident::new("array", extent.start);
    // Their entries stay as they are: what is resolved twice at each depth takes forever.
    let mut stacked = Vec::new();
    for (entries, row) in entries.chunks(width).zip(array) {
        stacked.push(beside(&name, entries.to_vec(), row.extent, names)?);
    }
    stack(&name, stacked, Axis::Rows, extent, names)
}

/// How to put together what is not all scalars, by the texts of its rows.
fn together(entries: &[ExprRef], width: usize, texts: &[String]) -> String {
    let first = &entries[0].shape;
    let below = entries.iter().all(|entry| entry.shape.cols == first.cols);
    let beside = entries.iter().all(|entry| entry.shape.rows == first.rows);
    let parts = texts.join(", ");
    match (width, below, beside) {
        (1, true, true) => format!("what stands below each other is `vstack({parts})`, side by side `hstack({parts})`"),
        (1, true, false) => format!("write `vstack({parts})`"),
        (1, false, true) => format!("write `hstack({parts})`"),
        (1, false, false) => "blocks are put together by `block([[a, b], [c, d]])`".into(),
        _ => format!("blocks are put together by `block([[{}]])`", texts.join("], [")),
    }
}

fn number(e: &ExprRef) -> Option<f64> {
    match &e.kind {
        Kind::Number(value) => Some(*value),
        Kind::Negate(arg) => number(arg).map(|value| -value),
        _ => None,
    }
}

//! Indices and ranges: within bounds by the polynomials where these can tell, otherwise by a requirement on the
//! run-time dimensions.

use super::declare::dimension;
use super::names::Names;
use crate::dims::{Dim, Shape, Symbol};
use crate::expr::{Expr, ExprRef, Window, origin};
use crate::extent::Extent;
use crate::syntax::ast::{self, Index, Node};

/// None where something was reported.
pub fn resolve(arg: ExprRef, indices: &[Index], extent: Extent, names: &mut Names<'_>) -> Option<ExprRef> {
    let text: Vec<_> = indices.iter().map(Index::to_string).collect();
    let text = text.join(", ");
    let whole = Range {
        first: Dim::zero(),
        count: Dim::one(),
    };
    if arg.shape.is_scalar() {
        names.report.error_with_help(
            extent,
            format_args!("`{arg}` is a scalar, and has no entries{}", origin(&[&arg])),
            format_args!("write `{arg}`"),
        );
        return None;
    }
    let (rows, cols) = match indices {
        [row, col] => {
            let rows = range(row, &arg.shape.rows, names);
            let cols = range(col, &arg.shape.cols, names);
            (rows?, cols?)
        }
        [place] if arg.shape.cols.is_one() => (range(place, &arg.shape.rows, names)?, whole),
        [place] if arg.shape.rows.is_one() => (whole, range(place, &arg.shape.cols, names)?),
        _ => {
            names.report.error_with_help(
                extent,
                format_args!(
                    "expected two indices, found one: `{arg}` is {}{}",
                    arg.shape,
                    origin(&[&arg])
                ),
                format_args!("a row is `{arg}[{text}, ..]`, a column `{arg}[.., {text}]`"),
            );
            return None;
        }
    };
    let (expression, fact) = (
        format!("{arg}[{text}]"),
        format!("`{arg}` is {}, and indices begin at 0{}", arg.shape, origin(&[&arg])),
    );
    for (range, extent_of_axis) in [(&rows, &arg.shape.rows), (&cols, &arg.shape.cols)] {
        let rooms = [
            &range.first + &Dim::one(),
            range.count.clone(),
            &(extent_of_axis - &(&range.first + &range.count)) + &Dim::one(),
        ];
        for room in rooms {
            names.require(&expression, room, extent, &fact)?;
        }
        if range.count.symbols().any(|symbol| matches!(symbol, Symbol::Loop(..))) {
            names.report.error(
                extent,
                format_args!(
                    "the size of `{expression}` changes from turn to turn: it is {}",
                    range.count
                ),
            );
            return None;
        }
    }
    let window = Window {
        row: rows.first,
        col: cols.first,
        text,
    };
    Some(Expr::slice(arg, window, Shape::new(rows.count, cols.count), extent))
}

struct Range {
    first: Dim,
    count: Dim,
}

fn range(index: &Index, extent: &Dim, names: &mut Names<'_>) -> Option<Range> {
    match index {
        Index::At(place) => Some(Range {
            first: from_the_front(place, extent, names)?,
            count: Dim::one(),
        }),
        Index::Range(first, last) => {
            let first = first
                .as_ref()
                .map_or(Some(Dim::zero()), |first| from_the_front(first, extent, names));
            let last = last
                .as_ref()
                .map_or(Some(extent.clone()), |last| from_the_front(last, extent, names));
            let (first, last) = (first?, last?);
            Some(Range {
                count: &last - &first,
                first,
            })
        }
    }
}

/// A place, which is not counted from the end, as in `x[-1]` and `x[end]`.
fn from_the_front(place: &ast::Expr, extent: &Dim, names: &mut Names<'_>) -> Option<Dim> {
    let better = match &place.node {
        Node::Negate(back) => extent - &dimension(back, names)?,
        Node::Name(end) if end == "end" && !names.contains(end) => extent - &Dim::one(),
        _ => return dimension(place, names),
    };
    names.report.error_with_help(
        place.extent,
        format_args!("expected an index from 0 on, found `{place}`"),
        format_args!("from the end it is `{better}`"),
    );
    None
}

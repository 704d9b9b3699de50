//! Operands of one shape: a scalar stands for every entry, a row or a column for every row or column.

use crate::dims::{Dim, Shape};
use crate::expr::{Expr, ExprRef};

/// The operands with rows and columns repeated, and the shape that all but scalars then have. One operand must have that
/// shape as it is: a column and a row do not make a matrix.
pub fn together(args: &[ExprRef]) -> Option<(Vec<ExprRef>, Shape)> {
    let shapes = || args.iter().map(|arg| &arg.shape).filter(|shape| !shape.is_scalar());
    if shapes().next().is_none() {
        return Some((args.to_vec(), Shape::scalar()));
    }
    let shape = shapes().find(|shape| shapes().all(|other| fits(other, shape)))?;
    let repeated = args.iter().map(|arg| {
        if arg.shape.is_scalar() || arg.shape == *shape {
            arg.clone()
        } else {
            Expr::repeat(arg.clone(), shape.clone())
        }
    });
    Some((repeated.collect(), shape.clone()))
}

/// Two operands together.
pub fn both(a: &ExprRef, b: &ExprRef) -> Option<(ExprRef, ExprRef, Shape)> {
    let (mut args, shape) = together(&[a.clone(), b.clone()])?;
    let (b, a) = (args.pop()?, args.pop()?);
    Some((a, b, shape))
}

/// Whether rows or columns of one shape can be repeated to another.
fn fits(from: &Shape, to: &Shape) -> bool {
    let fits = |from: &Dim, to| from == to || from.is_one();
    fits(&from.rows, &to.rows) && fits(&from.cols, &to.cols)
}

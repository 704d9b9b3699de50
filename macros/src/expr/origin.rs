//! The shapes of operands, for messages: as they are, and where they come from.

use super::{Expr, ExprRef, Kind};

/// "`a` is [m, n] and `x` is [m]", and what of it was declared elsewhere.
pub fn found(operands: &[&ExprRef]) -> String {
    let each: Vec<_> = operands
        .iter()
        .map(|operand| format!("`{operand}` is {}", operand.shape))
        .collect();
    let all = match each.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    };
    all + &origin(operands)
}

/// A note that names the declarations that the shapes come from, where an operand is more than a name.
pub fn origin(operands: &[&ExprRef]) -> String {
    let mut declared = Vec::new();
    for operand in operands.iter().filter(|operand| !is_leaf(operand)) {
        collect(operand, &mut declared);
    }
    declared.retain(|(name, _)| !operands.iter().any(|operand| operand.text == *name));
    if declared.is_empty() {
        return String::new();
    }
    let declared: Vec<_> = declared
        .iter()
        .map(|(name, shape)| format!("`{name}: {shape}`"))
        .collect();
    format!("\nnote: declared as {}", declared.join(", "))
}

fn is_leaf(e: &Expr) -> bool {
    matches!(e.kind, Kind::Param(..) | Kind::Data(..) | Kind::Block(_))
}

/// Scalars give no shape to what they are part of.
fn collect(e: &Expr, declared: &mut Vec<(String, String)>) {
    if is_leaf(e) {
        let leaf = (e.text.clone(), e.shape.to_string());
        if !e.shape.is_scalar() && !declared.contains(&leaf) {
            declared.push(leaf);
        }
    } else if matches!(e.kind, Kind::Slice(..)) || !e.shape.is_scalar() {
        for child in e.children() {
            collect(child, declared);
        }
    }
}

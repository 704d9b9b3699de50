//! Derived parameters: what a coefficient holds beyond a few operations, and no loop changes, is computed once a solve.

use super::Nest;
use super::coef::Coef;
use crate::dims::{Dim, Symbol};

/// Takes the derived parameters out of the coefficients.
pub fn derive(nests: &mut [Nest]) -> Vec<Coef> {
    let mut derived = Vec::new();
    for nest in nests {
        hoist(&mut nest.coef, &mut derived);
    }
    derived
}

fn hoist(coef: &mut Coef, derived: &mut Vec<Coef>) {
    let worth_it = matches!(coef, Coef::Over(..) | Coef::Extreme(..) | Coef::Call(..));
    if worth_it && is_closed(coef, &mut Vec::new()) {
        hoist_from_loops(coef, derived);
        let known = derived.iter().position(|known| known == coef);
        let number = known.unwrap_or_else(|| {
            derived.push(coef.clone());
            derived.len() - 1
        });
        *coef = Coef::Derived(number);
        return;
    }
    for child in coef.children_mut() {
        hoist(child, derived);
    }
}

/// What no turn of an inner loop changes comes first.
fn hoist_from_loops(coef: &mut Coef, derived: &mut Vec<Coef>) {
    match coef {
        Coef::Over(_, body) | Coef::Extreme(_, body) => hoist(body, derived),
        _ => {
            for child in coef.children_mut() {
                hoist_from_loops(child, derived);
            }
        }
    }
}

/// Whether no index occurs but those of its own loops.
fn is_closed(coef: &Coef, own: &mut Vec<Symbol>) -> bool {
    let known = |dim: &Dim, own: &[Symbol]| dim.symbols().all(|symbol| symbol.is_fixed() || own.contains(symbol));
    match coef {
        Coef::Number(_) | Coef::Derived(_) => true,
        Coef::Size(dim) | Coef::Literal(_, dim) => known(dim, own),
        Coef::Param(entry) => known(&entry.row, own) && known(&entry.col, own),
        Coef::Negate(_) | Coef::Sum(_) | Coef::Product(_) | Coef::Call(..) | Coef::Quotient(..) => {
            coef.children().into_iter().all(|child| is_closed(child, own))
        }
        Coef::Over(range, body) | Coef::Extreme(range, body) => {
            let fixed = known(&range.extent, own);
            let outer = own.len();
            own.extend(range.bound().into_iter().map(|(symbol, _)| symbol));
            let closed = is_closed(body, own);
            own.truncate(outer);
            fixed && closed
        }
        Coef::Where(guards, body) => guards.iter().all(|guard| known(guard.dim(), own)) && is_closed(body, own),
    }
}

//! Derived parameters: what a coefficient holds beyond a few operations, and no loop changes, is computed once a solve.

use super::Nest;
use super::coef::Coef;
use crate::dims::{Loop, Symbol};

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
        let known = derived.iter().position(|known| known == coef);
        let number = known.unwrap_or_else(|| {
            derived.push(coef.clone());
            derived.len() - 1
        });
        *coef = Coef::Derived(number);
        return;
    }
    match coef {
        Coef::Number(_) | Coef::Size(_) | Coef::Literal(..) | Coef::Param(_) | Coef::Derived(_) => {}
        Coef::Negate(arg) | Coef::Over(_, arg) | Coef::Extreme(_, arg) | Coef::Where(_, arg) => hoist(arg, derived),
        Coef::Sum(args) | Coef::Product(args) | Coef::Call(_, args) => {
            args.iter_mut().for_each(|arg| hoist(arg, derived));
        }
        Coef::Quotient(a, b) => {
            hoist(a, derived);
            hoist(b, derived);
        }
    }
}

/// Whether no index occurs but those of its own loops.
fn is_closed<'a>(coef: &'a Coef, own: &mut Vec<&'a Symbol>) -> bool {
    let known = |dim: &crate::dims::Dim, own: &[&Symbol]| {
        dim.symbols()
            .all(|symbol| matches!(symbol, Symbol::Dim(_)) || own.contains(&symbol))
    };
    match coef {
        Coef::Number(_) | Coef::Derived(_) => true,
        Coef::Size(dim) | Coef::Literal(_, dim) => known(dim, own),
        Coef::Param(entry) => known(&entry.row, own) && known(&entry.col, own),
        Coef::Negate(arg) => is_closed(arg, own),
        Coef::Sum(args) | Coef::Product(args) | Coef::Call(_, args) => args.iter().all(|arg| is_closed(arg, own)),
        Coef::Quotient(a, b) => is_closed(a, own) && is_closed(b, own),
        Coef::Over(Loop { symbol, extent }, body) | Coef::Extreme(Loop { symbol, extent }, body) => {
            let fixed = known(extent, own);
            own.push(symbol);
            let closed = is_closed(body, own);
            own.pop();
            fixed && closed
        }
        Coef::Where(guards, body) => guards.iter().all(|guard| known(guard.dim(), own)) && is_closed(body, own),
    }
}

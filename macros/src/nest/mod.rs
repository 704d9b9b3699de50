//! The affine map from parameters to cone program, as a list of loop nests: the pattern, the fill, its tangent and its
//! adjoint are four printings of it.

pub mod coef;
mod derive;
pub mod group;
pub mod guard;
pub mod lower;
pub mod run;
mod settle;

use std::fmt::{self, Display, Formatter};

use crate::conic::{Arrangement, ConeBlock, ConeKind, Conic};
use crate::dims::{Dim, Loop, Symbol, turn};
use coef::Coef;
use guard::Guard;
use lower::{Entry, Leaf, Lowering, Place};
use settle::Settler;

/// Adds `coef` to `target` in each turn of the loops, the first of them outermost, where the guards hold.
#[derive(Clone)]
pub struct Nest {
    pub loops: Vec<Loop>,
    pub guards: Vec<Guard>,
    pub target: Target,
    pub coef: Coef,
}

#[derive(Clone)]
pub enum Target {
    /// `P`: for the product of two variables, twice where they are one.
    P(Entry, Entry),
    Q(Entry),
    R,
    A(Row, Entry),
    B(Row),
}

/// A row of a cone block: an offset, and for an entry of a semidefinite matrix how far its place in the upper triangle is
/// from there.
#[derive(Clone, Debug)]
pub struct Row {
    pub cone: usize,
    pub offset: Dim,
    pub triangle: Option<(Dim, Dim)>,
}

impl Nest {
    /// All but the innermost.
    pub fn outer_loops(&self) -> &[Loop] {
        self.loops.split_last().map_or(&[], |(_, outer)| outer)
    }

    /// How often the innermost body runs.
    pub fn visits(&self) -> Dim {
        self.loops
            .iter()
            .fold(Dim::one(), |visits, range| &visits * &range.extent)
    }
}

impl Target {
    fn substitute(&self, symbol: &Symbol, value: &Dim) -> Target {
        match self {
            Target::P(one, other) => Target::P(one.substitute(symbol, value), other.substitute(symbol, value)),
            Target::Q(entry) => Target::Q(entry.substitute(symbol, value)),
            Target::R => Target::R,
            Target::A(row, entry) => Target::A(row.substitute(symbol, value), entry.substitute(symbol, value)),
            Target::B(row) => Target::B(row.substitute(symbol, value)),
        }
    }
}

impl Row {
    fn substitute(&self, symbol: &Symbol, value: &Dim) -> Row {
        let triangle = self.triangle.as_ref();
        Row {
            cone: self.cone,
            offset: self.offset.substitute(symbol, value),
            triangle: triangle.map(|(row, col)| (row.substitute(symbol, value), col.substitute(symbol, value))),
        }
    }
}

/// The whole map: what is computed once, and the nests that read it.
pub struct Map {
    pub derived: Vec<Coef>,
    pub nests: Vec<Nest>,
}

/// The map of a problem.
pub fn map(conic: &Conic) -> Map {
    let mut nests: Vec<_> = nests(conic).into_iter().map(Nest::ordered).collect();
    let derived = derive::derive(&mut nests);
    Map { derived, nests }
}

/// The map to the values of the `let`s: each is a block of rows by its number in `conic`.
pub fn lets(conic: &Conic) -> Map {
    let mut nests = Vec::new();
    for (number, (_, value)) in conic.lets.iter().enumerate() {
        let block = ConeBlock {
            kind: ConeKind::Zero,
            loops: Vec::new(),
            arrangement: Arrangement::Whole,
            parts: vec![value.clone()],
            dual: None,
        };
        rows(number, &block, conic, &mut nests);
    }
    let mut settler = Settler::default();
    let mut nests: Vec<_> = nests.into_iter().flat_map(|nest| settler.settle(nest)).collect();
    for nest in nests.iter_mut().filter(|nest| matches!(nest.target, Target::A(..))) {
        // Not `s = b − Ax`, but the sum.
        nest.coef = std::mem::replace(&mut nest.coef, Coef::one()).negated();
    }
    let derived = derive::derive(&mut nests);
    Map { derived, nests }
}

fn nests(conic: &Conic) -> Vec<Nest> {
    let blocks = &conic.graph.blocks;
    let mut nests = Vec::new();
    let scalar = (Dim::zero(), Dim::zero());
    for term in Lowering::new(blocks).lower(&conic.objective, &scalar) {
        let target = match term.leaf {
            Leaf::Constant => Target::R,
            Leaf::Linear(entry) => Target::Q(entry),
            Leaf::Quadratic(one, other) => Target::P(one, other),
        };
        let nest = Nest {
            loops: term.loops,
            guards: term.guards,
            target,
            coef: term.coef,
        };
        nests.push(nest);
    }
    for (cone, block) in conic.graph.cones.iter().enumerate() {
        rows(cone, block, conic, &mut nests);
    }
    let mut settler = Settler::default();
    nests.into_iter().flat_map(|nest| settler.settle(nest)).collect()
}

/// `s = e` for the expression `e` in a cone: with `Ax + s = b`, the variable part is negated.
fn rows(cone: usize, block: &ConeBlock, conic: &Conic, nests: &mut Vec<Nest>) {
    let (turn, _) = turn(&block.loops);
    let (around, within) = guard::boxed(&block.loops);
    let mut above = &turn * &block.rows_each_turn();
    for (position, part) in block.parts.iter().enumerate() {
        let shape = match &block.arrangement {
            Arrangement::Each(shape) => shape,
            Arrangement::Whole | Arrangement::Triangle => &part.shape,
        };
        let mut lowering = Lowering::new(&conic.graph.blocks);
        let (cols, j) = lowering.open(&shape.cols);
        let (rows, i) = lowering.open(&shape.rows);
        let entry = &i + &(&shape.rows * &j);
        let offset = match &block.arrangement {
            Arrangement::Each(_) => &above + &(&(&Dim::literal(block.parts.len()) * &entry) + &Dim::literal(position)),
            Arrangement::Whole => &above + &entry,
            Arrangement::Triangle => above.clone(),
        };
        let triangle = matches!(block.arrangement, Arrangement::Triangle).then(|| (i.clone(), j.clone()));
        let weights = match &triangle {
            Some((row, col)) => symmetric_part(row, col),
            None => vec![Coef::one()],
        };
        for term in lowering.lower(part, &(i, j)) {
            let row = Row {
                cone,
                offset: offset.clone(),
                triangle: triangle.clone(),
            };
            let loops: Vec<_> = around
                .iter()
                .chain(&cols)
                .chain(&rows)
                .cloned()
                .chain(term.loops)
                .collect();
            let (target, coef) = match term.leaf {
                Leaf::Constant => (Target::B(row), term.coef),
                Leaf::Linear(entry) => (Target::A(row, entry), term.coef.negated()),
                Leaf::Quadratic(..) => unreachable!("quadratic forms stay in the objective"),
            };
            let guards: Vec<_> = within.iter().cloned().chain(term.guards).collect();
            nests.extend(weights.iter().map(|weight| Nest {
                loops: loops.clone(),
                guards: guards.clone(),
                target: target.clone(),
                coef: weight.clone().times(coef.clone()),
            }));
        }
        if let Arrangement::Whole = block.arrangement {
            above = &above + &part.shape.size();
        }
    }
}

/// The weights with which an entry of a matrix goes to the scaled triangle of its symmetric part: `1/√2` for each of two
/// mirror images, and the rest to one on the diagonal.
fn symmetric_part(row: &Dim, col: &Dim) -> Vec<Coef> {
    let half = std::f64::consts::FRAC_1_SQRT_2;
    let rest = Coef::Number(1.0 - half).guarded(vec![Guard::Zero(row - col)]);
    vec![Coef::Number(half), rest]
}

impl Display for Map {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if !self.derived.is_empty() {
            writeln!(f, "derived")?;
        }
        for (number, derived) in self.derived.iter().enumerate() {
            writeln!(f, "    {number}: {derived}")?;
        }
        writeln!(f, "nests")?;
        for nest in &self.nests {
            writeln!(f, "    {nest}")?;
        }
        Ok(())
    }
}

impl Display for Nest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for range in &self.loops {
            write!(f, "for {range} ")?;
        }
        write!(f, "{} += {}", self.target, self.coef)?;
        if !self.guards.is_empty() {
            write!(f, " {}", guard::text(&self.guards))?;
        }
        Ok(())
    }
}

impl Display for Target {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Target::P(one, other) => write!(f, "P[{one}, {other}]"),
            Target::Q(entry) => write!(f, "q[{entry}]"),
            Target::R => f.write_str("r"),
            Target::A(row, entry) => write!(f, "A[{row}, {entry}]"),
            Target::B(row) => write!(f, "b[{row}]"),
        }
    }
}

impl Display for Row {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "cone {}: ", self.cone)?;
        match &self.triangle {
            Some((row, col)) if self.offset == Dim::zero() => write!(f, "triangle({row}, {col})"),
            Some((row, col)) => write!(f, "{} + triangle({row}, {col})", self.offset),
            None => write!(f, "{}", self.offset),
        }
    }
}

impl Display for Entry {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Column(offset) => write!(f, "{}: {offset}", self.name),
            Place::Symmetric(before, row, col) if *before == Dim::zero() => {
                write!(f, "{}: triangle({row}, {col})", self.name)
            }
            Place::Symmetric(before, row, col) => write!(f, "{}: {before} + triangle({row}, {col})", self.name),
        }
    }
}

//! Which expressions are the same: built alike from the same leaves, however they were named and wherever they stand.

use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};

use crate::dims::{Dim, Loop, Shape, Symbol};
use crate::expr::{Expr, ExprRef, Kind, Move};

/// Numbers of loops, with the level at which each is bound.
type Levels = Vec<(usize, usize)>;

/// Numbers expressions, the same ones alike.
#[derive(Default)]
pub struct Identities {
    /// By address, and what the indices are called that are bound further out.
    known: HashMap<(*const Expr, Levels), usize>,
    /// Nodes are kept alive, so that their addresses stay their own.
    alive: Vec<ExprRef>,
    numbers: HashMap<Node, usize>,
    /// The numbers of the loops inside which the node at hand stands, below the expression that is asked about.
    bound: Vec<usize>,
}

#[derive(PartialEq, Eq, Hash)]
struct Node {
    kind: Discriminant<Kind>,
    change: Option<Discriminant<Move>>,
    shape: Shape,
    atom: &'static str,
    numbers: Vec<u64>,
    dims: Vec<Dim>,
    children: Vec<usize>,
}

impl Identities {
    pub fn of(&mut self, e: &ExprRef) -> usize {
        if let Kind::Named(value) | Kind::Called(value) = &e.kind {
            return self.of(value);
        }
        let level = |number: &usize| self.bound.iter().position(|bound| bound == number);
        let indices = e.loops.iter().filter_map(|number| Some((*number, level(number)?)));
        let key = (std::rc::Rc::as_ptr(e), indices.collect());
        if let Some(&number) = self.known.get(&key) {
            return number;
        }
        let node = self.node(e);
        let next = self.numbers.len();
        let number = *self.numbers.entry(node).or_insert(next);
        self.known.insert(key, number);
        self.alive.push(e.clone());
        number
    }

    fn node(&mut self, e: &ExprRef) -> Node {
        let mut node = Node {
            kind: discriminant(&e.kind),
            change: None,
            shape: e.shape.clone(),
            atom: "",
            numbers: Vec::new(),
            dims: Vec::new(),
            children: Vec::new(),
        };
        match &e.kind {
            Kind::Number(value) => node.numbers.push(value.to_bits()),
            Kind::Literal(entries) => node.numbers.extend(entries.iter().map(|entry| entry.to_bits())),
            Kind::Param(id, _) | Kind::Data(id, _) | Kind::Block(id) | Kind::Packed(id) => {
                node.numbers.push(*id as u64);
            }
            Kind::Copy(id, which) => {
                node.numbers.push(*id as u64);
                node.dims.push(self.renamed(which));
            }
            Kind::Size(dim) => node.dims.push(self.renamed(dim)),
            Kind::Slice(_, window) => node.dims.extend([self.renamed(&window.row), self.renamed(&window.col)]),
            Kind::Move(change, _) => {
                node.change = Some(discriminant(change));
                if let Move::Place(row, col) = change {
                    node.dims.extend([self.renamed(row), self.renamed(col)]);
                }
            }
            Kind::Atom(atom, _) => node.atom = atom.name,
            Kind::SumOver(range, arg) | Kind::Extreme(range, arg) => {
                node.dims.push(self.renamed(&range.extent));
                node.children.push(self.inside(range, arg));
                return node;
            }
            Kind::LogSumExp(terms) => {
                for term in terms {
                    node.numbers.push(term.loops.len() as u64);
                    let value = self.inside_all(&term.loops, &term.value, &mut node.dims);
                    node.children.push(value);
                }
                return node;
            }
            _ => {}
        }
        node.children = e.children().into_iter().map(|child| self.of(child)).collect();
        node
    }

    fn inside(&mut self, range: &Loop, arg: &ExprRef) -> usize {
        let Symbol::Loop(number, _) = range.symbol else {
            return self.of(arg);
        };
        self.bound.push(number);
        let number = self.of(arg);
        self.bound.pop();
        number
    }

    /// Inside loops, the first of them outermost, whose extents are kept.
    fn inside_all(&mut self, loops: &[Loop], arg: &ExprRef, extents: &mut Vec<Dim>) -> usize {
        let outer = self.bound.len();
        for range in loops {
            extents.push(self.renamed(&range.extent));
            if let Symbol::Loop(number, _) = range.symbol {
                self.bound.push(number);
            }
        }
        let number = self.of(arg);
        self.bound.truncate(outer);
        number
    }

    /// With bound indices called by their levels.
    fn renamed(&self, dim: &Dim) -> Dim {
        let bound = dim.symbols().filter_map(|symbol| match symbol {
            Symbol::Loop(number, _) => {
                let level = self.bound.iter().position(|bound| bound == number)?;
                Some((symbol.clone(), Symbol::Loop(usize::MAX - level, String::new())))
            }
            _ => None,
        });
        bound.fold(dim.clone(), |dim, (symbol, name)| {
            dim.substitute(&symbol, &Dim::symbol(name))
        })
    }
}

//! The conic intermediate representation: blocks of variables, an objective, and blocks of cones of affine expressions.

use std::fmt::{self, Display, Formatter};

use proc_macro2::Span;

use crate::dims::{Dim, Loop, Shape, turn};
use crate::expr::{Expr, ExprRef, Window};
use crate::extent::Extent;
use crate::model::{DualPlace, Storage};
use crate::sign::Sign;

/// `minimize objective subject to each block in its cone`, under construction by the graph implementations of atoms.
#[derive(Default)]
pub struct Graph {
    pub blocks: Vec<Block>,
    pub cones: Vec<ConeBlock>,
    /// The loops around what is being added: one copy of it for each turn.
    pub loops: Vec<Loop>,
}

/// A canonicalized problem: the objective is affine but for quadratic forms.
pub struct Conic {
    pub graph: Graph,
    pub objective: ExprRef,
    /// The `let`s whose values a solution has, by their numbers in the model.
    pub lets: Vec<(usize, ExprRef)>,
}

/// A block of variables; columns follow the order of the blocks.
pub struct Block {
    pub name: String,
    pub shape: Shape,
    pub storage: Storage,
    /// How many matrices of the shape there are: more than one only of symmetric ones.
    pub copies: Dim,
}

impl Block {
    pub fn size(&self) -> Dim {
        match self.storage {
            Storage::Symmetric => &self.copies * &Dim::triangle(&self.shape.rows),
            Storage::Diagonal => self.shape.rows.clone(),
            Storage::Full | Storage::Sparse => self.shape.size(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ConeKind {
    Zero,
    Nonneg,
    SecondOrder,
    Semidefinite,
    /// `y exp(x / y) <= z`
    Exponential,
    /// `|z| <= xᵃ y¹⁻ᵃ`, of an exponent `a` between zero and one.
    Power(f64),
}

impl ConeKind {
    /// The order of the cones in a program.
    pub fn order(self) -> usize {
        match self {
            ConeKind::Zero => 0,
            ConeKind::Nonneg => 1,
            ConeKind::SecondOrder => 2,
            ConeKind::Semidefinite => 3,
            ConeKind::Exponential => 4,
            ConeKind::Power(_) => 5,
        }
    }
}

/// Affine expressions in a cone.
pub struct ConeBlock {
    pub kind: ConeKind,
    /// The loops around it, the outermost first: one copy of the rows for each turn.
    pub loops: Vec<Loop>,
    pub arrangement: Arrangement,
    pub parts: Vec<ExprRef>,
    /// The dual variable that the rows give.
    pub dual: Option<DualPlace>,
}

pub enum Arrangement {
    /// One cone, the parts below each other.
    Whole,
    /// One cone for each entry of this shape, with one row of each part.
    Each(Shape),
    /// The upper triangle of the only part, by columns, those entries off the diagonal times `√2`.
    Triangle,
}

impl ConeBlock {
    /// The number of cones, and the rows of each; a zero or nonneg block is one cone in effect.
    pub fn count_and_dim(&self) -> (Dim, Dim) {
        let (_, turns) = turn(&self.loops);
        match &self.arrangement {
            Arrangement::Each(shape) => (&turns * &shape.size(), Dim::literal(self.parts.len())),
            Arrangement::Whole | Arrangement::Triangle => (turns, self.rows_each_turn()),
        }
    }

    pub fn rows_each_turn(&self) -> Dim {
        match &self.arrangement {
            Arrangement::Each(shape) => &Dim::literal(self.parts.len()) * &shape.size(),
            Arrangement::Triangle => self
                .parts
                .iter()
                .fold(Dim::zero(), |rows, part| &rows + &Dim::triangle(&part.shape.rows)),
            Arrangement::Whole => self
                .parts
                .iter()
                .fold(Dim::zero(), |rows, part| &rows + &part.shape.size()),
        }
    }

    pub fn rows(&self) -> Dim {
        let (_, turns) = turn(&self.loops);
        &turns * &self.rows_each_turn()
    }
}

impl Graph {
    /// A fresh block of auxiliary variables.
    pub fn fresh(&mut self, shape: &Shape) -> ExprRef {
        let name = self.fresh_name();
        let (turn, turns) = turn(&self.loops);
        let all = Shape::new(shape.rows.clone(), &shape.cols * &turns);
        let block = Expr::block(self.blocks.len(), &name, all.clone(), Sign::UNKNOWN, nowhere());
        self.blocks.push(Block {
            name,
            shape: all,
            storage: Storage::Full,
            copies: Dim::one(),
        });
        if self.loops.is_empty() {
            return block;
        }
        let window = Window {
            row: Dim::zero(),
            col: &shape.cols * &turn,
            text: format!("turn {turn}"),
        };
        Expr::slice(block, window, shape.clone(), nowhere())
    }

    fn fresh_name(&self) -> String {
        let auxiliary = self.blocks.iter().filter(|block| block.name.starts_with('#')).count();
        format!("#{auxiliary}")
    }

    /// A fresh symmetric matrix of auxiliary variables.
    pub fn fresh_symmetric(&mut self, order: &Dim) -> ExprRef {
        let shape = Shape::new(order.clone(), order.clone());
        if order.is_one() {
            return self.fresh(&shape);
        }
        let (name, id) = (self.fresh_name(), self.blocks.len());
        let (turn, copies) = turn(&self.loops);
        self.blocks.push(Block {
            name: name.clone(),
            shape: shape.clone(),
            storage: Storage::Symmetric,
            copies,
        });
        Expr::copy_of_block(id, &name, turn, shape)
    }

    /// A fresh block that equals `e`.
    pub fn materialize(&mut self, e: &ExprRef) -> ExprRef {
        let block = self.fresh(&e.shape);
        self.push(
            ConeKind::Zero,
            Arrangement::Whole,
            vec![Expr::subtract(e.clone(), block.clone(), nowhere())],
        );
        block
    }

    pub fn nonneg(&mut self, e: &ExprRef) {
        self.push(ConeKind::Nonneg, Arrangement::Whole, vec![e.clone()]);
    }

    /// `a <= b`
    pub fn at_most(&mut self, a: &ExprRef, b: &ExprRef) {
        self.nonneg(&self.minus(b, a));
    }

    /// `a + b >= 0`
    pub fn sum_nonneg(&mut self, a: &ExprRef, b: &ExprRef) {
        self.nonneg(&self.plus(a, b));
    }

    /// `‖(parts[1], …)‖ <= parts[0]`, one cone.
    pub fn second_order(&mut self, parts: Vec<ExprRef>) {
        self.push(ConeKind::SecondOrder, Arrangement::Whole, parts);
    }

    /// `‖(parts[1], …)‖ <= parts[0]` for each entry.
    pub fn second_order_each(&mut self, shape: &Shape, parts: Vec<ExprRef>) {
        self.push(ConeKind::SecondOrder, Arrangement::Each(shape.clone()), parts);
    }

    /// `e` is positive semidefinite, its symmetric part if it is not symmetric.
    pub fn semidefinite(&mut self, e: &ExprRef) {
        self.push(ConeKind::Semidefinite, Arrangement::Triangle, vec![e.clone()]);
    }

    /// `y exp(x / y) <= z` for each entry.
    pub fn exponential_each(&mut self, shape: &Shape, x: &ExprRef, y: &ExprRef, z: &ExprRef) {
        let parts = vec![x.clone(), y.clone(), z.clone()];
        self.push(ConeKind::Exponential, Arrangement::Each(shape.clone()), parts);
    }

    /// `|z| <= xᵃ y¹⁻ᵃ` for each entry.
    pub fn power_each(&mut self, shape: &Shape, exponent: f64, parts: [&ExprRef; 3]) {
        let parts = parts.into_iter().cloned().collect();
        self.push(ConeKind::Power(exponent), Arrangement::Each(shape.clone()), parts);
    }

    /// `a == b`
    pub fn equal(&mut self, a: &ExprRef, b: &ExprRef) {
        self.push(ConeKind::Zero, Arrangement::Whole, vec![self.minus(a, b)]);
    }

    pub fn push(&mut self, kind: ConeKind, arrangement: Arrangement, parts: Vec<ExprRef>) {
        self.cones.push(ConeBlock {
            kind,
            loops: self.loops.clone(),
            arrangement,
            parts,
            dual: None,
        });
    }

    pub fn sum(&self, e: &ExprRef) -> ExprRef {
        Expr::sum(e.clone(), nowhere())
    }

    pub fn offset(&self, e: &ExprRef, by: f64) -> ExprRef {
        Expr::add(e.clone(), constant(by), nowhere())
    }

    pub fn plus(&self, a: &ExprRef, b: &ExprRef) -> ExprRef {
        Expr::add(a.clone(), b.clone(), nowhere())
    }

    pub fn minus(&self, a: &ExprRef, b: &ExprRef) -> ExprRef {
        Expr::subtract(a.clone(), b.clone(), nowhere())
    }

    pub fn constant(&self, value: f64) -> ExprRef {
        constant(value)
    }

    pub fn scaled(&self, by: f64, e: &ExprRef) -> ExprRef {
        Expr::multiply(constant(by), e.clone(), nowhere())
    }
}

fn constant(value: f64) -> ExprRef {
    let magnitude = Expr::number(value.abs(), nowhere());
    if value < 0.0 {
        Expr::negate(magnitude, nowhere())
    } else {
        magnitude
    }
}

/// Of an expression that the user did not write.
pub fn nowhere() -> Extent {
    Span::call_site().into()
}

impl Display for Conic {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "minimize\n    {}", self.objective)?;
        writeln!(f, "variables")?;
        for block in &self.graph.blocks {
            let storage = match block.storage {
                Storage::Symmetric => " symmetric",
                Storage::Diagonal => " diagonal",
                Storage::Full | Storage::Sparse => "",
            };
            writeln!(f, "    {}: {}{storage}", block.name, block.shape)?;
        }
        writeln!(f, "cones")?;
        for cone in &self.graph.cones {
            let (count, dim) = cone.count_and_dim();
            let kind = match cone.kind {
                ConeKind::Zero => "zero",
                ConeKind::Nonneg => "nonneg",
                ConeKind::SecondOrder => "second-order",
                ConeKind::Semidefinite => "semidefinite",
                ConeKind::Exponential => "exponential",
                ConeKind::Power(exponent) => &format!("power({exponent})"),
            };
            let count = if count.is_one() {
                String::new()
            } else {
                format!("{count} × ")
            };
            let parts: Vec<_> = cone.parts.iter().map(|part| part.to_string()).collect();
            write!(f, "    ")?;
            for range in &cone.loops {
                write!(f, "for {range} ")?;
            }
            writeln!(f, "{kind} {count}[{dim}]: {}", parts.join("; "))?;
        }
        Ok(())
    }
}

//! Declarations: dimensions, shapes and attributes.

use proc_macro2::Ident;

use super::names::{Entity, Names};
use crate::dims::{Dim, Shape, Symbol};
use crate::expr::{Expr, Kind, Promise};
use crate::model::{Attributes, Leaf, Rank};
use crate::sign::Sign;
use crate::spelling::nearest;
use crate::syntax::ast::{self, ATTRIBUTES, Node, Operator};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Param,
    Data,
    Var,
}

pub fn consts(consts: &[ast::Const], names: &mut Names<'_>) {
    for constant in consts {
        let value = constant.value.as_ref().and_then(|value| dimension(value, names));
        let literal = value.filter(|dim| {
            let known = dim.value().is_some();
            if !known {
                names.report.error_with_help(
                    constant
                        .value
                        .as_ref()
                        .map_or((&constant.name).into(), |value| value.extent),
                    format_args!(
                        "expected a number for the `const` `{}`, found `{dim}`, which is known only at run time",
                        constant.name
                    ),
                    format_args!("write `{dim}` where it is used"),
                );
            }
            known
        });
        names.declare(&constant.name, Entity::Dimension(literal));
    }
}

pub fn leaves(declarations: Vec<ast::Declaration>, role: Role, names: &mut Names<'_>) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    for declaration in declarations {
        let duplicate = names.contains(&declaration.name);
        let (errors, lost) = (names.report.count(), declaration.lost);
        let leaf = leaf(declaration, role, names);
        let sound = !lost && leaf.rank != Rank::Unknown && names.report.count() == errors;
        let id = leaves.len();
        let promise = promise(leaf.attributes);
        let (name, shape, extent) = (leaf.name.to_string(), leaf.shape.clone(), (&leaf.name).into());
        let storage = leaf.attributes.storage();
        let kind = match role {
            Role::Param => Kind::Param(id, storage),
            Role::Data => Kind::Data(id, storage),
            Role::Var => Kind::Block(id),
        };
        let expr = Expr::leaf(kind, &name, shape, promise, extent);
        names.declare(&leaf.name, Entity::Leaf(role, sound.then_some(expr)));
        if !duplicate {
            leaves.push(leaf);
        }
    }
    leaves
}

fn promise(attributes: Attributes) -> Promise {
    let Attributes {
        pos,
        nonneg,
        nonpos,
        symmetric,
        psd,
        nsd,
        diagonal,
        sparse: _,
    } = attributes;
    let nonneg = nonneg || pos;
    Promise {
        sign: Sign { nonneg, nonpos },
        definite: Sign {
            nonneg: psd || diagonal && nonneg,
            nonpos: nsd || diagonal && nonpos,
        },
        symmetric: symmetric || diagonal,
    }
}

fn leaf(declaration: ast::Declaration, role: Role, names: &mut Names<'_>) -> Leaf {
    let dims = declaration.shape.as_deref().unwrap_or_default();
    // A dimension that did not resolve was reported.
    let resolved: Vec<_> = dims.iter().map(|dim| positive(dim, names)).collect();
    let rank = if declaration.lost || resolved.iter().any(Option::is_none) {
        Rank::Unknown
    } else {
        [Rank::Scalar, Rank::Vector, Rank::Matrix][dims.len().min(2)]
    };
    let mut dims = resolved
        .into_iter()
        .map(|dim| dim.unwrap_or_else(|| Dim::symbol(Symbol::Dim("unresolved".into()))));
    let shape = Shape::new(
        dims.next().unwrap_or_else(Dim::one),
        dims.next().unwrap_or_else(Dim::one),
    );
    let mut leaf = Leaf {
        docs: declaration.docs,
        name: declaration.name,
        shape,
        rank,
        attributes: Attributes::default(),
    };
    for attribute in &declaration.attributes {
        if apply(attribute, role, &mut leaf, names) {
            contradictions(attribute, &leaf, names);
            shapes(attribute, &leaf, names);
            leaf.attributes.symmetric |= leaf.attributes.psd || leaf.attributes.nsd;
        }
    }
    leaf
}

/// Sets an attribute; false where there is none of the name.
fn apply(name: &Ident, role: Role, leaf: &mut Leaf, names: &mut Names<'_>) -> bool {
    let known: &[&str] = match role {
        Role::Param | Role::Data => &ATTRIBUTES,
        Role::Var => &ATTRIBUTES[..7],
    };
    let text = name.to_string();
    if !known.contains(&text.as_str()) {
        let what = match role {
            Role::Param => "a parameter",
            Role::Data => "data",
            Role::Var => "a variable",
        };
        let help = if names.is_dimension(name) {
            names.used(name);
            format!("a shape is in brackets: `[{text}]`")
        } else {
            nearest(&text, known.iter().copied()).map_or_else(
                || format!("the attributes of {what} are `{}`", known.join("`, `")),
                |near| format!("did you mean `{near}`?"),
            )
        };
        let why = match (role, text.as_str()) {
            (Role::Var, "bool" | "boolean" | "binary" | "int" | "integer") => {
                ": a program in whole numbers is not convex"
            }
            _ => "",
        };
        names
            .report
            .error_with_help(name, format_args!("{what} has no attribute `{text}`{why}"), help);
        return false;
    }
    let attributes = &mut leaf.attributes;
    let flag = match text.as_str() {
        "pos" => &mut attributes.pos,
        "nonneg" => &mut attributes.nonneg,
        "nonpos" => &mut attributes.nonpos,
        "symmetric" => &mut attributes.symmetric,
        "psd" => &mut attributes.psd,
        "nsd" => &mut attributes.nsd,
        "diagonal" => &mut attributes.diagonal,
        _ => &mut attributes.sparse,
    };
    if *flag {
        names.report.error_with_help(
            name,
            format_args!("`{}` is already `{text}`", leaf.name),
            format_args!("write `{text}` once"),
        );
    }
    *flag = true;
    true
}

/// Attributes that leave nothing but zero, or say the same twice.
fn contradictions(name: &Ident, leaf: &Leaf, names: &Names<'_>) {
    let Attributes {
        pos: _,
        nonneg,
        nonpos,
        symmetric,
        psd,
        nsd,
        diagonal,
        sparse,
    } = leaf.attributes;
    let of = &leaf.name;
    positivity(name, leaf, names);
    for (both, one, other) in [(nonneg && nonpos, "nonneg", "nonpos"), (psd && nsd, "psd", "nsd")] {
        if both && (name == one || name == other) {
            names.report.error_with_help(
                name,
                format_args!("`{of}` is `{one}` and `{other}`, so it is zero"),
                "keep one of the two",
            );
        }
    }
    let other = [(psd, "psd"), (nsd, "nsd"), (symmetric, "symmetric"), (sparse, "sparse")];
    let other = other.into_iter().find(|(holds, _)| diagonal && *holds);
    if let Some((_, other)) = other
        && (name == "diagonal" || name == other)
    {
        let why = match other {
            "sparse" => "only its diagonal is read as it is",
            "psd" => "it is positive semidefinite where it is `nonneg`",
            "nsd" => "it is negative semidefinite where it is `nonpos`",
            _ => "a diagonal matrix is symmetric",
        };
        names.report.error_with_help(
            name,
            format_args!("expected `diagonal` or `{other}` for `{of}`, found both: {why}"),
            "keep `diagonal`",
        );
    }
}

/// Attributes that `pos` contains, or that have zeros.
fn positivity(name: &Ident, leaf: &Leaf, names: &Names<'_>) {
    let Attributes {
        pos,
        nonneg,
        nonpos,
        diagonal,
        sparse,
        ..
    } = leaf.attributes;
    let others = [
        (nonneg, "nonneg", "what is positive is `nonneg` too"),
        (nonpos, "nonpos", "nothing is both"),
        (diagonal, "diagonal", "off the diagonal are zeros"),
        (sparse, "sparse", "what is not stored is zero"),
    ];
    let other = others.into_iter().find(|(holds, ..)| pos && *holds);
    if let Some((_, other, why)) = other
        && (name == "pos" || name == other)
    {
        let keep = if other == "nonneg" {
            "keep `pos`"
        } else {
            "keep one of the two"
        };
        names.report.error_with_help(
            name,
            format_args!("expected `pos` or `{other}` for `{}`, found both: {why}", leaf.name),
            keep,
        );
    }
}

fn shapes(name: &Ident, leaf: &Leaf, names: &Names<'_>) {
    let Leaf {
        shape, rank, name: of, ..
    } = leaf;
    if *rank == Rank::Unknown {
        return;
    }
    if name == "sparse" && *rank != Rank::Matrix {
        names.report.error_with_help(
            name,
            format_args!("expected a matrix for `sparse`, found `{of}`, which is {shape}"),
            "a matrix is declared with two dimensions: `[m, n]`",
        );
    }
    let square = ["symmetric", "psd", "nsd", "diagonal"];
    if square.iter().any(|square| name == square) && shape.rows != shape.cols {
        let n = &shape.rows;
        names.report.error_with_help(
            name,
            format_args!("expected a square matrix for `{name}`, found `{of}`, which is {shape}"),
            format_args!("a square matrix has one dimension twice: `{of}: [{n}, {n}]`"),
        );
    }
}

fn positive(e: &ast::Expr, names: &mut Names<'_>) -> Option<Dim> {
    let dim = dimension(e, names)?;
    if dim.value().is_some_and(|value| value < 1) {
        names
            .report
            .error(e.extent, format_args!("expected a positive dimension, found `{dim}`"));
        return None;
    }
    Some(dim)
}

/// The most terms of a dimension, and factors of a term: more than anyone needs, and few enough for sums over loops.
const MOST_TERMS: [usize; 2] = [100, 8];

fn product(left: &Dim, right: &Dim, e: &ast::Expr, names: &mut Names<'_>) -> Option<Dim> {
    let [[terms, factors], [more_terms, more_factors]] = [left.size(), right.size()];
    let [most_terms, most_factors] = MOST_TERMS;
    if terms * more_terms > most_terms || factors + more_factors > most_factors {
        names.report.error_with_help(
            e.extent,
            format_args!("expected a dimension of no more than {most_terms} terms, of {most_factors} factors each"),
            "give a part of it a name of its own, as a dimension behind the name of the problem",
        );
        return None;
    }
    Some(left * right)
}

/// An integer polynomial in dimensions.
pub fn dimension(e: &ast::Expr, names: &mut Names<'_>) -> Option<Dim> {
    match &e.node {
        Node::Number(value) if value.fract() == 0.0 && *value <= f64::from(i32::MAX) => {
            // Exact: a whole number below 2³¹ is one of usize.
            Some(Dim::literal(*value as usize))
        }
        Node::Name(name) => match names.lookup_dimension(name)? {
            Entity::Dimension(dim) => dim,
            _ => {
                names.report.error(
                    e.extent,
                    format_args!("expected a dimension, found `{name}`: a dimension stands behind the name of the problem, or is a `const`"),
                );
                None
            }
        },
        Node::Group(inner) => dimension(inner, names),
        Node::Binary(operator, left, right) => {
            let (left, right) = (dimension(left, names), dimension(right, names));
            let (left, right) = (left?, right?);
            match operator {
                Operator::Add => Some(&left + &right),
                Operator::Subtract => Some(&left - &right),
                Operator::Multiply => product(&left, &right, e, names),
                Operator::Divide => {
                    let divisor = right.value().and_then(|value| usize::try_from(value).ok());
                    let quotient = divisor.and_then(|divisor| left.divided(divisor));
                    if quotient.is_none() {
                        names.report.error_with_help(
                            e.extent,
                            format_args!("expected a whole dimension, found `{e}`"),
                            "a quotient is one where it is whole for all dimensions, as `n * (n - 1) / 2` is",
                        );
                    }
                    quotient
                }
            }
        }
        _ => {
            names.report.error_with_help(
                e.extent,
                format_args!("expected a dimension, found `{e}`"),
                "a dimension is a whole number, a declared dimension, or a sum or product of such",
            );
            None
        }
    }
}

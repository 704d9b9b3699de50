//! AST to model: names, dimensions, shapes, signs.

mod array;
mod broadcast;
mod composite;
mod cone;
mod declare;
mod expr;
mod function;
mod index;
mod loops;
mod names;
mod shapes;
mod wrap;

use std::rc::Rc;

use crate::dcp::{Rules, Scope};
use crate::dims::{Dim, Shape, turn};
use crate::expr::{Expr, ExprRef, origin};
use crate::extent::Extent;
use crate::model::{Attributes, Bound, Claim, Constraint, Dual, DualPlace, Leaf, Let, Model, Objective, Rank};
use crate::report::Report;
use crate::syntax::ast;

#[cfg(test)]
pub use names::FUNCTIONS;
use names::{Entity, Names};

/// Resolves all that can be resolved; what cannot is in the report.
pub fn resolve(problem: ast::Problem, functions: &[Rc<ast::Function>], report: &Report) -> Model {
    let mut names = Names::new(report);
    for function in problem.functions.iter().chain(functions) {
        names.declare_function(function);
    }
    let mut dims: Vec<proc_macro2::Ident> = Vec::new();
    for dim in problem.dims {
        if !names.contains(&dim) {
            dims.push(dim.clone());
        }
        names.declare(&dim, Entity::dimension(&dim));
    }
    let solves_for_nothing = problem.vars.is_empty();
    declare::consts(&problem.consts, &mut names);
    let params = declare::leaves(problem.params, declare::Role::Param, &mut names);
    let data = declare::leaves(problem.data, declare::Role::Data, &mut names);
    let vars = declare::leaves(problem.vars, declare::Role::Var, &mut names);
    let (mut lets, rules) = (Vec::new(), Rules::new(Scope::Dcp));
    for binding in &problem.lets {
        let value = binding
            .value
            .as_ref()
            .and_then(|written| expr::whole(written, &mut names));
        let duplicate = names.contains(&binding.name);
        // One with a mistake may become affine.
        let affine = value
            .as_ref()
            .is_none_or(|value| value.variables && rules.curvature(value).is_affine());
        if affine && !duplicate && problem.geometric.is_none() {
            lets.push(named(&binding.name, value.as_ref()));
        }
        let readable = lets.last().is_some_and(|last: &Let| last.leaf.name == binding.name);
        names.declare(&binding.name, Entity::Let(value));
        if readable {
            // The solution has its value.
            names.used(&binding.name);
        }
    }

    let objective = objective(&problem.objectives, &mut names);
    let mut duals = Vec::new();
    for label in &problem.lost {
        if names.label(label) {
            duals.push(dual(label, None));
        }
    }
    let constraints = problem
        .constraints
        .iter()
        .flat_map(|constraint| relations(constraint, &mut names, &mut duals))
        .collect();

    if solves_for_nothing {
        report.error_with_help(
            &problem.name,
            format_args!("`{}` has no variables", problem.name),
            "declare what is solved for: `var x: [n];`",
        );
    }
    names.report_unused();
    Model {
        docs: problem.docs,
        vis: problem.vis,
        name: problem.name,
        strict_dpp: problem.strict_dpp,
        explain: problem.explain,
        geometric: problem.geometric,
        dims,
        params,
        data,
        vars,
        lets,
        objective,
        constraints,
        duals,
        loops: names.next_loop(),
        requirements: names.requirements,
        declarations: names.declarations,
    }
}

/// None where the value has a mistake.
fn named(name: &proc_macro2::Ident, value: Option<&ExprRef>) -> Let {
    let shape = value.map_or_else(Shape::scalar, |value| value.shape.clone());
    Let {
        leaf: Leaf {
            docs: Vec::new(),
            name: name.clone(),
            rank: value.map_or(Rank::Unknown, |_| rank(&shape)),
            shape,
            attributes: Attributes::default(),
        },
        value: value.map_or_else(|| Expr::number(0.0, name.into()), Rc::clone),
    }
}

fn objective(objectives: &[ast::Objective], names: &mut Names<'_>) -> Option<Objective> {
    let values: Vec<_> = objectives
        .iter()
        .map(|objective| expr::whole(&objective.value, names))
        .collect();
    for another in objectives.iter().skip(1) {
        names.report.error_with_help(
            another.keyword,
            "expected one objective, found another one",
            "add the two, with a weight",
        );
    }
    let first = objectives.first()?;
    let value = values.into_iter().next()??;
    if !value.shape.is_scalar() {
        names.report.error_with_help(
            value.extent,
            format_args!(
                "expected a scalar to {}, found `{value}`, which is {}{}",
                first.sense,
                value.shape,
                origin(&[&value])
            ),
            format_args!("reduce it, as in `sum({value})` or `max({value})`"),
        );
        return None;
    }
    Some(Objective {
        sense: first.sense,
        value,
    })
}

/// The relations of a constraint, with the dual variable that a label asks for.
fn relations(constraint: &ast::Constraint, names: &mut Names<'_>, duals: &mut Vec<Dual>) -> Vec<Constraint> {
    let loops: Vec<_> = constraint.loops.iter().map(|head| loops::enter(head, names)).collect();
    let member = constraint
        .rest
        .is_empty()
        .then(|| cone::member(&constraint.first, names));
    let first = match member {
        Some(_) => None,
        None => expr::whole(&constraint.first, names),
    };
    let sides: Vec<_> = constraint
        .rest
        .iter()
        .map(|(relation, at, side)| (*relation, *at, expr::whole(side, names)))
        .collect();
    for (head, entered) in constraint.loops.iter().zip(&loops).rev() {
        loops::leave(head, entered, names);
    }
    let Some(loops) = loops
        .into_iter()
        .map(|entered| entered.range)
        .collect::<Option<Vec<_>>>()
    else {
        if let Some(label) = &constraint.label
            && names.label(label)
        {
            duals.push(dual(label, None));
        }
        return Vec::new();
    };
    let mut relations = Vec::new();
    let claimed = |(claim, shape), extent| Constraint {
        loops: loops.clone(),
        claim,
        shape,
        extent,
        dual: None,
    };
    if let Some(Some(member)) = member {
        relations.push(claimed(member, constraint.first.extent));
    }
    let mut left = first;
    for (relation, at, right) in sides {
        if let (Some(left), Some(right)) = (&left, &right) {
            let claim = if relation.is_semidefinite() {
                cone::semidefinite(relation, left, right, at, names)
            } else {
                elementwise(relation, left, right, at, names)
            };
            relations.extend(claim.map(|claim| claimed(claim, left.extent.to(right.extent))));
        }
        left = right;
    }
    if let Some(label) = &constraint.label
        && names.label(label)
    {
        if relations.len() == constraint.rest.len().max(1) {
            label_duals(label, &mut relations, names, duals);
        } else {
            duals.push(dual(label, None));
        }
    }
    relations
}

fn elementwise(
    relation: ast::Relation,
    left: &ExprRef,
    right: &ExprRef,
    at: Extent,
    names: &Names<'_>,
) -> Option<(Claim, Shape)> {
    let Some((left, right, shape)) = broadcast::both(left, right) else {
        expr::report_shapes(names, at, &relation.to_string(), left, right);
        return None;
    };
    Some((Claim::Relation(relation, left, right), shape))
}

fn label_duals(label: &proc_macro2::Ident, relations: &mut [Constraint], names: &Names<'_>, duals: &mut Vec<Dual>) {
    let (shape, chain) = (relations.first().map(with_turns), relations.len() == 2);
    let place = duals.len();
    if let [first, second] = relations {
        if first.shape != second.shape {
            names.report.error_with_help(
                label,
                format_args!(
                    "the bounds of `{label}` have two shapes: {} and {}",
                    first.shape, second.shape
                ),
                "write two constraints, each with a label",
            );
        }
        let bounds = match first.claim {
            Claim::Relation(ast::Relation::AtLeast, ..) => [Bound::Upper, Bound::Lower],
            _ => [Bound::Lower, Bound::Upper],
        };
        for (relation, bound) in [first, second].into_iter().zip(bounds) {
            relation.dual = Some(DualPlace { dual: place, bound });
        }
    } else if let [only] = relations {
        only.dual = Some(DualPlace {
            dual: place,
            bound: Bound::Only,
        });
    }
    duals.push(Dual {
        chain,
        ..dual(label, shape)
    });
}

/// None where the constraint has a mistake.
fn dual(label: &proc_macro2::Ident, shape: Option<Shape>) -> Dual {
    Dual {
        name: label.clone(),
        rank: shape.as_ref().map_or(Rank::Unknown, rank),
        shape: shape.unwrap_or_else(Shape::scalar),
        chain: false,
    }
}

/// The shape of the dual variables of all turns: one more axis, and further axes as columns.
fn with_turns(constraint: &Constraint) -> Shape {
    let (_, turns) = turn(&constraint.loops);
    let Shape { rows, cols } = &constraint.shape;
    if constraint.shape.is_scalar() {
        Shape::new(turns, Dim::one())
    } else {
        Shape::new(rows.clone(), cols * &turns)
    }
}

fn rank(shape: &Shape) -> Rank {
    if shape.is_scalar() {
        Rank::Scalar
    } else if shape.cols.is_one() {
        Rank::Vector
    } else {
        Rank::Matrix
    }
}

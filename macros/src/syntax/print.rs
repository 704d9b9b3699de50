//! The AST as the user would write it, for messages.

use std::fmt::{self, Display, Formatter};

use super::ast::{Expr, Fold, Index, LoopHead, Node, Operator, Relation, Sense};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.node {
            Node::Number(value) => write!(f, "{value}"),
            Node::Name(name) => write!(f, "{name}"),
            Node::Call(name, args, axis) => {
                let axis = axis.iter().map(|axis| format!("axis = {axis}"));
                let args: Vec<_> = args.iter().map(Expr::to_string).chain(axis).collect();
                write!(f, "{name}({})", args.join(", "))
            }
            Node::Array(elements) => {
                let elements: Vec<_> = elements.iter().map(Expr::to_string).collect();
                write!(f, "[{}]", elements.join(", "))
            }
            Node::Fold(fold, head, arg) => {
                let name = match fold {
                    Fold::Sum => "sum",
                    Fold::Max => "max",
                    Fold::Min => "min",
                };
                write!(f, "{name}({head}, {arg})")
            }
            Node::Negate(arg) => write!(f, "-{arg}"),
            Node::Binary(operator, left, right) => write!(f, "{left} {operator} {right}"),
            Node::Transpose(arg) => write!(f, "{arg}.T"),
            Node::Index(arg, indices) => {
                let indices: Vec<_> = indices.iter().map(Index::to_string).collect();
                write!(f, "{arg}[{}]", indices.join(", "))
            }
            Node::Group(arg) => write!(f, "({arg})"),
        }
    }
}

impl Display for LoopHead {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {}..{}", self.index, self.first, self.last)
    }
}

impl Display for Index {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let end = |end: &Option<Box<Expr>>| end.as_ref().map(|end| end.to_string()).unwrap_or_default();
        match self {
            Index::At(place) => write!(f, "{place}"),
            Index::Range(first, last) => write!(f, "{}..{}", end(first), end(last)),
        }
    }
}

impl Display for Operator {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
        })
    }
}

impl Display for Relation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Relation::Equal => "==",
            Relation::AtMost => "<=",
            Relation::AtLeast => ">=",
            Relation::MatrixAtMost => "<<",
            Relation::MatrixAtLeast => ">>",
        })
    }
}

impl Display for Sense {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Sense::Minimize => "minimize",
            Sense::Maximize => "maximize",
        })
    }
}

//! What an expression costs: how many operations it is, and how many the code of its value and its derivatives will hold,
//! where each use of an argument writes the argument out again.

use super::{ExprRef, Kind, Move, Quadratic, children};
use crate::atoms::{Atom, Form, Value};
use crate::nest::coef::Coef;

/// None of the numbers overflows: from some size on they are all the same.
#[derive(Clone, Copy)]
pub struct Size {
    /// How many nodes there are, those of every `let` counted wherever it is used.
    pub operations: usize,
    /// The operations of the value and its derivatives, once all products are multiplied out.
    pub expanded: usize,
    /// Of an entry, variables by themselves and what has none: each is multiplied by the factors around them.
    terms: usize,
    /// How many of the terms are variables.
    variables: usize,
    /// The operations of the value.
    value: usize,
    /// How often the derivative of what comes next is written.
    seeds: usize,
}

const NOTHING: Size = Size {
    operations: 0,
    expanded: 0,
    terms: 1,
    variables: 0,
    value: 0,
    seeds: 0,
};

/// How many numbers of a literal array are like an operation.
const NUMBERS: usize = 10;

impl Size {
    /// Of an expression, and whether variables occur in it.
    pub fn of(kind: &Kind, variables: bool) -> Size {
        let operands = children(kind);
        let operations = operands.iter().map(|arg| arg.size.operations);
        let operations = operations.fold(1, usize::saturating_add);
        let size = if variables {
            with_variables(kind, &operands)
        } else {
            of_value(kind, &operands)
        };
        Size { operations, ..size }
    }

    fn leaf(value: usize) -> Size {
        Size {
            expanded: value,
            value,
            ..NOTHING
        }
    }

    fn param() -> Size {
        Size {
            seeds: 1,
            ..Size::leaf(1)
        }
    }

    fn variable() -> Size {
        Size {
            variables: 1,
            ..Size::leaf(1)
        }
    }

    fn and(self, other: Size) -> Size {
        Size {
            operations: 0,
            expanded: add([self.expanded, other.expanded]),
            terms: self.terms.max(other.terms),
            variables: add([self.variables, other.variables]),
            value: add([self.value, other.value]),
            seeds: add([self.seeds, other.seeds]),
        }
    }

    fn operation(self) -> Size {
        Size {
            expanded: add([self.expanded, 1]),
            value: add([self.value, 1]),
            ..self
        }
    }

    fn plus(self, other: Size) -> Size {
        self.and(other).operation()
    }

    fn times(self, other: Size) -> Size {
        let both = |of: fn(Size) -> usize| add([times(of(self), other.terms), times(of(other), self.terms)]);
        // Each derivative of one factor is multiplied by the value of the other.
        let crossed = [times(self.seeds, other.value), times(other.seeds, self.value)];
        Size {
            operations: 0,
            expanded: add([both(|size| size.expanded), add(crossed)]),
            terms: times(self.terms, other.terms),
            variables: both(|size| size.variables),
            value: both(|size| size.value),
            seeds: both(|size| size.seeds),
        }
        .operation()
    }

    /// The divisor has no variables.
    fn over(self, divisor: Size) -> Size {
        let (seeds, value) = (times(self.terms, divisor.seeds), times(self.terms, divisor.value));
        let crossed = [
            times(self.seeds, divisor.value),
            times(divisor.seeds, self.value),
            times(seeds, times(2, divisor.value)),
        ];
        Size {
            expanded: add([self.expanded, times(self.terms, divisor.expanded), add(crossed)]),
            value: add([self.value, value]),
            seeds: add([self.seeds, seeds]),
            ..self
        }
        .operation()
    }

    /// A function of numbers. Its derivative is computed once for all that is in an argument.
    fn called(args: impl Iterator<Item = Size>) -> Size {
        let (mut all, mut slopes) = (NOTHING, 0);
        for arg in args {
            all = all.and(arg);
            slopes += arg.seeds.min(1);
        }
        let size = Size {
            seeds: slopes,
            expanded: add([all.expanded, times(slopes + 1, all.value)]),
            ..all
        };
        size.operation()
    }
}

/// Without variables: as it is lowered to a coefficient.
fn of_value(kind: &Kind, operands: &[&ExprRef]) -> Size {
    let sizes: Vec<_> = operands.iter().map(|arg| arg.size).collect();
    match (kind, sizes.as_slice()) {
        (Kind::Param(..), _) => Size::param(),
        (Kind::Literal(entries), _) => Size::leaf(1 + entries.len() / NUMBERS),
        (Kind::Add(..), [a, b]) => a.plus(*b),
        (Kind::Multiply(..) | Kind::Product(..) | Kind::Quadratic(Quadratic::Form(..)), [a, b]) => a.times(*b),
        (Kind::Divide(..), [a, b]) => a.over(*b),
        (Kind::Quadratic(_), [arg]) => arg.times(*arg),
        (Kind::Extreme(..), [arg]) => Size::called([*arg].into_iter()),
        (Kind::Atom(atom, args), sizes) => of_atom(atom, args, sizes),
        (_, [arg]) => arg.operation(),
        _ => Size::leaf(1),
    }
}

/// An atom of arguments without variables.
fn of_atom(atom: &Atom, args: &[ExprRef], sizes: &[Size]) -> Size {
    let excess = |x: Size| Size::called([x.plus(x)].into_iter());
    match (atom.value, sizes) {
        (Value::Each(function), _) => of_coef(&function((0..sizes.len()).map(Coef::Derived).collect()), sizes),
        (Value::Sum(each, last) | Value::Largest(each, last), _) => of_coef(&last(each(Coef::Derived(0))), sizes),
        (Value::As(other), _) => other(args).size,
        (Value::SumOfLargest, [x, k]) => k.times(*x).plus(excess(*x)),
        (Value::LogSumExp, [x]) => x.plus(excess(*x)),
        (Value::Form, [x, p]) => x.times(*p).times(*x),
        (Value::Power(_), [x, ..]) => Size::called([*x].into_iter()),
        _ => Size::called(sizes.iter().copied()),
    }
}

/// A coefficient in which the arguments stand as derived numbers.
fn of_coef(coef: &Coef, args: &[Size]) -> Size {
    if let Coef::Derived(which) = coef {
        return args.get(*which).copied().unwrap_or(NOTHING);
    }
    let children = coef.children();
    let operands = children.into_iter().map(|child| of_coef(child, args));
    match coef {
        Coef::Call(..) => Size::called(operands),
        Coef::Product(_) => operands.reduce(Size::times).unwrap_or(NOTHING),
        Coef::Quotient(..) => operands.reduce(Size::over).unwrap_or(NOTHING),
        _ => operands.reduce(Size::plus).unwrap_or(NOTHING).operation(),
    }
}

/// As terms of variables, each with its coefficient.
fn with_variables(kind: &Kind, operands: &[&ExprRef]) -> Size {
    let sizes: Vec<_> = operands.iter().map(|arg| arg.size).collect();
    let all = || sizes.iter().copied().fold(NOTHING, Size::and).operation();
    match (kind, sizes.as_slice()) {
        (Kind::Block(_) | Kind::Packed(_) | Kind::Copy(..), _) => Size::variable(),
        (Kind::Add(..), [a, b]) => Size {
            terms: add([a.terms, b.terms]),
            ..a.plus(*b)
        },
        // What has variables on both sides is refused.
        (Kind::Multiply(..) | Kind::Product(..), [a, b]) if a.variables == 0 || b.variables == 0 => a.times(*b),
        (Kind::Divide(..), [a, b]) if b.variables == 0 => a.over(*b),
        (Kind::Atom(atom, args), _) => {
            // What is no more than a variable is squared as it is, and stands for what it is otherwise.
            let squared = matches!(atom.quadratic, Some(Form::Whole(_))) && sizes.iter().all(|arg| arg.variables <= 1);
            let size = if squared { of_atom(atom, args, &sizes) } else { all() };
            let terms = if atom.quadratic.is_some() { 3 } else { 1 };
            Size {
                terms,
                variables: terms,
                ..size
            }
        }
        (Kind::Extreme(..) | Kind::LogSumExp(_) | Kind::Move(Move::Cumulate, _), _) => Size {
            terms: 1,
            variables: 1,
            ..all()
        },
        _ => all(),
    }
}

fn add<const N: usize>(numbers: [usize; N]) -> usize {
    numbers.into_iter().fold(0, usize::saturating_add)
}

fn times(a: usize, b: usize) -> usize {
    a.saturating_mul(b)
}

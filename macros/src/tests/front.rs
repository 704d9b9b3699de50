//! What the stages before the conic form say of a problem, and a problem around an expression.

use crate::canon;
use crate::report::Report;
use crate::sign::Sign;
use crate::{check, nest, resolve, syntax};

pub enum Outcome {
    /// A mistake before the curvature was asked for: of syntax, names or shapes.
    Misread(String),
    /// By the composition rules, with the errors.
    Refused(String),
    Accepted {
        sign: Sign,
        variables: bool,
    },
}

/// The sign and the variables are those of the objective.
pub fn outcome(source: &str) -> Outcome {
    let report = Report::default();
    let mut input = match syntax::parse(super::tokens(source), &report) {
        Some(input) if report.count() == 0 => input,
        _ => return Outcome::Misread(report.into_tokens().to_string()),
    };
    let model = resolve::resolve(input.problems.remove(0), &input.functions, &report);
    if report.count() > 0 {
        return Outcome::Misread(report.into_tokens().to_string());
    }
    check::check(&model, &report);
    if report.count() > 0 {
        return Outcome::Refused(report.into_tokens().to_string());
    }
    nest::map(&canon::canonicalize(&model));
    let objective = &model.objective.as_ref().expect("one is written").value;
    Outcome::Accepted {
        sign: objective.sign,
        variables: objective.variables,
    }
}

/// A problem of the statements, with those of the declarations that they use, one a line.
pub fn problem(attributes: &str, declarations: &str, objective: &str, constraint: &str) -> String {
    let is_in_name = |c: char| c.is_alphanumeric() || c == '_';
    let statements = format!("{objective} {constraint}");
    let used: Vec<_> = statements.split(|c| !is_in_name(c)).collect();
    let name = |declaration: &&str| declaration.split(|c| !is_in_name(c)).nth(1).map(str::to_owned);
    let declared = declarations.lines().map(str::trim);
    let declared: String = declared
        .filter(|declaration| name(declaration).is_some_and(|name| used.contains(&name.as_str())))
        .collect();
    // Where an expression has no variables, the problem has one all the same.
    let constraints = format!("subject_to {{ free == 0; {constraint} }}");
    format!("cvxlayers; {attributes} problem P {{ {declared} var free; {objective}; {constraints} }}")
}

pub fn assert_none(deviations: Vec<String>) {
    assert!(deviations.is_empty(), "\n{}", deviations.join("\n"));
}

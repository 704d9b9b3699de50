//! Problems with variables, duals, objective and gradients computed elsewhere.
#![allow(missing_docs)]

use std::collections::BTreeSet;

use cvxlayers::{Cotangent, Exactness, Family, Problem, Record};
use cvxlayers_tests::{assert_close, randomize, tight};
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde::Deserialize;
use serde_json::Value;

const TOLERANCE: f64 = 1e-10;

/// A test of each case, and the names of all of them.
macro_rules! cases {
    ($($name:ident: $problem:expr;)*) => {
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];

        $(#[test]
        fn $name() {
            check(stringify!($name), $problem.expect("the dimensions are positive"));
        })*
    };
}

mod exponential;
mod kinks;
mod linear;
mod power;
mod quadratic;
mod second_order;
mod semidefinite;

#[derive(Deserialize)]
struct Case {
    objective: f64,
    params: Vec<Array>,
    variables: Vec<Array>,
    constraints: Vec<Constraint>,
    cotangents: Vec<Array>,
    compare_values: bool,
    compare_duals: bool,
    compare_gradient: bool,
    /// None where the solution is not differentiable.
    gradients: Option<Vec<Gradient>>,
}

#[derive(Deserialize)]
struct Array {
    name: String,
    data: Vec<f64>,
}

#[derive(Deserialize)]
struct Constraint {
    /// One array, or those of the three arguments of a power cone.
    dual: Vec<Dual>,
}

#[derive(Deserialize)]
struct Dual {
    data: Vec<f64>,
}

#[derive(Deserialize)]
struct Gradient {
    name: String,
    implicit: Vec<f64>,
}

impl Constraint {
    /// The dual variables, one cone after the other.
    fn entries(&self) -> Vec<f64> {
        let places = 0..self.dual[0].data.len();
        places
            .flat_map(|place| self.dual.iter().map(move |dual| dual.data[place]))
            .collect()
    }
}

/// All cases; some have no solution, and so not every field.
fn cases() -> Vec<Value> {
    let mut reference: Value = serde_json::from_str(include_str!("public.json")).expect("the file parses");
    match reference["cases"].take() {
        Value::Array(cases) => cases,
        other => panic!("not a list: {other}"),
    }
}

fn case<C: for<'a> Deserialize<'a>>(name: &str) -> C {
    let found = cases().into_iter().find(|case| case["name"] == name);
    serde_json::from_value(found.expect("the case exists")).expect("the case has these fields")
}

fn field<R: Record>(name: &str) -> usize {
    let found = R::NAMES.iter().position(|known| *known == name);
    found.unwrap_or_else(|| panic!("there is no `{name}`"))
}

fn fill<R: Record>(mut record: R, arrays: &[Array]) -> R {
    for array in arrays {
        record.entries_mut(field::<R>(&array.name)).copy_from_slice(&array.data);
    }
    record
}

/// Solves a case and compares all that the reference marks as comparable. A label `c2` stands for the reference's
/// constraint 2, a label `c2_0` for its first cone.
fn check<F: Family, C>(name: &str, problem: Problem<F, C>) {
    let case: Case = case(name);
    let mut problem = problem.with_settings(tight());
    let params = fill(problem.zero_params(), &case.params);
    let solution = problem.solve(&params).expect("it has a solution");
    assert_close("objective", &[solution.objective], &[case.objective], TOLERANCE);
    if case.compare_values {
        for variable in &case.variables {
            let found = solution.vars.entries(field::<F::Vars>(&variable.name));
            assert_close(&variable.name, found, &variable.data, TOLERANCE);
        }
    }
    if case.compare_duals {
        let mut compared = BTreeSet::new();
        for (field, label) in F::Duals::NAMES.iter().enumerate() {
            let (number, cone) = match label[1..].split_once('_') {
                Some((number, cone)) => (number, Some(cone.parse::<usize>().expect("a number"))),
                None => (&label[1..], None),
            };
            let number: usize = number.parse().expect("a label is `c` and a number");
            let mut expected = case.constraints[number].entries();
            if let Some(cone) = cone {
                expected = expected[3 * cone..][..3].to_vec();
            }
            assert_close(label, solution.duals.entries(field), &expected, TOLERANCE);
            compared.insert(number);
        }
        assert!(
            compared.into_iter().eq(0..case.constraints.len()),
            "no dual is left out"
        );
    }

    if !case.compare_gradient {
        return;
    }

    let cotangent = fill(problem.zero_vars(), &case.cotangents);
    let mut gradient = problem.zero_params();
    let accuracy = solution
        .vjp_into(Cotangent::vars(&cotangent), &mut gradient)
        .expect("it is differentiable");
    assert_eq!((accuracy.kind, accuracy.kinks), (Exactness::Exact, 0));
    for expected in case.gradients.as_ref().expect("comparable gradients are there") {
        let found = gradient.entries(field::<F::Params>(&expected.name));
        let what = format!("gradient of `{}`", expected.name);
        assert_close(&what, found, &expected.implicit, TOLERANCE);
    }
    let mut direction = problem.zero_params();
    randomize(&mut direction, F::ATTRIBUTES, &mut StdRng::seed_from_u64(1));
    let forward = solution.jvp(&direction).expect("it is differentiable").dot(&cotangent);
    assert_close("jvp against vjp", &[forward], &[direction.dot(&gradient)], 1e-9);
}

#[test]
fn every_case_is_here() {
    let files = [
        exponential::NAMES,
        kinks::NAMES,
        linear::NAMES,
        power::NAMES,
        quadratic::NAMES,
        second_order::NAMES,
        semidefinite::NAMES,
    ];
    let mut here: Vec<_> = files.concat();
    // Without values: the test of that name compares it with another case.
    here.push("exp_poisson_regression");
    here.sort_unstable();
    let cases = cases();
    let mut expected: Vec<_> = cases.iter().filter_map(|case| case["name"].as_str()).collect();
    expected.sort_unstable();
    assert_eq!(here, expected);
}

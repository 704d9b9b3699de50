//! Certificates and rays prove what they claim.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::families::{BallProblem, LpProblem, ProxProblem};
use cvxlayers::{Certificate, Cone, Error, Program, Ray};

fn assert_proves_infeasible(program: &Program, cones: &[Cone], certificate: &Certificate) {
    let z = &certificate.z;
    let value: f64 = program.b.iter().zip(z).map(|(b, z)| b * z).sum();
    assert!((value + 1.0).abs() < 1e-12, "{value}");
    let mut atz = vec![0.0; program.q.len()];
    for (a, (row, column)) in program.a.iter() {
        let (row, column) = (row as usize, column as usize);
        atz[column] += a * z[row];
    }
    let worst = atz.iter().fold(0.0_f64, |worst, entry| worst.max(entry.abs()));
    assert!(worst < 1e-6, "{worst}");
    assert!((worst - certificate.residual).abs() < 1e-12);
    each_cone(cones, z, |cone, z| assert!(cone.dual_violation(z) < 1e-9));
}

fn assert_proves_unbounded(program: &Program, cones: &[Cone], ray: &Ray) {
    let value: f64 = program.q.iter().zip(&ray.x).map(|(q, x)| q * x).sum();
    assert!((value + 1.0).abs() < 1e-12, "{value}");
    let mut px = vec![0.0; program.q.len()];
    for (p, (row, column)) in program.p.iter() {
        let (row, column) = (row as usize, column as usize);
        px[row] += p * ray.x[column];
        if row != column {
            px[column] += p * ray.x[row];
        }
    }
    let mut slack = ray.s.clone();
    for (a, (row, column)) in program.a.iter() {
        let (row, column) = (row as usize, column as usize);
        slack[row] += a * ray.x[column];
    }
    for entry in px.iter().chain(&slack) {
        assert!(entry.abs() < 1e-6, "{entry}");
    }
    each_cone(cones, &ray.s, |cone, s| assert!(cone.violation(s) < 1e-9));
}

fn each_cone(cones: &[Cone], vector: &[f64], check: impl Fn(&Cone, &[f64])) {
    let mut row = 0;
    for cone in cones {
        check(cone, &vector[row..row + cone.dim()]);
        row += cone.dim();
    }
}

#[test]
fn an_infeasible_linear_program() {
    // x₁ + x₂ <= −1 with x >= 0.
    let mut problem = LpProblem::new((2, 2)).unwrap();
    let params = problem
        .zero_params()
        .with("a", &[1.0, 0.3, 1.0, 0.2])
        .with("b", &[-1.0, 5.0])
        .with("c", &[1.0, 1.0]);
    let error = problem.solve(&params).unwrap_err();
    assert_eq!(error.to_string(), "`Lp` is infeasible");
    let Error::Infeasible { certificate, .. } = error else {
        panic!("{error}")
    };
    let program = problem.program(&params).unwrap();
    assert_proves_infeasible(&program, problem.cones(), &certificate);
    let duals = problem.certificate_duals(&certificate).unwrap();
    assert!(duals.field("resources")[0] > 0.9);

    let mut other = LpProblem::new((3, 2)).unwrap();
    assert_eq!(
        other.certificate_duals(&certificate),
        Err(Error::Foreign { expected: 5, found: 4 })
    );
    let good = params.with("b", &[1.0, 5.0]).with("c", &[-1.0, 0.0]);
    assert!((problem.solve(&good).unwrap().objective + 1.0).abs() < 1e-7);
    let _ = other.solve(&other.zero_params());
}

#[test]
fn an_infeasible_ball() {
    // ‖x‖ <= ½ with Σx = 4.
    let (p, n) = (12, 12);
    let mut problem = BallProblem::new((p, n)).unwrap();
    let mut params = problem.zero_params();
    params.field_mut("r").fill(0.5);
    params.field_mut("t").fill(4.0);
    for i in 0..n {
        params.field_mut("g")[i + p * i] = 1.0;
    }
    let error = problem.solve(&params).unwrap_err();
    let Error::Infeasible { certificate, .. } = error else {
        panic!("{error}")
    };
    let program = problem.program(&params).unwrap();
    assert_proves_infeasible(&program, problem.cones(), &certificate);
}

#[test]
fn an_unbounded_linear_program() {
    let mut problem = LpProblem::new((2, 2)).unwrap();
    let params = problem
        .zero_params()
        .with("a", &[1.0, 0.3, -1.0, -0.4])
        .with("b", &[1.0, 5.0])
        .with("c", &[-1.0, 0.5]);
    let error = problem.solve(&params).unwrap_err();
    assert_eq!(error.to_string(), "`Lp` is unbounded");
    let Error::Unbounded { ray, .. } = error else {
        panic!("{error}")
    };
    let program = problem.program(&params).unwrap();
    assert_proves_unbounded(&program, problem.cones(), &ray);
    let vars = problem.ray_vars(&ray).unwrap();
    assert!(vars.field("x")[0] > 0.0);
}

#[test]
fn an_unbounded_program_without_constraints() {
    let mut problem = ProxProblem::new(2).unwrap();
    let params = problem.zero_params().with("w", &[1.0, 1e-300]).with("p", &[1.0, 1e300]);
    let error = problem.solve(&params).unwrap_err();
    assert!(
        matches!(error, Error::Unbounded { .. } | Error::Numerical { .. }),
        "{error}"
    );
}

#[test]
fn a_distant_bound_is_not_unbounded() {
    // minimize −x subject to x <= 1e10, x >= 0: the solver alone may call it unbounded.
    let mut problem = LpProblem::new((1, 1)).unwrap();
    for bound in [1e6, 1e8, 1e10, 1e12] {
        let params = problem
            .zero_params()
            .with("a", &[1.0])
            .with("b", &[bound])
            .with("c", &[-1.0]);
        match problem.solve(&params) {
            Ok(solution) => assert!((solution.vars.field("x")[0] / bound - 1.0).abs() < 1e-6),
            Err(error) => assert!(!matches!(error, Error::Unbounded { .. }), "{error}"),
        }
    }
}

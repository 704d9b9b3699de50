//! The two methods for programs over symmetric cones: the same answers, the same verdicts.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::families::{box_qp, conic, portfolio};
use common::{Numbers, distance, norm};
use cvxlayers::{Cone, Error, Family, Method, Polish, Problem, SDP, Settings};

fn both<F: Family>(make: impl Fn() -> Problem<F>, params: &F::Params, unique: bool) {
    let [auto, clarabel] = [Method::Auto, Method::Clarabel].map(|method| {
        let settings = Settings::default().with_method(method).with_polish(Polish::Off);
        make().with_settings(settings).solve(params).unwrap()
    });
    let scale = clarabel.objective.abs().max(1.0);
    assert!((auto.objective - clarabel.objective).abs() <= 1e-7 * scale);
    assert!(auto.iterations > 0);
    // With Newton's steps at the end.
    let finished = make().solve(params).unwrap();
    assert!((finished.objective - clarabel.objective).abs() <= 1e-7 * scale);
    assert!(finished.iterations <= auto.iterations);
    if unique {
        assert!(distance(&auto.vars, &clarabel.vars) <= 1e-3 * norm(&clarabel.vars).max(1.0));
        assert!(distance(&finished.vars, &clarabel.vars) <= 1e-3 * norm(&clarabel.vars).max(1.0));
    }
}

/// The iterations with and without Newton's steps at the end, and the residual with them.
fn iterations(cones: &[Cone], seed: u64, scale: f64) -> ([u32; 2], f64) {
    let (problem, mut params) = conic(cones, 4, 4, seed);
    // The rows of the first cone in other units than those of the others.
    let (first, rows) = (cones[0].dim(), cones.iter().map(|cone| cone.dim()).sum::<usize>());
    for (index, a) in params.field_mut("a").iter_mut().enumerate() {
        *a *= if index % rows < first { scale } else { 1.0 };
    }
    params.field_mut("b")[..first].iter_mut().for_each(|b| *b *= scale);
    let finished = problem.with_settings(Settings::default()).solve(&params).unwrap();
    let clarabel = Settings::default().with_method(Method::Clarabel);
    let plain = conic(cones, 4, 4, seed)
        .0
        .with_settings(clarabel)
        .solve(&params)
        .unwrap();
    assert!((finished.objective - plain.objective).abs() <= 1e-7 * plain.objective.abs().max(1.0));
    if finished.iterations == plain.iterations {
        assert_eq!(finished.vars, plain.vars);
    }
    ([finished.iterations, plain.iterations], finished.residual())
}

#[test]
fn the_last_iterations_over_cones_without_symmetry_are_left_out() {
    let lists = [
        vec![Cone::Exponential; 4],
        vec![Cone::Power(0.3), Cone::Power(0.6), Cone::Nonneg(2)],
    ];
    for cones in &lists {
        let mut sums = [0, 0];
        for seed in 0..20 {
            let ([finished, plain], residual) = iterations(cones, seed, 1.0);
            assert!(residual <= 1e-10 || finished > plain, "{residual}");
            sums = [sums[0] + finished, sums[1] + plain];
            // Where rows are uneven nothing is tried.
            let ([finished, plain], _) = iterations(cones, seed, 1e6);
            assert_eq!(finished, plain);
        }
        assert!(4 * sums[0] < 3 * sums[1], "{sums:?}");
    }
}

#[test]
fn the_answers_are_the_same() {
    for seed in 0..50 {
        for n in [2, 5, 20] {
            let (_, params) = box_qp(n, seed);
            both(|| box_qp(n, seed).0, &params, true);
            let (_, params) = portfolio(n, 3, seed);
            both(|| portfolio(n, 3, seed).0, &params, true);
            // With equalities, and with objectives that are linear or flat in some directions.
            for rank in [0, n / 2, n] {
                let cones = [Cone::Zero(n / 2), Cone::Nonneg(2 * n), Cone::Nonneg(1)];
                let (_, params) = conic(&cones, n, rank, seed);
                both(|| conic(&cones, n, rank, seed).0, &params, rank == n);
            }
        }
    }
}

/// Cones of few rows and of many, alone and beside others; and other numbers of their rows, which is what scales them.
#[test]
fn the_answers_over_cones_are_the_same() {
    let mut lists = vec![
        vec![Cone::SecondOrder(5), Cone::SecondOrder(2), Cone::SecondOrder(1)],
        vec![
            Cone::Zero(2),
            Cone::SecondOrder(25),
            Cone::Nonneg(4),
            Cone::SecondOrder(3),
        ],
    ];
    if SDP {
        lists.push(vec![
            Cone::Semidefinite(1),
            Cone::Semidefinite(2),
            Cone::Semidefinite(6),
        ]);
        lists.push(vec![
            Cone::Zero(1),
            Cone::Semidefinite(4),
            Cone::SecondOrder(4),
            Cone::Nonneg(2),
        ]);
    }
    for cones in &lists {
        for seed in 0..30 {
            for rank in [0, 6] {
                let (_, mut params) = conic(cones, 6, rank, seed);
                let rows: usize = cones.iter().map(|cone| cone.dim()).sum();
                let mut row = 0;
                for (place, cone) in cones.iter().enumerate() {
                    let factor = 10_f64.powi((seed as usize + 3 * place) as i32 % 5 - 2);
                    for row in row..row + cone.dim() {
                        params.field_mut("b")[row] *= factor;
                        for column in 0..6 {
                            params.field_mut("a")[row + rows * column] *= factor;
                        }
                    }
                    row += cone.dim();
                }
                both(|| conic(cones, 6, rank, seed).0, &params, rank == 6);
            }
        }
    }
}

/// They are solved by where the method starts.
#[test]
fn equalities_alone() {
    for (m, n) in [(1, 3), (4, 9), (20, 30)] {
        let (problem, params) = conic(&[Cone::Zero(m)], n, n, 5);
        let mut problem = problem.with_settings(Settings::default().with_polish(Polish::Off));
        let solution = problem.solve(&params).unwrap();
        assert!(solution.residual() <= 1e-9, "{}", solution.residual());
        assert_eq!(solution.iterations, 0);
    }
}

/// What the first method does not solve is for the second: its proofs, and no trace of it.
#[test]
fn programs_without_a_solution() {
    for method in [Method::Auto, Method::Clarabel] {
        for (n, rank, more) in [(6, 6, 2), (6, 0, 2), (6, 6, 5)] {
            let cones = [
                Cone::Zero(1),
                Cone::Nonneg(3 * n - more + 1),
                Cone::SecondOrder(more - 1),
            ];
            let (problem, params) = conic(&cones, n, rank, 3);
            let mut problem = problem.with_settings(Settings::default().with_method(method));
            let expected = problem.solve(&params).unwrap();
            let mut infeasible = params.clone();
            // `a x + s = b` and `−a x + s = −b − 1` in two rows of inequalities.
            let columns = infeasible.field("a").len() / (3 * n + 1);
            let rows = 3 * n + 1;
            for column in 0..columns {
                let value = infeasible.field("a")[column * rows + 1];
                infeasible.field_mut("a")[column * rows + 2] = -value;
            }
            let value = infeasible.field("b")[1];
            infeasible.field_mut("b")[2] = -value - 1.0;
            match problem.solve(&infeasible) {
                Err(Error::Infeasible { certificate, .. }) => assert!(certificate.residual <= 1e-6),
                other => panic!("{method:?}: {other:?}"),
            }
            let again = problem.solve(&params).unwrap();
            assert_eq!(again.vars, expected.vars);
        }
    }
}

/// Parameters of all sizes: the residuals are relative.
#[test]
fn units_do_not_matter() {
    let mut numbers = Numbers::new(1);
    for exponent in [-8, -4, 0, 4, 8] {
        let factor = 10_f64.powi(exponent) * (1.5 + numbers.next().abs());
        let (mut problem, params) = box_qp(15, 2);
        let mut scaled = params.clone();
        for name in ["p", "q"] {
            scaled.field_mut(name).iter_mut().for_each(|entry| *entry *= factor);
        }
        let expected = problem.solve(&params).unwrap();
        let found = problem.solve(&scaled).unwrap();
        assert!(
            distance(&found.vars, &expected.vars) <= 1e-5 * norm(&expected.vars),
            "{exponent}"
        );
    }
}

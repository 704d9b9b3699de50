//! What the generated code and a whole solve allocate once everything is warm.
#![allow(missing_docs)]

use allocation_counter::measure;
use cvxlayers::nalgebra::{DMatrix, DVector, SMatrix, SVector};
use cvxlayers::{Cone, Cotangent, Error, Family, Method, Polish, Problem, cvx};

/// Clarabel's own: its timers, once a solve.
fn of_solver<F: Family, C>(problem: &Problem<F, C>) -> u64 {
    let for_it = |cone: &Cone| matches!(cone, Cone::Exponential | Cone::Power(_));
    u64::from(problem.settings().method == Method::Clarabel || problem.cones().iter().any(for_it))
}

cvx! {
    problem Portfolio(n, k) {
        param mu: [n];
        param sigma: [k, k] psd;
        param factors: [n, k];
        param idio: [n] nonneg;
        param gamma: nonneg;
        var w: [n];
        let exposure = factors.T * w;
        maximize mu.T * w - gamma * (quad_form(exposure, sigma) + sum_squares(multiply(idio, w)))
            - gamma * norm2(w) / (1 + gamma);
        subject_to { budget: sum(w) == 1; limits: 0 <= w <= 0.4; }
    }

    problem Dense(n) {
        param p: [n, n] psd;
        param q: [n];
        param a: [n, n];
        param b: [n];
        var x: [n];
        minimize quad_form(x, p) / 2 + dot(q, x);
        subject_to { a * x <= b; }
    }

    problem Small {
        param a: [4, 3];
        param b: [4];
        param s: [3, 3] symmetric;
        var x: [3];
        minimize sum_squares(a * x - b) + norm1(s * x);
        subject_to { limit: sum(x) == sum(b); }
    }
}

fn check<F: Family, C>(mut problem: Problem<F, C>, points: [&F::Params; 2]) -> Result<(), Error> {
    for (method, polish) in [
        (Method::Auto, Polish::Off),
        (Method::Auto, Polish::Derivative),
        (Method::Auto, Polish::Solve),
        (Method::Clarabel, Polish::Derivative),
    ] {
        problem.settings_mut().method = method;
        problem.settings_mut().polish = polish;
        let of_solver = of_solver(&problem);
        let (mut gradient, mut tangent) = (problem.zero_params(), problem.zero_tangent());
        let (cotangent, of_duals, of_lets) = (problem.zero_vars(), problem.zero_duals(), problem.zero_lets());
        let all = || Cotangent::vars(&cotangent).and_duals(&of_duals).and_lets(&of_lets);
        let mut solution = problem.solve(points[0])?;
        solution.vjp_into(Cotangent::vars(&cotangent), &mut gradient)?;
        problem.solve_into(points[0], &mut solution)?;
        for params in points {
            let mut outcome = Ok(());
            let solve = measure(|| outcome = problem.solve_into(params, &mut solution));
            outcome?;
            assert_eq!(solve.count_total, of_solver, "{}: {solve:?}", F::NAME);
            let mut outcome = Ok(());
            let derivatives = measure(|| {
                outcome = solution
                    .vjp_into(all(), &mut gradient)
                    .and_then(|_| solution.jvp_into(points[0], &mut tangent.vars))
                    .and_then(|_| solution.tangent_into(points[0], &mut tangent))
                    .map(drop);
            });
            outcome?;
            assert_eq!(derivatives.count_total, 0, "{}: {derivatives:?}", F::NAME);
        }
    }
    Ok(())
}

#[test]
fn arrays_on_the_heap() -> Result<(), Error> {
    let (n, k) = (12, 3);
    let params = PortfolioParams {
        mu: DVector::from_fn(n, |i, _| 0.1 + 0.01 * i as f64),
        sigma: DMatrix::identity(k, k),
        factors: DMatrix::from_fn(n, k, |i, j| ((i * 3 + j) as f64).sin()),
        idio: DVector::from_element(n, 0.2),
        gamma: 2.0,
    };
    let other = params.clone() * 1.1;
    check(Portfolio::new(PortfolioDims { n, k })?, [&params, &other])
}

/// The derivative's matrix is factored as a dense one.
#[test]
fn dense_matrices() -> Result<(), Error> {
    for n in [48, 150] {
        let params = DenseParams {
            p: DMatrix::from_fn(n, n, |i, j| if i == j { 2.0 } else { 1.0 / (1 + i + j) as f64 }),
            q: DVector::from_fn(n, |i, _| (i as f64).cos()),
            a: DMatrix::from_fn(n, n, |i, j| ((i * 7 + j * 3) as f64).sin()),
            b: DVector::from_fn(n, |i, _| 0.1 * (i % 3) as f64),
        };
        let other = params.clone() * 1.1;
        check(Dense::new(DenseDims { n })?, [&params, &other])?;
    }
    Ok(())
}

#[test]
fn arrays_on_the_stack() -> Result<(), Error> {
    let params = SmallParams {
        a: SMatrix::from_fn(|i, j| ((i * 3 + j) as f64).cos()),
        b: SVector::from_fn(|i, _| i as f64),
        s: SMatrix::identity(),
    };
    let other = params.clone() * 0.9;
    check(Small::new()?, [&params, &other])
}

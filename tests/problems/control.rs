//! Linear model predictive control.

use cvxlayers::{Cotangent, Error, Family, Problem, Record, cvx};
use cvxlayers_tests::{assert_close, check_derivatives, flat, random_matrix, tight};
use nalgebra::{DMatrix, DVector};
use rand::SeedableRng;
use rand::rngs::StdRng;

cvx! {
    problem Regulator(n, m, T) {
        param a: [n, n];
        param b: [n, m];
        param q: [n, n] psd;
        param r: [m, m] psd;
        param x0: [n];
        param limit: [m] nonneg;
        var x: [n, T + 1];
        var u: [m, T];
        minimize sum(t in 0..T, quad_form(x[.., t + 1], q) + quad_form(u[.., t], r));
        subject_to {
            x[.., 0] == x0;
            for t in 0..T {
                dynamics: x[.., t + 1] == a * x[.., t] + b * u[.., t];
                bounds: -limit <= u[.., t] <= limit;
            }
        }
    }

    problem SmallRegulator {
        const N: usize = 4;
        const M: usize = 2;
        const T: usize = 20;
        param a: [N, N];
        param b: [N, M];
        param q: [N, N] psd;
        param r: [M, M] psd;
        param x0: [N];
        param limit: [M] nonneg;
        var x: [N, T + 1];
        var u: [M, T];
        minimize sum(t in 0..T, quad_form(x[.., t + 1], q) + quad_form(u[.., t], r));
        subject_to {
            x[.., 0] == x0;
            for t in 0..T {
                dynamics: x[.., t + 1] == a * x[.., t] + b * u[.., t];
                bounds: -limit <= u[.., t] <= limit;
            }
        }
    }

    problem LargeRegulator {
        const N: usize = 12;
        const M: usize = 4;
        const T: usize = 40;
        param a: [N, N];
        param b: [N, M];
        param q: [N, N] psd;
        param r: [M, M] psd;
        param x0: [N];
        param limit: [M] nonneg;
        var x: [N, T + 1];
        var u: [M, T];
        minimize sum(t in 0..T, quad_form(x[.., t + 1], q) + quad_form(u[.., t], r));
        subject_to {
            x[.., 0] == x0;
            for t in 0..T {
                dynamics: x[.., t + 1] == a * x[.., t] + b * u[.., t];
                bounds: -limit <= u[.., t] <= limit;
            }
        }
    }

    /// The states from the second step on stay in a polytope.
    problem Polytopic(n, m, k, T) {
        param a: [n, n];
        param b: [n, m];
        param q: [n, n] psd;
        param r: [m, m] psd;
        param x0: [n];
        param h: [k, n];
        param c: [k];
        var x: [n, T + 1];
        var u: [m, T];
        minimize sum(t in 0..T, quad_form(x[.., t + 1], q) + quad_form(u[.., t], r));
        subject_to {
            x[.., 0] == x0;
            for t in 0..T { dynamics: x[.., t + 1] == a * x[.., t] + b * u[.., t]; }
            for t in 2..T + 1 { polytope: h * x[.., t] <= c; }
        }
    }
}

fn plant(n: usize, m: usize, limit: f64) -> RegulatorParams {
    let mut rng = StdRng::seed_from_u64(n as u64);
    let noise = random_matrix(n, n, &mut rng);
    let root = random_matrix(n, n, &mut rng) / (n as f64).sqrt();
    RegulatorParams {
        a: DMatrix::identity(n, n) * 0.95 + noise * (0.3 / (n as f64).sqrt()),
        b: random_matrix(n, m, &mut rng),
        q: root.tr_mul(&root) + DMatrix::identity(n, n) * 0.5,
        r: DMatrix::from_fn(m, m, |i, j| if i == j { 1.0 } else { 0.1 }),
        x0: DVector::from_column_slice(random_matrix(n, 1, &mut rng).as_slice()) * 2.0,
        limit: DVector::from_fn(m, |i, _| limit * (1.0 + 0.1 * i as f64)),
    }
}

/// The optimal value and inputs without bounds, by dynamic programming.
fn riccati(params: &RegulatorParams, horizon: usize) -> (f64, DMatrix<f64>) {
    let RegulatorParams { a, b, q, r, x0, .. } = params;
    let mut cost = q.clone();
    let mut gains = Vec::new();
    for step in (0..horizon).rev() {
        let hessian = r + b.tr_mul(&(&cost * b));
        let gain = hessian.cholesky().expect("definite").solve(&b.tr_mul(&(&cost * a)));
        let stage = if step == 0 {
            DMatrix::zeros(q.nrows(), q.nrows())
        } else {
            q.clone()
        };
        cost = stage + a.tr_mul(&(&cost * (a - b * &gain)));
        gains.push(gain);
    }
    let (mut x, mut u) = (x0.clone(), DMatrix::zeros(b.ncols(), horizon));
    for (step, gain) in gains.iter().rev().enumerate() {
        let input = -(gain * &x);
        x = a * &x + b * &input;
        u.set_column(step, &input);
    }
    (x0.dot(&(&cost * x0)), u)
}

fn regulator(params: &RegulatorParams, horizon: usize) -> Result<Problem<RegulatorFamily>, Error> {
    let (n, m) = params.b.shape();
    Ok(Regulator::new(RegulatorDims { n, m, T: horizon })?.with_settings(tight()))
}

/// The same entries in other types.
fn copy<R: Record, S: Record>(from: &R, to: &mut S) {
    assert_eq!(R::NAMES, S::NAMES);
    for field in 0..R::NAMES.len() {
        to.entries_mut(field).copy_from_slice(from.entries(field));
    }
}

/// A problem of literal dimensions says what the one of run-time dimensions says.
fn agree<F: Family, C>(
    fixed: Result<Problem<F, C>, Error>,
    params: &RegulatorParams,
    horizon: usize,
) -> Result<(), Error> {
    let mut fixed = fixed?.with_settings(tight());
    let mut copied = fixed.zero_params();
    copy(params, &mut copied);
    let one = regulator(params, horizon)?.solve(params)?;
    let other = fixed.solve(&copied)?;
    assert_close("objective", &[one.objective], &[other.objective], 1e-9);
    assert_close("vars", &flat(&one.vars), &flat(&other.vars), 1e-8);
    let (left, right) = (one.vjp(&one.vars)?, other.vjp(Cotangent::vars(&other.vars))?);
    assert_close("gradients", &flat(&left), &flat(&right), 1e-7);
    Ok(())
}

#[test]
fn a_regulator_within_its_bounds_follows_the_riccati_recursion() -> Result<(), Error> {
    for (n, m, horizon) in [(4, 2, 20), (12, 4, 40)] {
        let params = plant(n, m, 1e3);
        let mut problem = regulator(&params, horizon)?;
        let solution = problem.solve(&params)?;
        let (value, u) = riccati(&params, horizon);
        assert_close("objective", &[solution.objective], &[value], 1e-8);
        assert_close("u", solution.vars.u.as_slice(), u.as_slice(), 1e-7);
        check_derivatives(&mut problem, &params, |_| {}, 1e-5)?;
    }
    Ok(())
}

#[test]
fn a_bounded_regulator_satisfies_the_maximum_principle() -> Result<(), Error> {
    for (n, m, horizon, limit) in [(4, 2, 20, 0.2), (12, 4, 40, 0.2)] {
        let params = plant(n, m, limit);
        let mut problem = regulator(&params, horizon)?;
        let solution = problem.solve(&params)?;
        let RegulatorParams { a, b, q, r, limit, .. } = &params;
        let (x, u) = (&solution.vars.x, &solution.vars.u);
        let costate = &solution.duals.dynamics;
        let (lower, upper) = (&solution.duals.bounds.lower, &solution.duals.bounds.upper);
        let mut active = 0;
        for t in 0..horizon {
            let mut state = q * x.column(t + 1) * 2.0 + costate.column(t);
            if t + 1 < horizon {
                state -= a.tr_mul(&costate.column(t + 1));
            }
            let input = r * u.column(t) * 2.0 - b.tr_mul(&costate.column(t)) + upper.column(t) - lower.column(t);
            assert!(state.amax().max(input.amax()) < 1e-7, "{state} {input}");
            let moved = x.column(t + 1) - a * x.column(t) - b * u.column(t);
            assert!(moved.amax() < 1e-9);
            for i in 0..m {
                let (above, below) = (limit[i] - u[(i, t)], limit[i] + u[(i, t)]);
                assert!(above.min(below) > -1e-9 && upper[(i, t)].min(lower[(i, t)]) > -1e-9);
                assert!((above * upper[(i, t)]).abs().max((below * lower[(i, t)]).abs()) < 1e-8);
                active += usize::from(above.min(below) < 1e-7);
            }
        }
        assert!(active > 2, "{active} bounds are active");
        check_derivatives(&mut problem, &params, |_| {}, 1e-5)?;
    }
    Ok(())
}

#[test]
fn literal_horizons_are_horizons() -> Result<(), Error> {
    for limit in [0.2, 1e3] {
        agree(SmallRegulator::new(), &plant(4, 2, limit), 20)?;
        agree(LargeRegulator::new(), &plant(12, 4, limit), 40)?;
    }
    Ok(())
}

#[test]
fn a_regulator_in_a_polytope() -> Result<(), Error> {
    keep_in_polytope(4, 2, 3, 20)?;
    keep_in_polytope(12, 4, 3, 40)
}

fn keep_in_polytope(n: usize, m: usize, k: usize, horizon: usize) -> Result<(), Error> {
    let RegulatorParams { a, b, q, r, x0, .. } = plant(n, m, 0.0);
    let h = random_matrix(k, n, &mut StdRng::seed_from_u64(5));
    let dims = PolytopicDims { n, m, k, T: horizon };
    let mut problem = Polytopic::new(dims)?.with_settings(tight());
    let c = DVector::repeat(k, 1e3);
    let mut params = PolytopicParams { a, b, q, r, x0, h, c };
    // Cuts off a part of where each row would go.
    let free = &params.h * problem.solve(&params)?.vars.x.columns(2, horizon - 1);
    params.c = DVector::from_fn(k, |i, _| free.row(i).max() * 0.5 + 0.02);
    let solution = problem.solve(&params)?;
    let PolytopicParams { a, b, q, r, h, c, .. } = &params;
    let (x, u) = (&solution.vars.x, &solution.vars.u);
    let (costate, price) = (&solution.duals.dynamics, &solution.duals.polytope);
    assert_eq!(price.shape(), (k, horizon - 1));
    for t in 0..horizon {
        let mut state = q * x.column(t + 1) * 2.0 + costate.column(t);
        if t + 1 < horizon {
            state -= a.tr_mul(&costate.column(t + 1));
        }
        if t > 0 {
            let (price, slack) = (price.column(t - 1), c - h * x.column(t + 1));
            state += h.tr_mul(&price);
            assert!(slack.min() > -1e-9 && price.min() > -1e-9);
            assert!(slack.dot(&price).abs() < 1e-8);
        }
        let input = r * u.column(t) * 2.0 - b.tr_mul(&costate.column(t));
        assert!(state.amax().max(input.amax()) < 1e-7, "{state} {input}");
    }
    assert!(price.max() > 1e-2, "a row is active");
    check_derivatives(&mut problem, &params, |_| {}, 1e-5)
}

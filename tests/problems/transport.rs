//! Optimal transport.

use cvxlayers::{Error, Problem, cvx};
use cvxlayers_tests::{assert_close, check_derivatives, check_objective_derivatives, random_matrix, tight};
use nalgebra::DVector;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

cvx! {
    problem Transport(m, n) {
        param cost: [m, n];
        param supply: [m] nonneg;
        param demand: [n] nonneg;
        var plan: [m, n] nonneg;
        minimize sum(multiply(cost, plan));
        subject_to {
            for i in 0..m { sources: sum(plan[i, ..]) == supply[i]; }
            for j in 0..n { sinks: sum(plan[.., j]) == demand[j]; }
        }
    }
}

/// The solution, after its potentials have proven it: they are the negated duals.
fn prove(problem: &mut Problem<TransportFamily>, params: &TransportParams) -> Result<TransportSolution, Error> {
    let solution = problem.solve(params)?;
    let TransportParams { cost, supply, demand } = params;
    let plan = &solution.vars.plan;
    assert!(plan.min() > -1e-9);
    assert_close("supply", plan.column_sum().as_slice(), supply.as_slice(), 1e-8);
    assert_close("demand", plan.row_sum().transpose().as_slice(), demand.as_slice(), 1e-8);
    let (sources, sinks) = (&solution.duals.sources, &solution.duals.sinks);
    for (i, source) in sources.iter().enumerate() {
        for (j, sink) in sinks.iter().enumerate() {
            let reduced = cost[(i, j)] + source + sink;
            assert!(reduced > -1e-8 && (reduced * plan[(i, j)]).abs() < 1e-8);
        }
    }
    let dual = -supply.dot(sources) - demand.dot(sinks);
    assert_close("gap", &[solution.objective, cost.dot(plan)], &[dual, dual], 1e-8);
    // By the envelope theorem.
    let gradient = solution.objective_gradient()?;
    assert_close("plan", gradient.cost.as_slice(), plan.as_slice(), 1e-9);
    assert_close("sources", gradient.supply.as_slice(), (-sources).as_slice(), 1e-9);
    Ok(solution)
}

#[test]
fn potentials_prove_the_plan() -> Result<(), Error> {
    for (m, n) in [(30, 30), (12, 20)] {
        let mut rng = StdRng::seed_from_u64(4);
        let supply = DVector::from_fn(m, |_, _| rng.random_range(0.5..1.5));
        let demand = DVector::from_fn(n, |_, _| rng.random_range(0.5..1.5));
        let demand = &demand * (supply.sum() / demand.sum());
        let cost = random_matrix(m, n, &mut rng).add_scalar(1.0);
        let params = TransportParams { cost, supply, demand };
        let mut problem = Transport::new(TransportDims { m, n })?.with_settings(tight());
        prove(&mut problem, &params)?;
        let keep_balance = |direction: &mut TransportParams| {
            let excess = direction.supply.sum() - direction.demand.sum();
            direction.demand.add_scalar_mut(excess / n as f64);
        };
        check_derivatives(&mut problem, &params, keep_balance, 1e-5)?;
    }
    Ok(())
}

/// A vertex with more active constraints than variables: it does not move with the cost, but its value does.
#[test]
fn an_assignment_is_a_permutation() -> Result<(), Error> {
    let n = 20;
    let cost = random_matrix(n, n, &mut StdRng::seed_from_u64(6));
    let ones = DVector::repeat(n, 1.0);
    let params = TransportParams {
        cost,
        supply: ones.clone(),
        demand: ones,
    };
    let mut problem = Transport::new(TransportDims { m: n, n })?.with_settings(tight());
    let solution = prove(&mut problem, &params)?;
    let plan = &solution.vars.plan;
    assert_close("permutation", plan.as_slice(), plan.map(f64::round).as_slice(), 1e-9);
    let only_cost = |direction: &mut TransportParams| {
        direction.supply.fill(0.0);
        direction.demand.fill(0.0);
    };
    let mut direction = problem.zero_params();
    direction.cost = random_matrix(n, n, &mut StdRng::seed_from_u64(7));
    assert!(solution.jvp(&direction)?.plan.amax() < 1e-9);
    assert!(solution.vjp(&TransportVars { plan: direction.cost })?.cost.amax() < 1e-9);
    check_objective_derivatives(&mut problem, &params, only_cost, 1e-5)
}

//! Optimal transport.

use cvxlayers::{Error, cvx};
use cvxlayers_tests::{assert_close, check_derivatives, random_matrix, tight};
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

#[test]
fn potentials_prove_the_plan() -> Result<(), Error> {
    for (m, n) in [(30, 30), (12, 20)] {
        prove(m, n)?;
    }
    Ok(())
}

fn prove(m: usize, n: usize) -> Result<(), Error> {
    let mut rng = StdRng::seed_from_u64(4);
    let supply = DVector::from_fn(m, |_, _| rng.random_range(0.5..1.5));
    let demand = DVector::from_fn(n, |_, _| rng.random_range(0.5..1.5));
    let demand = &demand * (supply.sum() / demand.sum());
    let cost = random_matrix(m, n, &mut rng).add_scalar(1.0);
    let params = TransportParams { cost, supply, demand };
    let mut problem = Transport::new(TransportDims { m, n })?.with_settings(tight());
    let solution = problem.solve(&params)?;

    let TransportParams { cost, supply, demand } = &params;
    let plan = &solution.vars.plan;
    assert!(plan.min() > -1e-9);
    assert_close("supply", plan.column_sum().as_slice(), supply.as_slice(), 1e-8);
    assert_close("demand", plan.row_sum().as_slice(), demand.as_slice(), 1e-8);
    // The potentials are the negated duals.
    let (sources, sinks) = (&solution.duals.sources, &solution.duals.sinks);
    for i in 0..m {
        for j in 0..n {
            let reduced = cost[(i, j)] + sources[i] + sinks[j];
            assert!(reduced > -1e-8 && (reduced * plan[(i, j)]).abs() < 1e-8);
        }
    }
    let dual = -supply.dot(sources) - demand.dot(sinks);
    assert_close("gap", &[solution.objective, cost.dot(plan)], &[dual, dual], 1e-8);

    // By the envelope theorem.
    let gradient = solution.objective_gradient()?;
    assert_close("plan", gradient.cost.as_slice(), plan.as_slice(), 1e-9);
    assert_close("sources", gradient.supply.as_slice(), (-sources).as_slice(), 1e-9);
    let keep_balance = |direction: &mut TransportParams| {
        let excess = direction.supply.sum() - direction.demand.sum();
        direction.demand.add_scalar_mut(excess / n as f64);
    };
    check_derivatives(&mut problem, &params, keep_balance, 1e-5)
}

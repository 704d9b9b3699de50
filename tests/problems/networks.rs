//! Flows of least cost.

use cvxlayers::sprs::TriMat;
use cvxlayers::{Error, cvx};
use cvxlayers_tests::{assert_close, check_derivatives, tight};
use nalgebra::DVector;

cvx! {
    problem Network(nodes, arcs) {
        data incidence: [nodes, arcs] sparse;
        param supply: [nodes];
        param cost: [arcs];
        param capacity: [arcs] nonneg;
        var flow: [arcs];
        minimize cost.T * flow;
        subject_to {
            balance: incidence * flow == supply;
            bounds: 0 <= flow <= capacity;
        }
    }
}

/// From, to, cost, capacity.
const ARCS: [(usize, usize, f64, f64); 12] = [
    (0, 1, 2.0, 7.0),
    (0, 2, 5.1, 6.0),
    (0, 3, 9.3, 5.0),
    (1, 2, 1.3, 3.0),
    (1, 4, 7.2, 4.0),
    (2, 3, 2.4, 4.0),
    (2, 4, 3.7, 5.0),
    (3, 5, 1.9, 8.0),
    (4, 3, 0.6, 3.0),
    (4, 6, 6.5, 4.0),
    (5, 6, 1.1, 9.0),
    (2, 5, 8.8, 6.0),
];
const NODES: usize = 7;
const SHIPPED: f64 = 10.0;

/// One unit after the other along a shortest path of what is left, by Bellman and Ford.
fn successive_shortest_paths() -> Vec<f64> {
    let mut flow = vec![0.0; ARCS.len()];
    for _ in 0..SHIPPED as usize {
        let mut distance = [f64::INFINITY; NODES];
        let mut through = [None; NODES];
        distance[0] = 0.0;
        for _ in 0..NODES {
            for (arc, &(from, to, cost, capacity)) in ARCS.iter().enumerate() {
                if flow[arc] < capacity && distance[from] + cost < distance[to] - 1e-9 {
                    (distance[to], through[to]) = (distance[from] + cost, Some((arc, from, 1.0)));
                }
                if flow[arc] > 0.0 && distance[to] - cost < distance[from] - 1e-9 {
                    (distance[from], through[from]) = (distance[to] - cost, Some((arc, to, -1.0)));
                }
            }
        }
        let mut node = NODES - 1;
        while let Some((arc, before, sign)) = through[node] {
            flow[arc] += sign;
            node = before;
        }
    }
    flow
}

#[test]
fn the_cheapest_flow_is_integral() -> Result<(), Error> {
    let arcs = ARCS.len();
    let mut incidence = TriMat::new((NODES, arcs));
    for (arc, (from, to, ..)) in ARCS.into_iter().enumerate() {
        incidence.add_triplet(from, arc, 1.0);
        incidence.add_triplet(to, arc, -1.0);
    }
    let data = NetworkData {
        incidence: incidence.to_csc(),
    };
    let params = NetworkParams {
        supply: DVector::from_fn(NODES, |node, _| match node {
            0 => SHIPPED,
            6 => -SHIPPED,
            _ => 0.0,
        }),
        cost: DVector::from_fn(arcs, |arc, _| ARCS[arc].2),
        capacity: DVector::from_fn(arcs, |arc, _| ARCS[arc].3),
    };
    let mut problem = Network::new(NetworkDims { nodes: NODES, arcs }, data)?.with_settings(tight());
    let solution = problem.solve(&params)?;
    let expected = successive_shortest_paths();
    assert_close("flow", solution.vars.flow.as_slice(), &expected, 1e-8);

    let (balance, bounds) = (&solution.duals.balance, &solution.duals.bounds);
    let prices = DVector::from_fn(arcs, |arc, _| balance[ARCS[arc].0] - balance[ARCS[arc].1]);
    let stationary = &params.cost + prices + &bounds.upper - &bounds.lower;
    assert!(stationary.amax() < 1e-8 && bounds.upper.min().min(bounds.lower.min()) > -1e-9);
    let dual = -params.supply.dot(balance) - params.capacity.dot(&bounds.upper);
    assert_close("gap", &[solution.objective], &[dual], 1e-8);

    let gradient = solution.objective_gradient()?;
    assert_close("gradient", gradient.cost.as_slice(), &expected, 1e-8);
    assert_close(
        "capacity",
        gradient.capacity.as_slice(),
        (-&bounds.upper).as_slice(),
        1e-8,
    );
    // What leaves arrives.
    let keep_balance = |direction: &mut NetworkParams| {
        let mean = direction.supply.mean();
        direction.supply.add_scalar_mut(-mean);
    };
    check_derivatives(&mut problem, &params, keep_balance, 1e-5)
}

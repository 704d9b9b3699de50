//! Optimal power flow in the linear approximation.

use cvxlayers::{Error, cvx};
use cvxlayers_tests::{assert_close, check_derivatives, tight};
use nalgebra::{DMatrix, DVector, dmatrix, dvector};

cvx! {
    problem Dispatch(buses, lines, generators) {
        param incidence: [lines, buses];
        param susceptance: [lines] nonneg;
        param capacity: [lines] nonneg;
        param site: [buses, generators];
        param load: [buses];
        param quadratic: [generators] nonneg;
        param linear: [generators];
        param peak: [generators] nonneg;
        var p: [generators];
        var angle: [buses];
        var flow: [lines];
        minimize dot(quadratic, square(p)) + linear.T * p;
        subject_to {
            balance: load - site * p + incidence.T * flow == 0;
            physics: flow == multiply(susceptance, incidence * angle);
            limits: -capacity <= flow <= capacity;
            range: 0 <= p <= peak;
            angle[0] == 0;
        }
    }
}

fn incidence(buses: usize, lines: &[(usize, usize)]) -> DMatrix<f64> {
    DMatrix::from_fn(lines.len(), buses, |line, bus| {
        f64::from(lines[line].0 == bus) - f64::from(lines[line].1 == bus)
    })
}

fn solve(params: &DispatchParams) -> Result<DispatchSolution, Error> {
    let (lines, buses) = params.incidence.shape();
    let dims = DispatchDims {
        buses,
        lines,
        generators: params.linear.len(),
    };
    let mut problem = Dispatch::new(dims)?.with_settings(tight());
    let solution = problem.solve(params)?;

    let (vars, duals) = (&solution.vars, &solution.duals);
    let (limits, range) = (&duals.limits, &duals.range);
    let power = vars.p.component_mul(&params.quadratic) * 2.0 + &params.linear - params.site.tr_mul(&duals.balance)
        + &range.upper
        - &range.lower;
    let flow = &params.incidence * &duals.balance + &duals.physics + &limits.upper - &limits.lower;
    // That of the reference angle is zero too: a shift of all angles changes nothing.
    let angle = params
        .incidence
        .tr_mul(&duals.physics.component_mul(&params.susceptance));
    assert!(
        power.amax().max(flow.amax()).max(angle.amax()) < 1e-7,
        "{power} {flow} {angle}"
    );
    let slack = [
        (&params.capacity - &vars.flow, &limits.upper),
        (&params.capacity + &vars.flow, &limits.lower),
        (&params.peak - &vars.p, &range.upper),
        (vars.p.clone(), &range.lower),
    ];
    for (slack, price) in slack {
        assert!(slack.min() > -1e-9 && price.min() > -1e-8);
        assert!(slack.component_mul(price).amax() < 1e-8);
    }
    check_derivatives(&mut problem, params, |_| {}, 1e-5)?;
    Ok(solution)
}

/// Two thirds of what the first bus sends to the last take the direct line, and one third of what the second sends
/// takes the detour over the first. The direct line is full, so that one more unit of load needs two more of the
/// second generator and one less of the first.
#[test]
fn a_full_line_separates_the_prices_of_three_buses() -> Result<(), Error> {
    let params = DispatchParams {
        incidence: incidence(3, &[(0, 2), (0, 1), (1, 2)]),
        susceptance: DVector::repeat(3, 1.0),
        capacity: dvector![0.8, 1.0, 1.0],
        site: dmatrix![1.0, 0.0; 0.0, 1.0; 0.0, 0.0],
        load: dvector![0.0, 0.0, 1.5],
        quadratic: dvector![0.5, 1.0],
        linear: dvector![1.0, 3.0],
        peak: dvector![5.0, 5.0],
    };
    let solution = solve(&params)?;
    assert_close("power", solution.vars.p.as_slice(), &[0.9, 0.6], 1e-8);
    assert_close("flow", solution.vars.flow.as_slice(), &[0.8, 0.1, 0.7], 1e-8);
    let prices = [1.9, 4.2, 2.0 * 4.2 - 1.9];
    assert_close("prices", solution.duals.balance.as_slice(), &prices, 1e-7);
    let line = 3.0 * (4.2 - 1.9);
    assert_close("line", solution.duals.limits.upper.as_slice(), &[line, 0.0, 0.0], 1e-7);
    let gradient = solution.objective_gradient()?;
    assert_close("gradient of load", gradient.load.as_slice(), &prices, 1e-7);
    assert_close(
        "gradient of capacity",
        gradient.capacity.as_slice(),
        &[-line, 0.0, 0.0],
        1e-7,
    );
    Ok(())
}

#[test]
fn without_full_lines_there_is_one_price() -> Result<(), Error> {
    let lines = [(0, 1), (0, 3), (0, 4), (1, 2), (2, 3), (3, 4)];
    let mut params = DispatchParams {
        incidence: incidence(5, &lines),
        susceptance: dvector![35.6, 32.9, 156.3, 92.6, 33.7, 33.7] / 30.0,
        capacity: DVector::repeat(6, 100.0),
        site: DMatrix::from_fn(5, 4, |bus, generator| f64::from([0, 2, 3, 4][generator] == bus)),
        load: dvector![0.0, 3.0, 3.0, 4.0, 0.0],
        quadratic: dvector![0.5, 0.8, 1.0, 0.3],
        linear: dvector![14.0, 15.0, 30.0, 10.0],
        peak: dvector![2.1, 5.2, 2.0, 6.0],
    };
    let solution = solve(&params)?;
    // Two generators run at their peaks and one is too expensive: the other makes the rest.
    assert_close("power", solution.vars.p.as_slice(), &[2.1, 1.9, 0.0, 6.0], 1e-8);
    let price = 15.0 + 1.6 * 1.9;
    assert_close("prices", solution.duals.balance.as_slice(), &[price; 5], 1e-7);

    params.capacity = dvector![4.0, 1.9, 2.0, 4.0, 4.0, 2.4];
    let solution = solve(&params)?;
    assert!(
        solution
            .duals
            .limits
            .upper
            .amax()
            .max(solution.duals.limits.lower.amax())
            > 1e-2
    );
    Ok(())
}

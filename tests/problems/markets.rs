//! Portfolios over several periods, with costs of trading.

use cvxlayers::{Error, cvx};
use cvxlayers_tests::{check_derivatives, random_matrix, tight};
use nalgebra::{DMatrix, DVector};
use rand::SeedableRng;
use rand::rngs::StdRng;

cvx! {
    problem Periods(n, T) {
        param mu: [n, T];
        param sigma: [n, n] psd;
        param held: [n];
        param gamma: nonneg;
        param cost: nonneg;
        var w: [n, T];
        let turnover = norm1(w[.., 0] - held) + sum(t in 1..T, norm1(w[.., t] - w[.., t - 1]));
        maximize sum(t in 0..T, mu[.., t].T * w[.., t] - gamma * quad_form(w[.., t], sigma)) - cost * turnover;
        subject_to {
            for t in 0..T {
                budget: sum(w[.., t]) == 1;
                long: w[.., t] >= 0;
            }
        }
    }
}

#[test]
fn trades_are_worth_their_cost() -> Result<(), Error> {
    let (n, periods) = (8, 6);
    let mut rng = StdRng::seed_from_u64(17);
    let factor = random_matrix(n, n, &mut rng);
    let params = PeriodsParams {
        mu: random_matrix(n, periods, &mut rng) * 0.1,
        sigma: factor.tr_mul(&factor) / n as f64 + DMatrix::identity(n, n) * 0.1,
        held: DVector::repeat(n, 1.0 / n as f64),
        gamma: 0.5,
        cost: 0.03,
    };
    let mut problem = Periods::new(PeriodsDims { n, T: periods })?.with_settings(tight());
    let solution = problem.solve(&params)?;

    let PeriodsParams {
        mu,
        sigma,
        held,
        gamma,
        cost,
    } = &params;
    let (w, budget, long) = (&solution.vars.w, &solution.duals.budget, &solution.duals.long);
    let (mut kept, mut traded, mut absent) = (0, 0, 0);
    // The marginal value of holding more before a period: a subgradient of the cost of the trade into it.
    let mut value = DVector::zeros(n);
    for t in (0..periods).rev() {
        let weights = w.column(t);
        value += mu.column(t) - sigma * weights * (2.0 * gamma) + long.column(t);
        value.add_scalar_mut(-budget[t]);
        let before = if t == 0 { held.column(0) } else { w.column(t - 1) };
        assert!((weights.sum() - 1.0).abs() < 1e-9);
        for i in 0..n {
            let trade = weights[i] - before[i];
            assert!(value[i].abs() < cost + 1e-8);
            assert!((value[i] * trade - cost * trade.abs()).abs() < 1e-9);
            assert!(weights[i].min(long[(i, t)]) > -1e-9 && (weights[i] * long[(i, t)]).abs() < 1e-9);
            absent += usize::from(weights[i] < 1e-7);
            kept += usize::from(trade.abs() < 1e-7);
            traded += usize::from(trade.abs() > 1e-3);
        }
    }
    assert!(kept > 3 && traded > 3 && absent > 3, "{kept} {traded} {absent}");
    check_derivatives(&mut problem, &params, |_| {}, 1e-5)
}

//! First end-to-end run.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]
use cvxlayers::cvx;
use cvxlayers::nalgebra::{DMatrix, DVector};

cvx! {
    /// Long-only Markowitz portfolio with a factor risk model.
    pub problem Portfolio(n, k) {
        param mu: [n];
        param factors: [n, k];
        param idio: [n] nonneg;
        param gamma: nonneg;
        var w: [n];
        let exposure = factors.T * w;

        maximize mu.T * w - gamma * (sum_squares(exposure) + sum_squares(multiply(idio, w)));
        subject_to {
            budget: sum(w) == 1;
            w >= 0;
        }
    }
}

#[test]
fn runs() {
    let mut portfolio = Portfolio::new(PortfolioDims { n: 4, k: 2 }).unwrap();
    let params = PortfolioParams {
        mu: DVector::from_vec(vec![0.1, 0.2, 0.3, 0.15]),
        factors: DMatrix::from_fn(4, 2, |i, j| 0.1 * (i as f64) - 0.2 * j as f64 + 0.1),
        idio: DVector::from_vec(vec![0.1, 0.2, 0.5, 0.2]),
        gamma: 2.0,
    };
    let solution = portfolio.solve(&params).unwrap();
    println!("{} {:?} {}", solution.vars.w, solution.duals, solution.objective);
    let g = solution.vjp(&PortfolioVars { w: DVector::from_vec(vec![1.0, 0.0, 0.0, 0.0]) }).unwrap();
    println!("{g:?}");
    let d = solution.jvp(&g).unwrap();
    println!("{d:?}");
}

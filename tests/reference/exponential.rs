//! Exponential cones.

use cvxlayers::{Error, cvx};
use cvxlayers_tests::{assert_close, check_derivatives, tight};
use serde::Deserialize;

use super::{Array, case, check, fill};

cvx! {
    problem EntropyTransport(n) {
        param K: [n, n];
        param r: [n];
        param c: [n - 1];
        var X: [n, n];
        minimize sum(multiply(K, X)) - 0.5 * sum(entr(X));
        subject_to { c0: sum(X, axis = 1) == r; c1: sum(X, axis = 0)[..n - 1].T == c; }
    }

    problem EntropyMax(m, n) {
        param A: [m, n];
        param b: [m];
        var x: [n];
        maximize sum(entr(x));
        subject_to { c0: A * x == b; c1: sum(x) == 1; }
    }

    problem FisherMarket(n) {
        param V: [2, n] nonneg;
        var X: [2, n] nonneg;
        maximize 0.8 * log(dot(V[0, ..], X[0, ..])) + 1.3 * log(dot(V[1, ..], X[1, ..])) - 0.05 * sum_squares(X);
        subject_to { c0: sum(X, axis = 0) <= 1; }
    }

    problem LogSumExp(m, n) {
        param A: [m, n];
        param b: [m];
        var x: [n];
        minimize log_sum_exp(A * x + b) + 0.2 * sum_squares(x);
    }

    problem LogisticRegression(m, n) {
        param X: [m, n];
        param lam: nonneg;
        var b: [n];
        minimize sum(logistic(X * b)) + lam * sum_squares(b);
    }

    problem Poisson(m, n) {
        param X: [m, n];
        param y: [m];
        var b: [n];
        minimize sum(exp(X * b)) - y.T * X * b + 0.1 * norm1(b);
    }

    problem PoissonDpp(m, n) {
        param X: [m, n];
        param Xty: [n];
        var b: [n];
        minimize sum(exp(X * b)) - Xty.T * b + 0.1 * norm1(b);
    }

    problem RelativeEntropy(n) {
        param a: [n];
        param c: [n];
        var x: [n];
        var y: [n];
        minimize sum(rel_entr(x, y)) + sum_squares(x - a) + sum_squares(y - c);
    }

    /// `x eˣ <= t` where `x e^(u / x) <= t` and `x² <= u`.
    problem Xexp(n) {
        param a: [n] nonneg;
        var x: [n] nonneg;
        var t: [n];
        var u: [n];
        minimize sum(t) + sum_squares(x - a);
        subject_to { c0: sum(x) >= 1; exp_cone(u, x, t); square(x) <= u; }
    }
}

cases! {
    exp_entropy_matrix_ot: EntropyTransport::new(EntropyTransportDims { n: 3 });
    exp_entropy_max: EntropyMax::new(EntropyMaxDims { m: 2, n: 5 });
    exp_fisher_market: FisherMarket::new(FisherMarketDims { n: 3 });
    exp_log_sum_exp: LogSumExp::new(LogSumExpDims { m: 5, n: 3 });
    exp_logistic_regression: LogisticRegression::new(LogisticRegressionDims { m: 8, n: 3 });
    exp_poisson_regression_dpp: PoissonDpp::new(PoissonDppDims { m: 6, n: 2 });
    exp_rel_entr: RelativeEntropy::new(RelativeEntropyDims { n: 3 });
    exp_xexp: Xexp::new(XexpDims { n: 3 });
}

#[derive(Deserialize)]
struct Given {
    params: Vec<Array>,
}

/// CVXPY refuses the product of two parameters, so the reference has no solution. It is that of the problem which is
/// given the product, and so are its gradients by the chain rule and by differences.
#[test]
fn exp_poisson_regression() -> Result<(), Error> {
    let given: Given = case("exp_poisson_regression");
    let mut problem = Poisson::new(PoissonDims { m: 6, n: 2 })?.with_settings(tight());
    let params = fill(problem.zero_params(), &given.params);
    let solution = problem.solve(&params)?;

    let mut other = PoissonDpp::new(PoissonDppDims { m: 6, n: 2 })?.with_settings(tight());
    let expected = other.solve(&PoissonDppParams {
        X: params.X.clone(),
        Xty: params.X.tr_mul(&params.y),
    })?;
    assert_close("objective", &[solution.objective], &[expected.objective], 1e-10);
    let b = &expected.vars.b;
    assert_close("b", solution.vars.b.as_slice(), b.as_slice(), 1e-10);

    let (gradient, inner) = (solution.vjp(&solution.vars)?, expected.vjp(&expected.vars)?);
    let of_x = &inner.X + &params.y * inner.Xty.transpose();
    assert_close("gradient of X", gradient.X.as_slice(), of_x.as_slice(), 1e-8);
    let of_y = &params.X * &inner.Xty;
    assert_close("gradient of y", gradient.y.as_slice(), of_y.as_slice(), 1e-8);
    check_derivatives(&mut problem, &params, |_| {}, 1e-6)
}

//! Families over exponential, semidefinite and power cones.

use cvxlayers::cvx;

use super::{Trial, absolute, make_definite, trials};

cvx! {
    problem Logistic(m, n) {
        param a: [m, n];
        param b: [m];
        param lambda: nonneg;
        var x: [n];
        minimize sum(logistic(a * x - b)) + lambda * sum_squares(x);
    }

    problem Entropy(m, n) {
        param a: [m, n];
        param b: [m];
        param c: [n];
        var x: [n];
        maximize sum(entr(x)) + dot(c, x);
        subject_to { resources: a * x <= b; total: sum(x) == 1; }
    }

    problem LogSumExp(m, n) {
        param a: [m, n];
        param b: [m];
        param limit: nonneg;
        var x: [n];
        minimize log_sum_exp(a * x + b) + 0.2 * sum_squares(x);
        subject_to { bound: sum(exp(x)) <= limit; }
    }

    problem Divergence(n) {
        param p: [n] nonneg;
        param a: [n];
        param b;
        var x: [n];
        minimize sum(kl_div(x, p));
        subject_to { moment: a.T * x == b; sum(log(x)) >= -2 * n; }
    }

    problem Correlation(n) {
        param a: [n, n] symmetric;
        var x: [n, n] psd;
        minimize sum_squares(x - a);
        subject_to { unit: diag(x) == 1; }
    }

    problem Eigenvalue(n) {
        param a: [n, n] symmetric;
        param c: [n];
        var x: [n];
        minimize lambda_max(a + diag(x)) + 0.5 * sum_squares(x - c);
    }

    problem Fraction(n) {
        param v: [n];
        param m: [n, n] symmetric;
        var s: [n, n] psd;
        minimize matrix_frac(v, s) + sum_squares(s - m);
    }

    problem Covariance(n) {
        param e: [n, n] psd;
        param lambda: nonneg;
        var s: [n, n] symmetric;
        minimize trace(e * s) - log_det(s) + lambda * sum(abs(s));
    }

    problem Powers(n) {
        param c: [n];
        param w: [n] nonneg;
        param limit: nonneg;
        var x: [n];
        var y: [n];
        var z: [n];
        maximize dot(c, z) - 0.05 * sum_squares(z);
        subject_to {
            graph: pow_cone(x, y, z, 0.3);
            budget: sum(x) <= limit;
            y <= w;
        }
    }

    problem Mixed(m, n) {
        param a: [m, n];
        param b: [m];
        param c: [n];
        param s: [n, n] symmetric;
        var x: [n];
        minimize norm2(a * x - b) + log_sum_exp(x - c) + lambda_max(s + diag(x)) + 0.1 * sum_squares(x);
        subject_to {
            bounds: -0.5 <= x <= 0.5;
            pow_cone(1 + x, 1, c / 4, 0.6);
        }
    }
}

fn logistic((m, n, seed): (usize, usize, u64)) -> bool {
    let problem = Logistic::new(LogisticDims { m, n });
    Trial::new(problem, |params| params.lambda = params.lambda.abs() + 0.05).run(seed)
}

/// Equal shares are feasible.
fn entropy((m, n, seed): (usize, usize, u64)) -> bool {
    let problem = Entropy::new(EntropyDims { m, n });
    Trial::new(problem, |params| {
        params.b = 0.2 * params.b.abs() + params.a.column_mean().add_scalar(0.02);
    })
    .run(seed)
}

fn log_sum_exp((m, n, seed): (usize, usize, u64)) -> bool {
    let problem = LogSumExp::new(LogSumExpDims { m, n });
    Trial::new(problem, |params| {
        params.limit = params.a.ncols() as f64 * (0.5 + params.limit.abs());
    })
    .run(seed)
}

/// The moment is that of a point near `p`.
fn divergence((_, n, seed): (usize, usize, u64)) -> bool {
    let problem = Divergence::new(DivergenceDims { n });
    Trial::new(problem, |params| {
        absolute(params.p.as_mut_slice(), 0.2);
        params.b = params.b * 0.1 + params.a.dot(&params.p);
    })
    .run(seed)
}

fn correlation((_, n, seed): (usize, usize, u64)) -> bool {
    Trial::new(Correlation::new(CorrelationDims { n }), |_| {}).run(seed)
}

fn eigenvalue((_, n, seed): (usize, usize, u64)) -> bool {
    Trial::new(Eigenvalue::new(EigenvalueDims { n }), |_| {}).run(seed)
}

fn fraction((_, n, seed): (usize, usize, u64)) -> bool {
    let problem = Fraction::new(FractionDims { n: n.min(4) });
    Trial::new(problem, |params| absolute(params.v.as_mut_slice(), 0.1)).run(seed)
}

fn covariance((_, n, seed): (usize, usize, u64)) -> bool {
    let problem = Covariance::new(CovarianceDims { n: n.min(4) });
    Trial::new(problem, |params| {
        let n = params.e.nrows();
        make_definite(params.e.as_mut_slice(), n);
        params.lambda = params.lambda.abs() * 0.2 + 0.02;
    })
    .run(seed)
}

fn powers((_, n, seed): (usize, usize, u64)) -> bool {
    let problem = Powers::new(PowersDims { n });
    Trial::new(problem, |params| {
        absolute(params.c.as_mut_slice(), 0.2);
        absolute(params.w.as_mut_slice(), 0.2);
        params.limit = params.limit.abs() + 0.5;
    })
    .run(seed)
}

fn mixed((m, n, seed): (usize, usize, u64)) -> bool {
    Trial::new(Mixed::new(MixedDims { m, n }), |_| {}).run(seed)
}

macro_rules! families {
    ($($name:ident: $run:expr;)*) => {
        $(#[test]
        fn $name() {
            trials($run, 40);
        })*
    };
}

families! {
    logistic_regression: logistic;
    entropy_maximization: entropy;
    log_sum_exp_fits: log_sum_exp;
    divergences: divergence;
    correlation_matrices: correlation;
    largest_eigenvalues: eigenvalue;
    matrix_fractions: fraction;
    covariance_selection: covariance;
    power_cones: powers;
    cones_of_every_kind: mixed;
}

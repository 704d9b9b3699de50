//! Semidefinite cones.

use cvxlayers::cvx;

use super::check;

cvx! {
    problem GraphicalLasso(n) {
        param E: [n, n] symmetric;
        param lam: nonneg;
        var S: [n, n] psd;
        minimize trace(E * S) - log_det(S) + lam * sum(abs(S));
    }

    problem LambdaMin {
        param M: [2, 2] symmetric;
        param c: [2];
        var x: [2];
        let B1 = [[1, 0.4], [0.4, -0.2]];
        let B2 = [[-0.3, 0.7], [0.7, 0.9]];
        maximize lambda_min(M + x[0] * B1 + x[1] * B2) - 0.5 * sum_squares(x - c);
    }

    problem MatrixInequality {
        param c: [2];
        param s: nonneg;
        var x: [2];
        let F0 = [[2, 0.1, 0], [0.1, 1.5, 0.2], [0, 0.2, 1]];
        let F1 = [[1, 0.5, 0.2], [0.5, -1, 0], [0.2, 0, 0.3]];
        let F2 = [[0, -0.4, 0.6], [-0.4, 0.5, 0.1], [0.6, 0.1, -1]];
        minimize c.T * x + 0.1 * sum_squares(x);
        subject_to { c0: s * F0 + x[0] * F1 + x[1] * F2 >> 0; }
    }

    problem LogDetCovariance(n) {
        param E: [n, n] symmetric;
        param lam: nonneg;
        var S: [n, n] psd;
        minimize trace(E * S) - log_det(S) + lam * sum_squares(S);
    }

    problem Lyapunov {
        param Q: [2, 2] symmetric;
        param W: [2, 2] symmetric;
        var P: [2, 2] symmetric;
        let A = [[-1, 0.6], [0.1, -0.8]];
        minimize trace(W * P) + 0.1 * sum_squares(P);
        subject_to { c0: P >> 0.1 * eye(2); c1: A.T * P + P * A << -Q; }
    }

    problem MatrixFrac(n) {
        param v: [n];
        param M: [n, n] symmetric;
        var S: [n, n] psd;
        minimize matrix_frac(v, S) + sum_squares(S - M);
    }

    problem SchurComplement(n) {
        param a: [n];
        param c: [n];
        var x: [n];
        var t;
        minimize t + sum(multiply(c, x));
        subject_to { c0: block([[eye(n), x - a], [(x - a).T, t]]) >> 0; }
    }
}

cases! {
    sdp_graphical_lasso: GraphicalLasso::new(GraphicalLassoDims { n: 3 });
    sdp_lambda_min: LambdaMin::new();
    sdp_lmi: MatrixInequality::new();
    sdp_log_det_covariance: LogDetCovariance::new(LogDetCovarianceDims { n: 3 });
    sdp_lyapunov_like: Lyapunov::new();
    sdp_matrix_frac: MatrixFrac::new(MatrixFracDims { n: 2 });
    sdp_schur_bmat: SchurComplement::new(SchurComplementDims { n: 2 });
}

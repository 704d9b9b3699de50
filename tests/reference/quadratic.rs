//! Quadratic programs.

use cvxlayers::cvx;

use super::check;

cvx! {
    problem DiagMatrix(n) {
        param S: [n, n];
        param p: [n];
        var X: [n, n];
        var z: [n];
        minimize sum_squares(X - S) + sum_squares(z - p);
        subject_to { c0: diag(X) == z; c1: diag(z)[0, 0] >= 0.3; }
    }

    problem DiagParameter(n) {
        param D: [n, n] diagonal;
        param b: [n];
        var x: [n];
        minimize sum_squares(D * x - b) + 0.1 * sum_squares(x);
    }

    problem HstackVstack {
        param d: [5];
        param M: [2, 2];
        var x: [2];
        var y: [3];
        minimize sum_squares(vstack(x, y) - d);
        subject_to { c0: vstack(x.T, y[..2].T) <= M; c1: sum(y) >= 0.5; }
    }

    problem IndexingSlices {
        param a: [3];
        param b: [2];
        param c: [6];
        var x: [6];
        minimize sum_squares(x) + c.T * x;
        subject_to {
            c0: [x[0], x[2], x[4]] >= a;
            c1: [x[1], x[3]] == b;
            c2: x[5] <= 0.2;
        }
    }

    problem KronConstant {
        param D: [4, 4];
        var X: [2, 2];
        minimize sum_squares(kron([[1, -0.5], [0.2, 2]], X) - D);
        subject_to { c0: sum(X) <= 0.1; }
    }

    problem Lasso(m, n) {
        param A: [m, n];
        param b: [m];
        param lam: nonneg;
        var x: [n];
        minimize 0.5 * sum_squares(A * x - b) + lam * norm1(x);
    }

    problem MatrixIndex(n) {
        param M: [n, n];
        param r: [n];
        var X: [n, n];
        minimize sum_squares(X - M);
        subject_to {
            c0: X[1, ..].T == r;
            c1: X[0, 2] + X[2, 0] >= 1;
            c2: X[0..2, 0] <= 0.5;
        }
    }

    problem MatrixRegression {
        param A: [4, 3];
        param B: [4, 2];
        var X: [3, 2];
        minimize sum_squares(A * X - B) + 0.1 * sum_squares(X);
        subject_to { c0: X >= -0.2; }
    }

    problem MeanAndTranspose(r, c) {
        param M: [c, r];
        param m;
        var X: [r, c];
        minimize sum_squares(X.T - M);
        subject_to { c0: mean(X) == m; c1: max(X) <= 0.9; }
    }

    problem Mpc(T, n, m) {
        param A: [n, n];
        param B: [n, m];
        param x0: [n];
        param umax: nonneg;
        var X: [n, T + 1];
        var U: [m, T];
        minimize sum_squares(X) + 0.5 * sum_squares(U);
        subject_to {
            c0: X[.., 0] == x0;
            c1: X[.., 1..] == A * X[.., ..T] + B * U;
            c2: abs(U) <= umax;
        }
    }

    problem MultiplyParameter(n) {
        param w: [n];
        param b: [n];
        var x: [n];
        minimize sum_squares(multiply(w, x) - b);
        subject_to { c0: sum(x) == 1; }
    }

    problem ParameterTimesConstant(m) {
        param A: [m, 3];
        param b: [m];
        var x: [2];
        let Q = [[1, 0], [0.5, 1], [-1, 2]];
        minimize sum_squares(A * Q * x - b);
        subject_to { c0: sum(x) == 0.3; }
    }

    problem ReshapeVec(r, c) {
        param M: [r, c];
        param v: [r * c];
        var x: [r * c];
        let X = reshape(x, [r, c]);
        minimize sum_squares(X - M);
        subject_to { c0: vec(X.T) <= v; }
    }

    problem Ridge(m, n) {
        param A: [m, n];
        param b: [m];
        param lam: nonneg;
        var x: [n];
        minimize sum_squares(A * x - b) + lam * sum_squares(x);
    }

    problem SecondDifference(n) {
        param y: [n];
        param lam: nonneg;
        var x: [n];
        let d = diff(x);
        minimize sum_squares(x - y) + lam * sum_squares(diff(d));
        subject_to { c0: d >= -0.5; }
    }

    problem SumSmallest(n) {
        param a: [n];
        param b;
        var x: [n];
        minimize sum_squares(x - a);
        subject_to { c0: sum_smallest(x, 2) >= b; }
    }

    problem Svm(m, n) {
        param Z: [m, n];
        param y: [m];
        param lam: nonneg;
        var w: [n];
        var v;
        minimize sum(pos(1 - Z * w - y * v)) / 8 + lam * sum_squares(w) + 0.01 * square(v);
    }

    problem SymmetricParameter(n) {
        param S: [n, n] symmetric;
        param b: [n];
        var x: [n];
        minimize sum_squares(S * x - b) + 0.3 * sum_squares(x);
        subject_to { c0: x <= 0.6; }
    }
}

cases! {
    qp_diag_matrix: DiagMatrix::new(DiagMatrixDims { n: 3 });
    qp_diag_parameter: DiagParameter::new(DiagParameterDims { n: 3 });
    qp_hstack_vstack: HstackVstack::new();
    qp_indexing_slices: IndexingSlices::new();
    qp_kron_constant: KronConstant::new();
    qp_lasso: Lasso::new(LassoDims { m: 6, n: 4 });
    qp_matrix_index: MatrixIndex::new(MatrixIndexDims { n: 3 });
    qp_matrix_regression: MatrixRegression::new();
    qp_mean_and_transpose: MeanAndTranspose::new(MeanAndTransposeDims { r: 2, c: 3 });
    qp_mpc: Mpc::new(MpcDims { T: 4, n: 2, m: 1 });
    qp_multiply_parameter: MultiplyParameter::new(MultiplyParameterDims { n: 4 });
    qp_parameter_matrix_times_constant: ParameterTimesConstant::new(ParameterTimesConstantDims { m: 4 });
    qp_reshape_vec: ReshapeVec::new(ReshapeVecDims { r: 2, c: 3 });
    qp_ridge: Ridge::new(RidgeDims { m: 3, n: 4 });
    qp_second_difference: SecondDifference::new(SecondDifferenceDims { n: 6 });
    qp_sum_smallest_constraint: SumSmallest::new(SumSmallestDims { n: 5 });
    qp_svm: Svm::new(SvmDims { m: 8, n: 2 });
    qp_symmetric_parameter: SymmetricParameter::new(SymmetricParameterDims { n: 3 });
}

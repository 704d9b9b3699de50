//! Problems with variables, duals, objective and gradients computed elsewhere.
#![allow(missing_docs)]

use cvxlayers::{Family, Problem, Record, cvx};
use cvxlayers_tests::{assert_close, randomize, tight};
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde::Deserialize;

const TOLERANCE: f64 = 1e-6;
const GRADIENT_TOLERANCE: f64 = 1e-5;

#[derive(Deserialize)]
struct Reference {
    /// Some cases have no solution, and so not every field.
    cases: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Case {
    objective: f64,
    params: Vec<Array>,
    variables: Vec<Array>,
    constraints: Vec<Constraint>,
    cotangents: Vec<Array>,
    compare_values: bool,
    #[serde(default)]
    compare_duals: bool,
    #[serde(default)]
    compare_gradient: bool,
    /// None where the solution is not differentiable.
    gradients: Option<Vec<Gradient>>,
}

#[derive(Deserialize)]
struct Array {
    name: String,
    data: Vec<f64>,
}

#[derive(Deserialize)]
struct Constraint {
    dual: Vec<Dual>,
}

#[derive(Deserialize)]
struct Dual {
    data: Vec<f64>,
}

#[derive(Deserialize)]
struct Gradient {
    name: String,
    implicit: Vec<f64>,
}

fn case(name: &str) -> Case {
    let reference: Reference = serde_json::from_str(include_str!("reference/public.json")).expect("the file parses");
    let found = reference.cases.into_iter().find(|case| case["name"] == name);
    serde_json::from_value(found.expect("the case exists")).expect("the case has a solution")
}

fn field<R: Record>(name: &str) -> Option<usize> {
    R::NAMES.iter().position(|known| *known == name)
}

/// Solves a case and compares all that the reference marks as comparable. `constants` are parameters here and numbers in
/// the reference; a label `c2` stands for the reference's constraint 2.
fn check<F: Family, C>(name: &str, problem: Problem<F, C>, constants: &[(&str, &[f64])]) {
    let case = case(name);
    let mut problem = problem.with_settings(tight());
    let mut params = problem.zero_params();
    let given = case
        .params
        .iter()
        .map(|array| (array.name.as_str(), array.data.as_slice()));
    for (name, data) in given.chain(constants.iter().copied()) {
        let field = field::<F::Params>(name).expect("the parameter exists");
        params.entries_mut(field).copy_from_slice(data);
    }

    let solution = problem.solve(&params).expect("it has a solution");
    assert_close("objective", &[solution.objective], &[case.objective], TOLERANCE);
    if case.compare_values {
        for variable in &case.variables {
            let field = field::<F::Vars>(&variable.name).expect("the variable exists");
            assert_close(&variable.name, solution.vars.entries(field), &variable.data, TOLERANCE);
        }
    }
    if case.compare_duals {
        for (field, label) in F::Duals::NAMES.iter().enumerate() {
            let number: usize = label[1..].parse().expect("a label is `c` and a number");
            let expected = &case.constraints[number].dual[0].data;
            assert_close(label, solution.duals.entries(field), expected, TOLERANCE);
        }
    }
    if case.compare_gradient {
        let mut cotangent = problem.zero_vars();
        for array in &case.cotangents {
            let field = field::<F::Vars>(&array.name).expect("the variable exists");
            cotangent.entries_mut(field).copy_from_slice(&array.data);
        }
        let mut gradient = problem.zero_params();
        let cotangent = cvxlayers::Cotangent::vars(&cotangent);
        solution
            .vjp_into(cotangent, &mut gradient)
            .expect("it is differentiable");
        let mut direction = problem.zero_params();
        randomize(&mut direction, F::ATTRIBUTES, &mut StdRng::seed_from_u64(1));
        let tangent = solution.jvp(&direction).expect("it is differentiable");
        let forward = tangent.dot(cotangent.vars.expect("it is a cotangent of variables"));
        assert_close("jvp against vjp", &[forward], &[direction.dot(&gradient)], 1e-9);
        for expected in case.gradients.as_ref().expect("comparable gradients are there") {
            let field = field::<F::Params>(&expected.name).expect("the parameter exists");
            let what = format!("gradient of `{}`", expected.name);
            assert_close(&what, gradient.entries(field), &expected.implicit, GRADIENT_TOLERANCE);
        }
    }
}

macro_rules! cases {
    ($($name:ident: $problem:expr $(, $constants:expr)*;)*) => {
        $(#[test]
        fn $name() {
            let constants: &[(&str, &[f64])] = &[$($constants),*];
            check(stringify!($name), $problem.expect("the dimensions are positive"), constants);
        })*
    };
}

cvx! {
    problem MaxAffine(m, n) {
        param A: [m, n];
        param b: [m];
        var x: [n];
        minimize max(A * x + b);
        subject_to { c0: abs(x) <= 1; }
    }

    problem NormInfFit(m, n) {
        param A: [m, n];
        param b: [m];
        var x: [n];
        minimize norm_inf(A * x - b);
    }

    problem QuantileRegression(m, n) {
        param A: [m, n];
        param b: [m];
        var x: [n];
        let r = b - A * x;
        minimize 0.7 * sum(pos(r)) + 0.3 * sum(neg(r));
    }

    problem StandardForm(m, n) {
        param c: [n];
        param A: [m, n];
        param b: [m];
        var x: [n] nonneg;
        minimize c.T * x;
        subject_to { c0: A * x == b; }
    }

    problem AbsAtKink(n) {
        param a: [n];
        var x: [n];
        minimize 0.5 * sum_squares(x - a) + norm1(x);
    }

    problem ProjectionDegenerate(n) {
        param y: [n];
        var x: [n];
        minimize sum_squares(x - y);
        subject_to { c0: x >= 0; }
    }

    problem NonuniqueLp {
        param b;
        var x: [3];
        minimize sum(x);
        subject_to { sum(x) >= b; 0 <= x <= 1; }
    }

    problem Lasso(m, n) {
        param A: [m, n];
        param b: [m];
        param lam: nonneg;
        var x: [n];
        minimize 0.5 * sum_squares(A * x - b) + lam * norm1(x);
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
        subject_to { sum(X) / (r * c) == m; max(X) <= 0.9; }
    }

    problem MultiplyParameter(n) {
        param w: [n];
        param b: [n];
        var x: [n];
        minimize sum_squares(multiply(w, x) - b);
        subject_to { c0: sum(x) == 1; }
    }

    problem ParameterTimesConstant(m, k, n) {
        param A: [m, k];
        param Q: [k, n];
        param b: [m];
        var x: [n];
        minimize sum_squares(A * Q * x - b);
        subject_to { c0: sum(x) == 0.3; }
    }

    problem Ridge(m, n) {
        param A: [m, n];
        param b: [m];
        param lam: nonneg;
        var x: [n];
        minimize sum_squares(A * x - b) + lam * sum_squares(x);
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

    problem LinearOverBall(n) {
        param c: [n];
        param r: nonneg;
        var x: [n];
        minimize dot(c, x);
        subject_to { c0: norm2(x) <= r; c1: x[0] >= 0.1; }
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

    problem Mpc(T, n, m) {
        param A: [n, n];
        param B: [n, m];
        param x0: [n];
        param umax: nonneg;
        var X: [n, T + 1];
        var U: [m, T];
        minimize sum_squares(X) + 0.5 * sum_squares(U);
        subject_to {
            X[.., 0] == x0;
            X[.., 1..] == A * X[.., ..T] + B * U;
            abs(U) <= umax;
        }
    }

    problem SecondDifference(n) {
        param y: [n];
        param lam: nonneg;
        var x: [n];
        let d = x[1..] - x[..n - 1];
        minimize sum_squares(x - y) + lam * sum_squares(d[1..] - d[..n - 2]);
        subject_to { c0: d >= -0.5; }
    }

    problem GroupLasso(m) {
        param A: [m, 6];
        param b: [m];
        param lam: nonneg;
        var x: [6];
        minimize 0.5 * sum_squares(A * x - b) + lam * (norm2(x[0..2]) + norm2(x[2..4]) + norm2(x[4..]));
    }

    problem IndexingSlices {
        param a: [3];
        param b: [2];
        param c: [6];
        var x: [6];
        minimize sum_squares(x) + c.T * x;
        subject_to {
            x[0] >= a[0]; x[2] >= a[1]; x[4] >= a[2];
            x[1] == b[0]; x[3] == b[1];
            c2: x[5] <= 0.2;
        }
    }

    problem Norm2Regularized(m, n) {
        param A: [m, n];
        param b: [m];
        param lam: nonneg;
        var x: [n];
        minimize norm2(A * x - b) + lam * norm2(x);
    }

    problem RobustLp {
        param c: [3];
        param a1: [3];
        param a2: [3];
        param b: [2];
        param P1: [2, 3];
        param P2: [2, 3];
        var x: [3];
        minimize c.T * x + 0.1 * sum_squares(x);
        subject_to {
            a1.T * x + norm2(P1 * x) <= b[0];
            a2.T * x + norm2(P2 * x) <= b[1];
            norm2(x) <= 3;
        }
    }
}

cases! {
    lp_max_affine: MaxAffine::new(MaxAffineDims { m: 6, n: 3 });
    lp_norm_inf_fit: NormInfFit::new(NormInfFitDims { m: 7, n: 3 });
    lp_quantile_regression: QuantileRegression::new(QuantileRegressionDims { m: 9, n: 2 });
    lp_standard_form: StandardForm::new(StandardFormDims { m: 3, n: 6 });
    nd_abs_at_kink: AbsAtKink::new(AbsAtKinkDims { n: 2 });
    nd_projection_degenerate: ProjectionDegenerate::new(ProjectionDegenerateDims { n: 3 });
    nd_lp_nonunique: NonuniqueLp::new();
    qp_lasso: Lasso::new(LassoDims { m: 6, n: 4 });
    qp_matrix_regression: MatrixRegression::new();
    qp_mean_and_transpose: MeanAndTranspose::new(MeanAndTransposeDims { r: 2, c: 3 });
    qp_indexing_slices: IndexingSlices::new();
    qp_matrix_index: MatrixIndex::new(MatrixIndexDims { n: 3 });
    qp_mpc: Mpc::new(MpcDims { T: 4, n: 2, m: 1 });
    qp_second_difference: SecondDifference::new(SecondDifferenceDims { n: 6 });
    soc_group_lasso: GroupLasso::new(GroupLassoDims { m: 7 });
    qp_multiply_parameter: MultiplyParameter::new(MultiplyParameterDims { n: 4 });
    qp_parameter_matrix_times_constant: ParameterTimesConstant::new(ParameterTimesConstantDims { m: 4, k: 3, n: 2 }),
        ("Q", &[1.0, 0.5, -1.0, 0.0, 1.0, 2.0]);
    qp_ridge: Ridge::new(RidgeDims { m: 3, n: 4 });
    qp_svm: Svm::new(SvmDims { m: 8, n: 2 });
    qp_symmetric_parameter: SymmetricParameter::new(SymmetricParameterDims { n: 3 });
    soc_linear_over_ball: LinearOverBall::new(LinearOverBallDims { n: 4 });
    soc_norm2_regularized: Norm2Regularized::new(Norm2RegularizedDims { m: 5, n: 3 });
    soc_robust_lp: RobustLp::new(),
        ("P1", &[0.5, 0.0, 0.1, 0.3, 0.0, 0.2]), ("P2", &[0.2, 0.1, 0.0, 0.3, 0.4, 0.0]);
}

//! Logistic regression over exponential cones, whose solution and gradients have closed forms in `x`.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::{Layout, Model, Numbers, Of, Place};
use cvxlayers::nalgebra::{DMatrix, DVector};
use cvxlayers::{Attributes, Cone, Cotangent, Error, Exactness, Polish, Problem};

const NONE: Attributes = Attributes::NONE;

/// `minimize Σ log(1 + exp(−aᵢᵀx)) + ½λ‖x‖²`: with `uᵢ + vᵢ <= 1`, `exp(−aᵢᵀx − tᵢ) <= uᵢ` and
/// `exp(−tᵢ) <= vᵢ` the terms are `tᵢ`.
#[derive(Debug, Clone, PartialEq)]
struct Logistic;

impl Model for Logistic {
    type Dims = (usize, usize);
    const NAME: &'static str = "Logistic";
    const PARAMS: &'static [&'static str] = &["a", "lambda"];
    const ATTRIBUTES: &'static [Attributes] = &[NONE, NONE];
    const VARS: &'static [&'static str] = &["x"];

    fn layout((m, n): (usize, usize)) -> Result<Layout, Error> {
        let mut cones = vec![Cone::Nonneg(m)];
        cones.extend(vec![Cone::Exponential; 2 * m]);
        let mut layout = Layout {
            columns: n + 3 * m,
            cones,
            params: vec![[m, n], [1, 1]],
            vars: vec![([n, 1], 0)],
            ..Layout::default()
        };
        for j in 0..n {
            layout.term(Place::P(j, j), 1.0, &[(1, 0)]);
        }
        for i in 0..m {
            let (t, u, v, row) = (n + i, n + m + i, n + 2 * m + i, m + 6 * i);
            layout.term(Place::Q(t), 1.0, &[]);
            layout.term(Place::B(i), 1.0, &[]);
            for (part, first) in [(u, row), (v, row + 3)] {
                layout.term(Place::A(i, part), 1.0, &[]);
                layout.term(Place::A(first, t), 1.0, &[]);
                layout.term(Place::B(first + 1), 1.0, &[]);
                layout.term(Place::A(first + 2, part), -1.0, &[]);
            }
            for j in 0..n {
                layout.term(Place::A(row, j), 1.0, &[(0, i + m * j)]);
            }
        }
        Ok(layout)
    }
}

#[test]
fn gradients_in_closed_form() {
    for (m, n, lambda, size) in [
        (30, 4, 0.1, 1.0),
        (150, 10, 1e-3, 5.0),
        (60, 5, 1e-2, 100.0),
        (60, 5, 10.0, 1e-3),
    ] {
        let mut problem = Problem::<Of<Logistic>>::new((m, n)).unwrap();
        problem.settings_mut().polish = Polish::Solve;
        let mut numbers = Numbers::new(m as u64);
        let mut params = numbers.record(problem.zero_params());
        params.field_mut("a").iter_mut().for_each(|a| *a *= size);
        params.field_mut("lambda")[0] = lambda;
        let solution = problem.solve(&params).unwrap();
        assert!(solution.residual() < 1e-12);

        let a = DMatrix::from_column_slice(m, n, params.field("a"));
        let x = DVector::from_column_slice(solution.vars.field("x"));
        let sigma = (&a * &x).map(|margin| 1.0 / (1.0 + margin.exp()));
        let (pull, terms) = (a.transpose() * &sigma, a.abs().transpose() * &sigma);
        assert!((&x * lambda - pull).amax() < 1e-12 * terms.amax());

        let cotangent = numbers.record(problem.zero_vars());
        let mut gradient = problem.zero_params();
        let accuracy = solution.vjp_into(Cotangent::vars(&cotangent), &mut gradient).unwrap();
        assert_eq!((accuracy.kind, accuracy.kinks), (Exactness::Exact, 0));
        let slopes = sigma.map(|sigma| sigma * (1.0 - sigma));
        let hessian = a.transpose() * DMatrix::from_diagonal(&slopes) * &a + DMatrix::identity(n, n) * lambda;
        let mu = hessian
            .lu()
            .solve(&DVector::from_column_slice(cotangent.field("x")))
            .unwrap();
        let of_lambda = -mu.dot(&x);
        assert!((gradient.field("lambda")[0] - of_lambda).abs() < 1e-12 * of_lambda.abs());
        let along = &a * &mu;
        let of_a = DMatrix::from_fn(m, n, |i, j| sigma[i] * mu[j] - slopes[i] * along[i] * x[j]);
        let found = DMatrix::from_column_slice(m, n, gradient.field("a"));
        assert!((found - &of_a).amax() < 1e-12 * of_a.amax());
    }
}

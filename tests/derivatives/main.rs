//! Derivatives of random problems: against central finite differences, and against each other.
#![allow(missing_docs)]

use cvxlayers::{Cotangent, Error, Exactness, Family, Problem, Record, cvx};
use cvxlayers_tests::{assert_close, difference, distance, flat, randomize, shifted, tight};
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

mod conic;

cvx! {
    problem Lasso(m, n) {
        param a: [m, n];
        param b: [m];
        param weight: [n] nonneg;
        param lambda: nonneg;
        var x: [n];
        minimize sum_squares(a * x - b) / m + lambda * dot(weight, abs(x)) + 0.1 * sum_squares(x);
    }

    problem BoxQp(n) {
        param p: [n, n] psd;
        param q: [n];
        param target: [n];
        param lower: [n];
        param upper: [n];
        param a: [n];
        var x: [n];
        minimize quad_form(x - target, p + p.T) + dot(q, x) + square(a.T * x - 1);
        subject_to {
            bounds: lower <= x <= upper;
            total: a.T * x == 0.3;
        }
    }

    problem SecondOrder(m, n) {
        param a: [m, n];
        param b: [m];
        param radius: nonneg;
        param c: [n];
        var x: [n];
        minimize norm2(a * x - b) + 0.5 * c.T * x + 0.05 * sum_squares(x);
        subject_to { ball: norm2(x - c) <= radius; }
    }

    problem Vertex(m, n) {
        param c: [n];
        param a: [m, n];
        param b: [m];
        var x: [n] nonneg;
        maximize c.T * x;
        subject_to { resources: a * x <= b; }
    }

    problem Matrices(m, k) {
        param a: [m, k];
        param d: [m, k];
        param s: [k, k] symmetric;
        param scale: nonneg;
        var x: [k, k] symmetric;
        var y: [m, k] nonneg;
        minimize sum_squares(a * x - y) / scale + sum_squares(x - s) + scale * sum_squares(y - d.T.T);
        subject_to {
            coupling: sum(x) + sum(y) == scale;
            x <= 0.5;
        }
    }

    problem Extremes(n) {
        param c: [n];
        param e: [n];
        param gamma: nonneg;
        param delta: nonpos;
        var x: [n];
        var t: nonneg;
        maximize min(x + c) + sum(minimum(x, e, t)) + delta * norm1(x) - gamma * square(t) - sum_squares(x - c)
            - norm_inf(x) - sum(neg(x - e)) - maximum(dot(c, x), sum(e), t) - max(x);
    }

    problem Products(n, k) {
        param mu: [n];
        param loadings: [n, k];
        param rotation: [k, k];
        param idio: [n] nonneg;
        param gamma: nonneg;
        param eta: nonneg;
        var w: [n];
        let exposure = rotation * loadings.T * w;
        maximize mu.T * w
            - gamma * eta * (sum_squares(exposure) + sum_squares(multiply(idio, w)))
            - norm2(exposure) / (1 + gamma);
        subject_to { budget: sum(w) == eta; }
    }

    problem Slices(m, n) {
        param a: [m, n];
        param b: [m + n];
        param s: [n, n] psd;
        var x: [n, m];
        var y: [n, n] symmetric;
        minimize quad_form(x[.., 0] - b[..n], s) + sum_squares((a * x)[1.., ..m - 1]) + norm2(y[.., 1] - x[.., m - 1])
            + sum_squares(y[1.., ..n - 1]) + sum_squares(x) + sum_squares(y) - dot(a[0, ..], y[0, ..]) + max(abs(x)[0, ..]);
        subject_to { x[1, 1..] == b[n..n + m - 1].T; first: y[0, 0] >= b[0]; }
    }

    problem Horizon(n, T) {
        param a: [n, n];
        param b: [n];
        param x0: [n];
        param q: [n, n] psd;
        param weight: [T + 1] nonneg;
        var x: [n, T + 1];
        var u: [T];
        minimize sum(t in 0..T, weight[t] * quad_form(x[.., t + 1] - b, q) + square(u[t]) + weight[t + 1] * norm2(x[.., t + 1]))
            + sum(t in 1..T, t * abs(u[t] - u[t - 1])) / T;
        subject_to {
            x[.., 0] == x0;
            for t in 0..T { step: x[.., t + 1] == a * x[.., t] / 2 + b * u[t]; }
            for t in 0..T { for i in 1..n { x[i, t + 1] <= 2 + weight[t]; } }
        }
    }

    problem Derived(n) {
        param a: [n, n];
        param p: [n];
        param q: [n];
        param gamma: nonneg;
        param sigma: [n, n] psd;
        var x: [n];
        minimize sqrt(gamma) * norm2(x - p) + gamma * norm2(p) * quad_form(x - q, sigma) + norm1(a) * sum_squares((a * a) * x - p) / n
            + exp(p[0]) * square(x[0]) + max(abs(q)) * max(i in 0..n, abs(x[i] - maximum(p[i], q[i])));
        subject_to {
            sum(x) <= norm2(q) + log(2 + square(gamma));
            x >= -norm_inf(p) - quad_form(q, sigma) - max(i in 0..n, square(a[i, 0]));
        }
    }

    problem Stacks(m, n) {
        param a: [m + n, n];
        param b: [m];
        param d: [n] nonneg;
        param s: [n, n];
        var x: [n];
        var y: [m];
        let z = vstack(x, y - b);
        minimize norm2(vstack(1, x - d, cumsum(y))) + sum_squares(a.T * z) + sum_squares((diag(d) + eye(n)) * x)
            + sum_squares(hstack(y.T, x[1..].T)) + norm1(diff(z)) + dot(conv(d, y), vstack(b, d[1..]))
            + sum_squares(kron(s[.., 0], y[0..2]));
        subject_to {
            trace(s * diag(x)) <= 1;
            mean(z) >= -1;
            [x[0], x[n - 1]] <= [2 * b[0] + 3, d[0] + 1];
        }
    }

    problem Small {
        const N: usize = 3;
        param p: [N, N] psd;
        param r: [N + 1, N];
        param b: [N + 1];
        param limit: nonneg;
        var x: [N];
        var y: [N, 2] nonpos;
        minimize quad_form(x, p) + sum_squares(r * x - b) + sum_squares(r * y) + sum(r * y) + square(limit);
        subject_to { x <= limit; peak: norm_inf(x) <= 2 * limit; }
    }
}

/// The sizes of one random problem, and the seed of its numbers.
fn sizes() -> impl Strategy<Value = (usize, usize, u64)> {
    (2usize..7, 2usize..7, any::<u64>())
}

/// A problem, and what makes its random parameters admissible.
struct Trial<F: Family, C> {
    problem: Problem<F, C>,
    admit: fn(&mut F::Params),
}

impl<F: Family, C> Trial<F, C> {
    fn new(problem: Result<Problem<F, C>, Error>, admit: fn(&mut F::Params)) -> Self {
        let problem = problem.expect("the dimensions are positive").with_settings(tight());
        Self { problem, admit }
    }

    /// Returns whether the point is differentiable enough for finite differences to be compared with.
    fn run(mut self, seed: u64) -> bool {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut params = self.problem.zero_params();
        randomize(&mut params, F::ATTRIBUTES, &mut rng);
        let mut direction = self.problem.zero_params();
        randomize(&mut direction, F::ATTRIBUTES, &mut rng);
        (self.admit)(&mut params);
        let mut cotangent = self.problem.zero_vars();
        randomize(&mut cotangent, &[], &mut rng);

        let solution = match self.problem.solve(&params) {
            Ok(solution) => solution,
            // Some boxes do not meet their plane.
            Err(Error::Infeasible { .. }) => return false,
            Err(error) => panic!("seed {seed}: {error}"),
        };
        let (mut tangent, mut gradient) = (self.problem.zero_vars(), self.problem.zero_params());
        let forward = solution.jvp_into(&direction, &mut tangent).expect("a tangent");
        let reverse = solution
            .vjp_into(Cotangent::vars(&cotangent), &mut gradient)
            .expect("a gradient");

        if forward.kind != Exactness::Exact || reverse.kind != Exactness::Exact {
            return false;
        }
        let (one, other) = (tangent.dot(&cotangent), direction.dot(&gradient));
        let products = flat(&direction)
            .into_iter()
            .zip(flat(&gradient))
            .map(|(x, y)| (x * y).abs());
        let size = 1.0 + products.sum::<f64>();
        assert!(
            (one - other).abs() <= 1e-9 * size,
            "seed {seed}: ⟨jvp, g⟩ = {one}, ⟨dp, vjp⟩ = {other}"
        );

        // A step that does not change the active set gives the same quotient as a smaller one.
        let mut quotient = |step| difference(&mut self.problem, &params, &direction, step).ok();
        let (Some(coarse), Some(fine)) = (quotient(2e-6), quotient(1e-6)) else {
            return false;
        };
        if distance(&coarse, &fine) > 1e-6 {
            return false;
        }
        assert_close(&format!("jvp, seed {seed}"), &flat(&tangent), &fine, 1e-5);
        let value = |problem: &mut Problem<F, C>, step| {
            problem
                .solve(&shifted(&params, step, &direction))
                .map(|solution| solution.objective)
        };
        let (above, below) = (value(&mut self.problem, 1e-6), value(&mut self.problem, -1e-6));
        if let (Ok(above), Ok(below)) = (above, below) {
            let slope = solution.objective_jvp(&direction).expect("a slope");
            assert_close(
                &format!("objective, seed {seed}"),
                &[slope],
                &[(above - below) / 2e-6],
                1e-5,
            );
            let gradient = solution.objective_gradient().expect("a gradient");
            assert_close("objective gradient", &[gradient.dot(&direction)], &[slope], 1e-9);
        }
        true
    }
}

/// `m ← mᵀm / n + I / 4`, so that the matrix is well inside the cone.
fn make_definite(entries: &mut [f64], size: usize) {
    let m = cvxlayers::nalgebra::DMatrix::from_column_slice(size, size, entries);
    let gram = m.tr_mul(&m) / size as f64 + cvxlayers::nalgebra::DMatrix::identity(size, size) * 0.25;
    entries.copy_from_slice(gram.as_slice());
}

fn absolute(entries: &mut [f64], at_least: f64) {
    for entry in entries {
        *entry = entry.abs() + at_least;
    }
}

fn run(family: u8, (m, n, seed): (usize, usize, u64)) -> bool {
    match family {
        0 => Trial::new(Lasso::new(LassoDims { m, n }), |params| {
            absolute(params.weight.as_mut_slice(), 0.1);
            params.lambda = params.lambda.abs() * 0.2 + 0.01;
        })
        .run(seed),
        1 => Trial::new(BoxQp::new(BoxQpDims { n }), |params| {
            let n = params.q.len();
            make_definite(params.p.as_mut_slice(), n);
            absolute(params.a.as_mut_slice(), 0.2);
            absolute(params.upper.as_mut_slice(), 0.4);
            absolute(params.lower.as_mut_slice(), 0.3);
            params.lower.neg_mut();
        })
        .run(seed),
        2 => Trial::new(SecondOrder::new(SecondOrderDims { m, n }), |params| {
            params.radius = params.radius.abs() + 0.1;
        })
        .run(seed),
        3 => Trial::new(Vertex::new(VertexDims { m, n }), |params| {
            absolute(params.a.as_mut_slice(), 0.2);
            absolute(params.b.as_mut_slice(), 0.5);
        })
        .run(seed),
        4 => Trial::new(Matrices::new(MatricesDims { m, k: n }), |params| {
            params.scale = params.scale.abs() + 0.5;
        })
        .run(seed),
        5 => Trial::new(Extremes::new(ExtremesDims { n }), |params| {
            params.gamma = params.gamma.abs() + 0.1;
            params.delta = -params.delta.abs();
        })
        .run(seed),
        6 => Trial::new(Products::new(ProductsDims { n, k: m }), |params| {
            absolute(params.idio.as_mut_slice(), 0.3);
            params.gamma = params.gamma.abs() + 0.3;
            params.eta = params.eta.abs() + 0.3;
        })
        .run(seed),
        7 => Trial::new(Slices::new(SlicesDims { m, n }), |params| {
            let n = params.s.nrows();
            make_definite(params.s.as_mut_slice(), n);
        })
        .run(seed),
        10 => Trial::new(Derived::new(DerivedDims { n }), |params| {
            let n = params.p.len();
            make_definite(params.sigma.as_mut_slice(), n);
            params.gamma = params.gamma.abs() + 0.1;
        })
        .run(seed),
        11 => Trial::new(Stacks::new(StacksDims { m, n }), |params| {
            absolute(params.d.as_mut_slice(), 0.1);
        })
        .run(seed),
        8 => Trial::new(Horizon::new(HorizonDims { n, T: m }), |params| {
            let n = params.q.nrows();
            make_definite(params.q.as_mut_slice(), n);
            absolute(params.weight.as_mut_slice(), 0.1);
        })
        .run(seed),
        _ => Trial::new(Small::new(), |params| {
            make_definite(params.p.as_mut_slice(), 3);
            params.limit = params.limit.abs() + 0.1;
        })
        .run(seed),
    }
}

/// Random problems of one family; nearly all of them must be differentiable at hand, or nothing was tested.
fn trials(run: impl Fn((usize, usize, u64)) -> bool, count: u32) {
    use proptest::test_runner::{Config, RngSeed, TestRunner};
    let compared = std::cell::Cell::new(0);
    let config = Config::default();
    // The same problems in every run, or others by `PROPTEST_RNG_SEED`.
    let rng_seed = match config.rng_seed {
        RngSeed::Random => RngSeed::Fixed(1),
        fixed => fixed,
    };
    let mut runner = TestRunner::new(Config {
        cases: count,
        rng_seed,
        failure_persistence: None,
        ..config
    });
    let outcome = runner.run(&sizes(), |sizes| {
        compared.set(compared.get() + u32::from(run(sizes)));
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    assert!(
        compared.get() * 10 >= count * 8,
        "only {} of {count} were compared",
        compared.get()
    );
}

macro_rules! families {
    ($($name:ident: $family:expr;)*) => {
        $(#[test]
        fn $name() {
            trials(|sizes| run($family, sizes), 40);
        })*
    };
}

families! {
    weighted_lasso: 0;
    box_constrained_quadratic_forms: 1;
    second_order_cones: 2;
    vertices_of_linear_programs: 3;
    matrix_and_symmetric_variables: 4;
    piecewise_linear_maximization: 5;
    products_and_quotients_of_parameters: 6;
    slices: 7;
    loops: 8;
    literal_dimensions: 9;
    derived_parameters: 10;
    stacks_and_other_shapes: 11;
}

#[test]
fn symmetric_gradients_are_symmetric() {
    let mut rng = StdRng::seed_from_u64(7);
    let mut problem = Matrices::new(MatricesDims { m: 3, k: 4 })
        .expect("positive")
        .with_settings(tight());
    let mut params = problem.zero_params();
    randomize(&mut params, MatricesFamily::ATTRIBUTES, &mut rng);
    params.scale = rng.random_range(0.5..1.0);
    let solution = problem.solve(&params).expect("it has a solution");
    let gradient = solution.vjp(&solution.vars).expect("a gradient");
    assert_eq!(gradient.s, gradient.s.transpose());
    assert!(gradient.s.amax() > 0.0);
    assert_eq!(<MatricesVars as Record>::NAMES, ["x", "y"]);
}

/// No bound is active, and one has a slack of `1e-4`: its dual, of `1e-8`, is not to be taken for one that matters.
#[test]
fn nearly_active_bounds_are_inactive() {
    assert!(run(1, (2, 5, 6_833_508_112_792_090_122)));
    assert!(run(1, (2, 6, 16_128_324_567_938_356_697)));
}

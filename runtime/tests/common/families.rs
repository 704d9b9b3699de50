//! The families that the tests share.

use cvxlayers::{Attributes, Cone, Error, Problem};

use super::{Layout, Model, Numbers, Of, Place};

const NONE: Attributes = Attributes::NONE;
const NONNEG: Attributes = Attributes { nonneg: true, ..NONE };
const NONPOS: Attributes = Attributes { nonpos: true, ..NONE };
const SYMMETRIC: Attributes = Attributes {
    symmetric: true,
    ..NONE
};
const PSD: Attributes = Attributes { psd: true, ..NONE };

fn positive(name: &'static str, value: usize) -> Result<(), Error> {
    cvxlayers::__private::positive(name, value as i128)
}

/// `minimize ½xᵀPx + qᵀx subject to lower <= x <= upper`.
#[derive(Debug, Clone, PartialEq)]
pub struct BoxQp;
pub type BoxQpProblem = Problem<Of<BoxQp>>;

impl Model for BoxQp {
    type Dims = usize;
    const NAME: &'static str = "BoxQp";
    const PARAMS: &'static [&'static str] = &["p", "q", "lower", "upper"];
    const ATTRIBUTES: &'static [Attributes] = &[PSD, NONE, NONPOS, NONNEG];
    const VARS: &'static [&'static str] = &["x"];
    const DUALS: &'static [&'static str] = &["upper", "lower"];

    fn layout(n: usize) -> Result<Layout, Error> {
        positive("n", n)?;
        let mut layout = Layout {
            columns: n,
            cones: vec![Cone::Nonneg(n), Cone::Nonneg(n)],
            params: vec![[n, n], [n, 1], [n, 1], [n, 1]],
            vars: vec![([n, 1], 0)],
            duals: vec![([n, 1], 0), ([n, 1], n)],
            ..Layout::default()
        };
        // As a loop over all entries visits them: both orders of a pair, in one slot.
        for i in 0..n {
            for j in 0..n {
                layout.term(Place::P(i, j), if i == j { 1.0 } else { 0.5 }, &[(0, i + n * j)]);
            }
            layout.term(Place::Q(i), 1.0, &[(1, i)]);
            layout.term(Place::A(i, i), 1.0, &[]);
            layout.term(Place::B(i), 1.0, &[(3, i)]);
            layout.term(Place::A(n + i, i), -1.0, &[]);
            layout.term(Place::B(n + i), -1.0, &[(2, i)]);
        }
        Ok(layout)
    }
}

/// `G Gᵀ + shift I` of a random square `G`.
pub fn random_psd(n: usize, shift: f64, numbers: &mut Numbers) -> Vec<f64> {
    let g = numbers.vec(n * n);
    let mut p = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..n {
            p[i + n * j] = (0..n).map(|k| g[i + n * k] * g[j + n * k]).sum();
        }
        p[i + n * i] += shift;
    }
    p
}

pub fn box_qp(n: usize, seed: u64) -> (BoxQpProblem, <Of<BoxQp> as cvxlayers::Family>::Params) {
    let mut numbers = Numbers::new(seed);
    let problem = BoxQpProblem::new(n).unwrap();
    let p = random_psd(n, 0.5, &mut numbers);
    let q: Vec<f64> = numbers.vec(n).iter().map(|q| 3.0 * q).collect();
    let params = problem
        .zero_params()
        .with("p", &p)
        .with("q", &q)
        .with("lower", &vec![-0.6; n])
        .with("upper", &vec![0.5; n]);
    (problem, params)
}

/// `minimize cᵀx subject to Ax <= b, x >= 0`.
#[derive(Debug, Clone, PartialEq)]
pub struct Lp;
pub type LpProblem = Problem<Of<Lp>>;

impl Model for Lp {
    type Dims = (usize, usize);
    const NAME: &'static str = "Lp";
    const PARAMS: &'static [&'static str] = &["a", "b", "c"];
    const ATTRIBUTES: &'static [Attributes] = &[NONE, NONE, NONE];
    const VARS: &'static [&'static str] = &["x"];
    const DUALS: &'static [&'static str] = &["resources"];

    fn layout((m, n): (usize, usize)) -> Result<Layout, Error> {
        positive("m", m)?;
        positive("n", n)?;
        let mut layout = Layout {
            columns: n,
            cones: vec![Cone::Nonneg(m), Cone::Nonneg(n)],
            params: vec![[m, n], [m, 1], [n, 1]],
            vars: vec![([n, 1], 0)],
            duals: vec![([m, 1], 0)],
            ..Layout::default()
        };
        for j in 0..n {
            for i in 0..m {
                layout.term(Place::A(i, j), 1.0, &[(0, i + m * j)]);
            }
            layout.term(Place::Q(j), 1.0, &[(2, j)]);
            layout.term(Place::A(m + j, j), -1.0, &[]);
        }
        for i in 0..m {
            layout.term(Place::B(i), 1.0, &[(1, i)]);
        }
        Ok(layout)
    }
}

/// `minimize ½w‖x‖² + cᵀx subject to ‖Gx + h‖₂ <= r, 1ᵀx == t`.
#[derive(Debug, Clone, PartialEq)]
pub struct Ball;
pub type BallProblem = Problem<Of<Ball>>;

impl Model for Ball {
    type Dims = (usize, usize);
    const NAME: &'static str = "Ball";
    const PARAMS: &'static [&'static str] = &["w", "c", "g", "h", "r", "t"];
    const ATTRIBUTES: &'static [Attributes] = &[NONNEG, NONE, NONE, NONE, NONNEG, NONE];
    const VARS: &'static [&'static str] = &["x"];
    const DUALS: &'static [&'static str] = &["total"];

    fn layout((p, n): (usize, usize)) -> Result<Layout, Error> {
        let mut layout = Layout {
            columns: n,
            cones: vec![Cone::Zero(1), Cone::SecondOrder(p + 1)],
            params: vec![[1, 1], [n, 1], [p, n], [p, 1], [1, 1], [1, 1]],
            vars: vec![([n, 1], 0)],
            duals: vec![([1, 1], 0)],
            ..Layout::default()
        };
        for j in 0..n {
            layout.term(Place::P(j, j), 1.0, &[(0, 0)]);
            layout.term(Place::Q(j), 1.0, &[(1, j)]);
            layout.term(Place::A(0, j), 1.0, &[]);
            for i in 0..p {
                layout.term(Place::A(2 + i, j), -1.0, &[(2, i + p * j)]);
            }
        }
        layout.term(Place::B(0), 1.0, &[(5, 0)]);
        layout.term(Place::B(1), 1.0, &[(4, 0)]);
        for i in 0..p {
            layout.term(Place::B(2 + i), 1.0, &[(3, i)]);
        }
        Ok(layout)
    }
}

/// A ball whose constraint is active where `r` is small.
pub fn ball(p: usize, n: usize, r: f64, seed: u64) -> (BallProblem, <Of<Ball> as cvxlayers::Family>::Params) {
    let mut numbers = Numbers::new(seed);
    let problem = BallProblem::new((p, n)).unwrap();
    let mut params = numbers.record(problem.zero_params());
    params.field_mut("w").fill(0.3);
    params.field_mut("r").fill(r);
    params.field_mut("t").fill(0.2);
    for h in params.field_mut("h") {
        *h *= 0.1;
    }
    (problem, params)
}

/// `maximize μᵀw − γ‖Fᵀw‖² subject to 1ᵀw == 1, w >= 0`, with `y = Fᵀw` an auxiliary variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Portfolio;
pub type PortfolioProblem = Problem<Of<Portfolio>>;

impl Model for Portfolio {
    type Dims = (usize, usize);
    const NAME: &'static str = "Portfolio";
    const MAXIMIZE: bool = true;
    const PARAMS: &'static [&'static str] = &["mu", "factors", "gamma"];
    const ATTRIBUTES: &'static [Attributes] = &[NONE, NONE, NONNEG];
    const VARS: &'static [&'static str] = &["w"];
    const DUALS: &'static [&'static str] = &["budget"];

    fn layout((n, k): (usize, usize)) -> Result<Layout, Error> {
        let mut layout = Layout {
            columns: n + k,
            cones: vec![Cone::Zero(k), Cone::Zero(1), Cone::Nonneg(n)],
            params: vec![[n, 1], [n, k], [1, 1]],
            vars: vec![([n, 1], 0)],
            duals: vec![([1, 1], k)],
            ..Layout::default()
        };
        for i in 0..n {
            layout.term(Place::Q(i), -1.0, &[(0, i)]);
            for j in 0..k {
                layout.term(Place::A(j, i), 1.0, &[(1, i + n * j)]);
            }
            layout.term(Place::A(k, i), 1.0, &[]);
            layout.term(Place::A(k + 1 + i, i), -1.0, &[]);
        }
        for j in 0..k {
            layout.term(Place::A(j, n + j), -1.0, &[]);
            layout.term(Place::P(n + j, n + j), 2.0, &[(2, 0)]);
        }
        layout.term(Place::B(k), 1.0, &[]);
        Ok(layout)
    }
}

pub fn portfolio(n: usize, k: usize, seed: u64) -> (PortfolioProblem, <Of<Portfolio> as cvxlayers::Family>::Params) {
    let mut numbers = Numbers::new(seed);
    let problem = PortfolioProblem::new((n, k)).unwrap();
    let mut params = numbers.record(problem.zero_params());
    params.field_mut("gamma").fill(2.0);
    (problem, params)
}

/// `minimize Σ wᵢ(xᵢ − pᵢ)²`: no constraint at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Prox;
pub type ProxProblem = Problem<Of<Prox>>;

impl Model for Prox {
    type Dims = usize;
    const NAME: &'static str = "Prox";
    const PARAMS: &'static [&'static str] = &["w", "p"];
    const ATTRIBUTES: &'static [Attributes] = &[NONNEG, NONE];
    const VARS: &'static [&'static str] = &["x"];

    fn layout(n: usize) -> Result<Layout, Error> {
        let mut layout = Layout {
            columns: n,
            params: vec![[n, 1], [n, 1]],
            vars: vec![([n, 1], 0)],
            ..Layout::default()
        };
        for i in 0..n {
            layout.term(Place::P(i, i), 2.0, &[(0, i)]);
            layout.term(Place::Q(i), -2.0, &[(0, i), (1, i)]);
            layout.term(Place::R, 1.0, &[(0, i), (1, i), (1, i)]);
        }
        Ok(layout)
    }
}

/// `minimize ½‖x − p‖² subject to Ax == b, Sx >= 0` with a square `symmetric` S.
#[derive(Debug, Clone, PartialEq)]
pub struct Affine;
pub type AffineProblem = Problem<Of<Affine>>;

impl Model for Affine {
    type Dims = (usize, usize);
    const NAME: &'static str = "Affine";
    const PARAMS: &'static [&'static str] = &["p", "a", "b", "s"];
    const ATTRIBUTES: &'static [Attributes] = &[NONE, NONE, NONE, SYMMETRIC];
    const VARS: &'static [&'static str] = &["x"];
    const DUALS: &'static [&'static str] = &["equality"];

    fn layout((m, n): (usize, usize)) -> Result<Layout, Error> {
        let mut layout = Layout {
            columns: n,
            cones: vec![Cone::Zero(m), Cone::Nonneg(n)],
            params: vec![[n, 1], [m, n], [m, 1], [n, n]],
            vars: vec![([n, 1], 0)],
            duals: vec![([m, 1], 0)],
            ..Layout::default()
        };
        for j in 0..n {
            layout.term(Place::P(j, j), 1.0, &[]);
            layout.term(Place::Q(j), -1.0, &[(0, j)]);
            layout.term(Place::R, 0.5, &[(0, j), (0, j)]);
            for i in 0..m {
                layout.term(Place::A(i, j), 1.0, &[(1, i + m * j)]);
            }
            for i in 0..n {
                layout.term(Place::A(m + i, j), -1.0, &[(3, i + n * j)]);
            }
        }
        for i in 0..m {
            layout.term(Place::B(i), 1.0, &[(2, i)]);
        }
        Ok(layout)
    }
}

pub fn affine(m: usize, n: usize, seed: u64) -> (AffineProblem, <Of<Affine> as cvxlayers::Family>::Params) {
    let mut numbers = Numbers::new(seed);
    let problem = AffineProblem::new((m, n)).unwrap();
    let mut params = super::direction::<Of<Affine>>(problem.zero_params(), &mut numbers);
    // A point with Sx > 0, so that the problem is feasible.
    let x = numbers.vec(n);
    let s = random_psd(n, 0.1, &mut numbers);
    params.field_mut("s").copy_from_slice(&s);
    let feasible: Vec<f64> = (0..n).map(|i| 0.2 + x[i].abs()).collect();
    let solved = solve_dense(&s, &feasible);
    let a = params.field("a").to_vec();
    for i in 0..m {
        params.field_mut("b")[i] = (0..n).map(|j| a[i + m * j] * solved[j]).sum();
    }
    (problem, params)
}

/// `minimize ½xᵀPx + qᵀx subject to Ax + s = b, s ∈ K`, all numbers parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Conic;
pub type ConicProblem = Problem<Of<Conic>>;
pub type ConicParams = <Of<Conic> as cvxlayers::Family>::Params;

impl Model for Conic {
    type Dims = (usize, Vec<Cone>);
    const NAME: &'static str = "Conic";
    const PARAMS: &'static [&'static str] = &["p", "q", "a", "b"];
    const ATTRIBUTES: &'static [Attributes] = &[PSD, NONE, NONE, NONE];
    const VARS: &'static [&'static str] = &["x"];
    const DUALS: &'static [&'static str] = &["z"];

    fn layout((n, cones): (usize, Vec<Cone>)) -> Result<Layout, Error> {
        let m: usize = cones.iter().map(|cone| cone.dim()).sum();
        let mut layout = Layout {
            columns: n,
            cones,
            params: vec![[n, n], [n, 1], [m, n], [m, 1]],
            vars: vec![([n, 1], 0)],
            duals: vec![([m, 1], 0)],
            ..Layout::default()
        };
        for j in 0..n {
            for i in 0..n {
                layout.term(Place::P(i, j), if i == j { 1.0 } else { 0.5 }, &[(0, i + n * j)]);
            }
            layout.term(Place::Q(j), 1.0, &[(1, j)]);
            for i in 0..m {
                layout.term(Place::A(i, j), 1.0, &[(2, i + m * j)]);
            }
        }
        for i in 0..m {
            layout.term(Place::B(i), 1.0, &[(3, i)]);
        }
        Ok(layout)
    }
}

/// A point inside of a cone, or of its dual.
pub fn inside(cone: Cone, dual: bool, numbers: &mut Numbers) -> Vec<f64> {
    let positive = |numbers: &mut Numbers| 0.1 + numbers.next().abs();
    match cone {
        Cone::Zero(dim) if dual => numbers.vec(dim),
        Cone::Zero(dim) => vec![0.0; dim],
        Cone::Nonneg(dim) => (0..dim).map(|_| positive(numbers)).collect(),
        Cone::SecondOrder(dim) => {
            let mut s = numbers.vec(dim);
            s[0] = positive(numbers) + s[1..].iter().map(|x| x * x).sum::<f64>().sqrt();
            s
        }
        Cone::Exponential if dual => {
            let (u, v) = (-positive(numbers), numbers.next());
            vec![u, v, -u * (v / u - 1.0).exp() + positive(numbers)]
        }
        Cone::Exponential => {
            let (x, y) = (numbers.next(), positive(numbers));
            vec![x, y, y * (x / y).exp() + positive(numbers)]
        }
        Cone::Power(alpha) => {
            let (x, y) = (positive(numbers), positive(numbers));
            let (x, y) = if dual { (x * alpha, y * (1.0 - alpha)) } else { (x, y) };
            let (a, b) = if dual { (x / alpha, y / (1.0 - alpha)) } else { (x, y) };
            vec![x, y, 0.9 * numbers.next() * a.powf(alpha) * b.powf(1.0 - alpha)]
        }
        Cone::Semidefinite(order) => {
            let matrix = random_psd(order, 0.1, numbers);
            let scale = |i: usize, j: usize| if i == j { 1.0 } else { 2_f64.sqrt() };
            let places = (0..order).flat_map(|j| (0..=j).map(move |i| (i, j)));
            places.map(|(i, j)| scale(i, j) * matrix[i + order * j]).collect()
        }
        _ => unreachable!("a cone that is not tested here"),
    }
}

/// Strictly feasible, and so is its dual; with a curvature of some rank.
pub fn conic(cones: &[Cone], n: usize, rank: usize, seed: u64) -> (ConicProblem, ConicParams) {
    let mut numbers = Numbers::new(seed + 1);
    let problem = ConicProblem::new((n, cones.to_vec())).unwrap();
    let mut params = numbers.record(problem.zero_params());
    let factor = numbers.vec(n * rank);
    for j in 0..n {
        for i in 0..n {
            let shift = if i == j && rank == n { 0.3 } else { 0.0 };
            let entry: f64 = (0..rank).map(|k| factor[i + n * k] * factor[j + n * k]).sum();
            params.field_mut("p")[i + n * j] = shift + entry;
        }
    }
    let s: Vec<f64> = cones
        .iter()
        .flat_map(|cone| inside(*cone, false, &mut numbers))
        .collect();
    let z: Vec<f64> = cones
        .iter()
        .flat_map(|cone| inside(*cone, true, &mut numbers))
        .collect();
    let (x, a, p) = (numbers.vec(n), params.field("a").to_vec(), params.field("p").to_vec());
    let m = s.len();
    for i in 0..m {
        params.field_mut("b")[i] = s[i] + (0..n).map(|j| a[i + m * j] * x[j]).sum::<f64>();
    }
    for j in 0..n {
        let curvature: f64 = (0..n).map(|i| p[i + n * j] * x[i]).sum();
        let forces: f64 = (0..m).map(|i| a[i + m * j] * z[i]).sum();
        params.field_mut("q")[j] = -curvature - forces;
    }
    (problem, params)
}

/// Gaussian elimination without pivoting, good enough for a positive definite matrix.
fn solve_dense(matrix: &[f64], rhs: &[f64]) -> Vec<f64> {
    let n = rhs.len();
    let (mut matrix, mut x) = (matrix.to_vec(), rhs.to_vec());
    for k in 0..n {
        for i in k + 1..n {
            let factor = matrix[i + n * k] / matrix[k + n * k];
            for j in k..n {
                matrix[i + n * j] -= factor * matrix[k + n * j];
            }
            x[i] -= factor * x[k];
        }
    }
    for k in (0..n).rev() {
        x[k] /= matrix[k + n * k];
        for i in 0..k {
            x[i] -= matrix[i + n * k] * x[k];
        }
    }
    x
}

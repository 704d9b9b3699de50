//! Random problems over every cone: solved, polished, and differentiated against differences.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::families::{Conic, ConicParams, ConicProblem, conic};
use common::{Numbers, Of, assert_optimal, dot, moved, norm};
use cvxlayers::{Cone, Cotangent, Error, Exactness, Polish, Record, SDP};

/// A direction of the size of the parameters, field by field. A curvature without a margin is
/// scaled only: it has to stay one.
fn direction(params: &ConicParams, curved: bool, numbers: &mut Numbers) -> ConicParams {
    let mut direction = common::direction::<Of<Conic>>(params.clone(), numbers);
    for field in 0..ConicParams::NAMES.len() {
        let entries = params.entries(field);
        let size = entries.iter().fold(0.0, |size: f64, entry| size.max(entry.abs()));
        let shift = numbers.next();
        for (direction, entry) in direction.entries_mut(field).iter_mut().zip(entries) {
            *direction = if field == 0 && !curved {
                shift * entry
            } else {
                *direction * size
            };
        }
    }
    direction
}

/// Whether this build of the crate has the cone.
fn supported(cone: &Cone) -> bool {
    SDP || !matches!(cone, Cone::Semidefinite(_))
}

#[derive(Debug, Default)]
struct Errors {
    residual: f64,
    adjoint: f64,
    difference: f64,
    kinks: usize,
}

/// Solves and differentiates once each way, in relative terms.
fn check(problem: &mut ConicProblem, params: &ConicParams, curved: bool, seed: u64) -> Errors {
    problem.settings_mut().polish = Polish::Solve;
    problem.settings_mut().gap_tolerance = 1e-9;
    let mut numbers = Numbers::new(seed + 1000);
    let solution = problem.solve(params).unwrap();
    let (direction, cotangent) = (
        direction(params, curved, &mut numbers),
        numbers.record(problem.zero_vars()),
    );
    let mut tangent = problem.zero_vars();
    let forward = solution.jvp_into(&direction, &mut tangent).unwrap();
    let mut gradient = problem.zero_params();
    let reverse = solution.vjp_into(Cotangent::vars(&cotangent), &mut gradient).unwrap();
    assert_eq!(
        (forward.kind, reverse.kind),
        (Exactness::Exact, Exactness::Exact),
        "{seed}"
    );
    let (one, other) = (dot(&cotangent, &tangent), dot(&gradient, &direction));
    let scale: f64 = (0..ConicParams::NAMES.len())
        .flat_map(|field| gradient.entries(field).iter().zip(direction.entries(field)))
        .map(|(gradient, direction)| (gradient * direction).powi(2))
        .sum();
    // Two central differences, extrapolated: what is left is of fourth order in the step.
    let mut residual = solution.residual();
    let mut difference = |step: f64| {
        let [ahead, behind] = [step, -step].map(|step| problem.solve(&moved(params, step, &direction)).unwrap());
        residual = residual.max(ahead.residual()).max(behind.residual());
        let mut difference = moved(&ahead.vars, -1.0, &behind.vars);
        difference.field_mut("x").iter_mut().for_each(|x| *x /= 2.0 * step);
        difference
    };
    let mut error = |step: f64| {
        let (fine, coarse) = (difference(step), difference(2.0 * step));
        let error = moved(&moved(&fine, 1.0 / 3.0, &moved(&fine, -1.0, &coarse)), -1.0, &tangent);
        norm(&error) / norm(&tangent)
    };
    // A step may cross to another face of a cone: a shorter one does not.
    let mut least = f64::INFINITY;
    for step in [1e-5, 1e-6, 1e-7] {
        if least > 1e-6 {
            least = least.min(error(step));
        }
    }
    Errors {
        residual,
        adjoint: (one - other).abs() / scale.sqrt().max(one.abs()),
        difference: least,
        kinks: forward.kinks,
    }
}

impl Errors {
    fn assert_small(&self, what: &str) {
        assert!(self.residual < 1e-12, "{what}: {self:?}");
        assert!(self.adjoint < 2e-11, "{what}: {self:?}");
        assert!(self.difference < 1e-6, "{what}: {self:?}");
        assert_eq!(self.kinks, 0, "{what}");
    }
}

/// Where the slacks of the cones of many solutions are.
#[derive(Debug, Default)]
struct Places {
    inside: u32,
    boundary: u32,
    apex: u32,
}

/// Many random problems of more and of less variables and curvature.
fn check_all(cones: &[Cone], count: u64, places: &mut Places) {
    for seed in 0..count {
        let rows = |equalities: bool| -> usize {
            let among = |cone: &&Cone| matches!(cone, Cone::Zero(_)) == equalities;
            cones.iter().filter(among).map(|cone| cone.dim()).sum()
        };
        let n = rows(true) + 1 + rows(false) * (seed as usize % 3 + 1) / 4;
        let n = n.min(rows(true) + rows(false));
        let rank = [n, n / 2, 0][seed as usize / 3 % 3];
        let (mut problem, params) = conic(cones, n, rank, seed);
        let errors = check(&mut problem, &params, rank == n, seed);
        errors.assert_small(&format!("{cones:?} {seed}"));
        let solution = problem.solve(&params).unwrap();
        assert_optimal(&mut problem, &solution, 1e-9);
        let mut row = 0;
        for cone in cones {
            let rows = row..row + cone.dim();
            row = rows.end;
            let is_zero = |part: &[f64]| part.iter().all(|entry| *entry == 0.0);
            match (
                is_zero(&solution.cone_s()[rows.clone()]),
                is_zero(&solution.cone_z()[rows]),
            ) {
                _ if matches!(cone, Cone::Zero(_)) => {}
                (true, _) => places.apex += 1,
                (_, true) => places.inside += 1,
                _ => places.boundary += 1,
            }
        }
    }
}

#[test]
fn orthant() {
    let mut places = Places::default();
    for dim in [1, 3, 8] {
        check_all(&[Cone::Nonneg(dim)], 85, &mut places);
        check_all(&[Cone::Zero(2), Cone::Nonneg(dim)], 85, &mut places);
    }
}

#[test]
fn second_order() {
    let mut places = Places::default();
    for dim in [2, 3, 5, 13] {
        check_all(&[Cone::SecondOrder(dim)], 65, &mut places);
        check_all(&[Cone::SecondOrder(dim), Cone::SecondOrder(4)], 65, &mut places);
    }
    assert!(
        places.inside > 30 && places.boundary > 100 && places.apex > 10,
        "{places:?}"
    );
}

#[test]
fn exponential() {
    let mut places = Places::default();
    for blocks in [1, 2, 5] {
        check_all(&vec![Cone::Exponential; blocks], 170, &mut places);
    }
    assert!(
        places.inside > 30 && places.boundary > 100 && places.apex > 10,
        "{places:?}"
    );
}

#[test]
fn power() {
    let mut places = Places::default();
    for alpha in [0.5, 0.25, 0.8, 0.6] {
        for blocks in [1, 3] {
            check_all(&vec![Cone::Power(alpha); blocks], 65, &mut places);
        }
    }
    assert!(
        places.inside > 30 && places.boundary > 100 && places.apex > 10,
        "{places:?}"
    );
}

#[test]
#[cfg_attr(not(any(feature = "sdp", feature = "sdp-system")), ignore = "not supported")]
fn semidefinite() {
    let mut places = Places::default();
    for order in 1..=6 {
        check_all(&[Cone::Semidefinite(order)], 72, &mut places);
    }
    check_all(&[Cone::Semidefinite(3), Cone::Semidefinite(2)], 72, &mut places);
    assert!(
        places.inside > 10 && places.boundary > 100 && places.apex > 10,
        "{places:?}"
    );
}

#[test]
fn mixed() {
    let mut places = Places::default();
    let cones = [
        Cone::Zero(2),
        Cone::Nonneg(3),
        Cone::SecondOrder(4),
        Cone::Exponential,
        Cone::Semidefinite(3),
        Cone::Power(0.3),
        Cone::SecondOrder(13),
        Cone::Exponential,
        Cone::Nonneg(2),
        Cone::Semidefinite(2),
        Cone::Power(0.7),
    ];
    let cones: Vec<Cone> = cones.into_iter().filter(supported).collect();
    check_all(&cones, 230, &mut places);
    check_all(&[Cone::Zero(1), Cone::Exponential, Cone::Nonneg(2)], 270, &mut places);
    assert!(
        places.inside > 100 && places.boundary > 300 && places.apex > 30,
        "{places:?}"
    );
}

/// The same problem in other units of `x` and of the objective has the same relative errors.
#[test]
fn scales_do_not_matter() {
    let lists = [
        vec![Cone::Nonneg(9)],
        vec![Cone::SecondOrder(4), Cone::SecondOrder(3), Cone::Nonneg(2)],
        vec![Cone::Exponential; 3],
        vec![Cone::Power(0.3), Cone::Power(0.6), Cone::Nonneg(2)],
        vec![Cone::Semidefinite(3), Cone::Nonneg(1)],
    ];
    for cones in lists.iter().filter(|cones| cones.iter().all(supported)) {
        for seed in 0..4 {
            for (unit, money) in [
                (1e-4, 1.0),
                (1e4, 1.0),
                (1.0, 1e-4),
                (1.0, 1e4),
                (1e-4, 1e4),
                (1e4, 1e-4),
            ] {
                let (mut problem, mut params) = conic(cones, 4, 2, seed);
                for (name, factor) in [("p", money / unit / unit), ("q", money / unit), ("b", unit)] {
                    params.field_mut(name).iter_mut().for_each(|entry| *entry *= factor);
                }
                let errors = check(&mut problem, &params, false, seed);
                errors.assert_small(&format!("{cones:?} {seed} {unit} {money}"));
            }
        }
    }
}

/// minimize Σ xᵢ log xᵢ + cᵀx subject to Σ xᵢ == 1: xᵢ is proportional to e^{−cᵢ}.
#[test]
fn an_entropy_in_closed_form() {
    // The variables are (x, t) with (−tᵢ, xᵢ, 1) in the cone: tᵢ >= xᵢ log xᵢ.
    let n = 3;
    let mut cones = vec![Cone::Zero(1)];
    cones.extend([Cone::Exponential; 3]);
    let mut problem = ConicProblem::new((2 * n, cones)).unwrap();
    problem.settings_mut().polish = Polish::Solve;
    let m = 1 + 3 * n;
    let costs = [0.3, -1.0, 2.0];
    let mut params = problem.zero_params();
    for (i, cost) in costs.into_iter().enumerate() {
        params.field_mut("a")[m * i] = 1.0;
        params.field_mut("a")[1 + 3 * i + m * (n + i)] = 1.0;
        params.field_mut("a")[2 + 3 * i + m * i] = -1.0;
        params.field_mut("b")[3 + 3 * i] = 1.0;
        params.field_mut("q")[i] = cost;
        params.field_mut("q")[n + i] = 1.0;
    }
    params.field_mut("b")[0] = 1.0;
    let solution = problem.solve(&params).unwrap();
    let total: f64 = costs.iter().map(|cost| (-cost).exp()).sum();
    let expected = costs.map(|cost| (-cost).exp() / total);
    for (x, expected) in solution.vars.field("x").iter().zip(expected) {
        assert!((x - expected).abs() < 1e-12, "{x} {expected}");
    }
    assert!((solution.objective + total.ln()).abs() < 1e-12);
    // The derivative of softmax.
    let mut cotangent = problem.zero_vars();
    cotangent.field_mut("x")[0] = 1.0;
    let gradient = solution.vjp(Cotangent::vars(&cotangent)).unwrap();
    for (i, slope) in gradient.field("q")[..n].iter().enumerate() {
        let identity = if i == 0 { 1.0 } else { 0.0 };
        let expected = -expected[0] * (identity - expected[i]);
        assert!((slope - expected).abs() < 1e-12, "{slope} {expected}");
    }
}

/// minimize ⟨C, X⟩ subject to tr X == 1, X ⪰ 0: the smallest eigenvalue, whose gradient is X.
#[test]
#[cfg_attr(not(any(feature = "sdp", feature = "sdp-system")), ignore = "not supported")]
fn a_smallest_eigenvalue() {
    let order = 5;
    let dim = order * (order + 1) / 2;
    let mut problem = ConicProblem::new((dim, vec![Cone::Zero(1), Cone::Semidefinite(order)])).unwrap();
    problem.settings_mut().polish = Polish::Solve;
    let mut params = problem.zero_params();
    let c = Numbers::new(7).vec(dim);
    params.field_mut("q").copy_from_slice(&c);
    for k in 0..dim {
        params.field_mut("a")[1 + k + (dim + 1) * k] = -1.0;
    }
    for j in 0..order {
        params.field_mut("a")[(dim + 1) * (j * (j + 3) / 2)] = 1.0;
    }
    params.field_mut("b")[0] = 1.0;
    let matrix = |x: &[f64]| {
        cvxlayers::nalgebra::DMatrix::from_fn(order, order, |i, j| {
            let entry = x[i.min(j) + i.max(j) * (i.max(j) + 1) / 2];
            if i == j { entry } else { entry / 2_f64.sqrt() }
        })
    };
    let eigen = matrix(&c).symmetric_eigen();
    let smallest = eigen.eigenvalues.imin();
    let solution = problem.solve(&params).unwrap();
    assert!(solution.residual() < 1e-13);
    assert!((solution.objective - eigen.eigenvalues[smallest]).abs() < 1e-12);
    let vector = eigen.eigenvectors.column(smallest);
    let x = matrix(solution.vars.field("x"));
    assert!((x - vector * vector.transpose()).amax() < 1e-12);
    // First-order perturbation of the eigenvector, along a direction of C.
    let direction = Numbers::new(8).vec(dim);
    let change = matrix(&direction);
    let mut moving = cvxlayers::nalgebra::DVector::zeros(order);
    for (k, value) in eigen.eigenvalues.iter().enumerate().filter(|(k, _)| *k != smallest) {
        let other = eigen.eigenvectors.column(k);
        moving += other * ((other.transpose() * &change * vector)[0] / (eigen.eigenvalues[smallest] - value));
    }
    let expected = &moving * vector.transpose() + vector * moving.transpose();
    let tangent = solution.jvp(&problem.zero_params().with("q", &direction)).unwrap();
    assert!((matrix(tangent.field("x")) - expected).amax() < 1e-11);
}

/// minimize ½‖x − p‖² subject to x in a cone, at p = 0 and at points of its edges.
#[test]
fn kinks_are_counted_and_differentiated_all_the_same() {
    let project = |cone: Cone, p: &[f64]| {
        let n = cone.dim();
        let mut problem = ConicProblem::new((n, vec![cone])).unwrap();
        problem.settings_mut().polish = Polish::Solve;
        let mut params = problem.zero_params();
        for (i, p) in p.iter().enumerate() {
            params.field_mut("p")[i + n * i] = 1.0;
            params.field_mut("a")[i + n * i] = -1.0;
            params.field_mut("q")[i] = -p;
        }
        let solution = problem.solve(&params).unwrap();
        let cotangent = problem.zero_vars().with("x", &vec![1.0; n]);
        let mut gradient = problem.zero_params();
        let accuracy = solution.vjp_into(Cotangent::vars(&cotangent), &mut gradient).unwrap();
        // Where all is zero, so is the scale by which the point is judged.
        let kind = if p == [0.0; 3] && accuracy.kind == Exactness::Approximate {
            Exactness::Exact
        } else {
            accuracy.kind
        };
        assert_eq!(kind, Exactness::Exact, "{cone:?}");
        assert!(accuracy.residual < 1e-9, "{cone:?} {accuracy:?}");
        let slopes: Vec<f64> = gradient.field("q").iter().map(|q| -q).collect();
        (slopes, accuracy.kinks)
    };
    for cone in [Cone::Exponential, Cone::Power(0.4)] {
        let (slopes, kinks) = project(cone, &[0.0; 3]);
        assert!(kinks <= 1, "{cone:?}");
        // 1ᵀD1 of some D with eigenvalues between 0 and 1.
        let sum: f64 = slopes.iter().sum();
        assert!((-1e-6..=3.0 + 1e-6).contains(&sum), "{cone:?} {slopes:?}");
    }
    // Of a point of the cone it is the identity, of one of the polar cone it vanishes.
    for (cone, p, slope) in [
        (Cone::Exponential, [0.1, 1.0, 3.0], 1.0),
        (Cone::Exponential, [0.5, -0.3, -2.0], 0.0),
        (Cone::Power(0.4), [1.0, 2.0, -0.3], 1.0),
        (Cone::Power(0.4), [-1.0, -2.0, -0.3], 0.0),
        (Cone::Semidefinite(2), [1.0, 0.1, 2.0], 1.0),
        (Cone::Semidefinite(2), [-1.0, 0.1, -2.0], 0.0),
    ] {
        if !supported(&cone) {
            continue;
        }
        let (slopes, kinks) = project(cone, &p);
        assert_eq!(kinks, 0);
        assert!(
            slopes.iter().all(|found| (found - slope).abs() < 1e-9),
            "{cone:?} {slopes:?}"
        );
    }
    // On the boundary, where the dual vanishes.
    for (cone, p) in [
        (Cone::Exponential, [0.0, 1.0, 1.0]),
        (Cone::Power(0.5), [4.0, 1.0, -2.0]),
        (Cone::Semidefinite(2), [1.0, 2_f64.sqrt(), 1.0]),
        (Cone::SecondOrder(3), [5.0, 3.0, 4.0]),
    ] {
        if supported(&cone) {
            let (_, kinks) = project(cone, &p);
            assert_eq!(kinks, 1, "{cone:?}");
        }
    }
    // A face of the exponential cone, on both sides.
    let (slopes, kinks) = project(Cone::Exponential, &[-1.0, -2.0, 3.0]);
    assert_eq!(kinks, 0);
    assert!(
        slopes
            .iter()
            .zip([1.0, 0.0, 1.0])
            .all(|(found, slope)| (found - slope).abs() < 1e-9)
    );
    let (slopes, _) = project(Cone::Exponential, &[-1.0, -2.0, -3.0]);
    assert!(
        slopes
            .iter()
            .zip([1.0, 0.0, 0.0])
            .all(|(found, slope)| (found - slope).abs() < 1e-9)
    );
}

/// s == b, and b is outside of the cone; or the objective falls along a ray of the cone.
#[test]
fn infeasible_and_unbounded() {
    for (cone, outside, ray) in [
        (Cone::Exponential, vec![1.0, 1.0, 1.0], vec![-1.0, 1.0, 2.0]),
        (Cone::Power(0.3), vec![1.0, 1.0, 2.0], vec![1.0, 1.0, 0.5]),
        (Cone::Semidefinite(2), vec![1.0, 3.0, 1.0], vec![1.0, 0.0, 1.0]),
    ] {
        if !supported(&cone) {
            continue;
        }
        let n = cone.dim();
        let mut problem = ConicProblem::new((n, vec![Cone::Zero(n), cone])).unwrap();
        let mut params = problem.zero_params();
        for (i, outside) in outside.into_iter().enumerate() {
            params.field_mut("a")[i + 2 * n * i] = 1.0;
            params.field_mut("a")[n + i + 2 * n * i] = -1.0;
            params.field_mut("b")[i] = outside;
        }
        let error = problem.solve(&params).unwrap_err();
        let Error::Infeasible { certificate, .. } = error else {
            panic!("{cone:?}: {error}")
        };
        assert!(cone.dual_violation(&certificate.z[n..]) < 1e-6);

        let mut problem = ConicProblem::new((n, vec![cone])).unwrap();
        let mut params = problem.zero_params();
        for (i, along) in ray.into_iter().enumerate() {
            params.field_mut("a")[i + n * i] = -1.0;
            params.field_mut("q")[i] = -along;
        }
        let error = problem.solve(&params).unwrap_err();
        let Error::Unbounded { ray, .. } = error else {
            panic!("{cone:?}: {error}")
        };
        assert!(cone.violation(&ray.s) < 1e-6);
    }
}

#[test]
fn exponents_out_of_range_are_errors() {
    for exponent in [0.0, 1.0, -0.5, f64::INFINITY, f64::NAN] {
        let error = ConicProblem::new((1, vec![Cone::Power(exponent)])).unwrap_err();
        assert!(matches!(error, Error::Exponent { problem: "Conic", .. }), "{error}");
    }
}

#[test]
fn semidefinite_cones_need_a_feature() {
    let built = ConicProblem::new((3, vec![Cone::Semidefinite(2)]));
    if SDP {
        assert!(built.is_ok());
    } else {
        assert_eq!(built.unwrap_err(), Error::NoSemidefinite { problem: "Conic" });
    }
}

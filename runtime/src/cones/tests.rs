//! Projections against what characterizes them, and their derivatives against differences.

use super::*;

/// A small generator of numbers in (−1, 1).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let mixed = (self.0 ^ (self.0 >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        ((mixed ^ (mixed >> 32)) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }

    fn vec(&mut self, count: usize) -> Vec<f64> {
        (0..count).map(|_| self.next()).collect()
    }

    /// Of any size between `10^−decades` and `10^decades`, now and then zero.
    fn wide(&mut self, decades: f64) -> f64 {
        let size = 10_f64.powf(decades * self.next());
        let number = self.next();
        if number.abs() < 0.05 {
            0.0
        } else {
            size.copysign(number)
        }
    }
}

fn split(cone: Cone, w: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let (mut s, mut z) = (vec![f64::NAN; w.len()], vec![f64::NAN; w.len()]);
    cone.split(w, &mut s, &mut z, &mut scratch(&[cone]));
    (s, z)
}

/// How far outside a point is to first order, from the definition.
fn outside(cone: Cone, s: &[f64]) -> f64 {
    let below = |x: &[f64]| x.iter().fold(0.0, |worst: f64, x| worst.max(-x));
    match cone {
        Cone::Exponential => {
            let (x, y, z) = (s[0], s[1], s[2]);
            if y <= 0.0 {
                return x.max(-y).max(-z).max(0.0);
            }
            let rho = x / y;
            let e = (-rho.abs()).exp();
            let (over, gradient) = if rho > 0.0 {
                (y - e * z, [1.0, 1.0 - rho, e])
            } else {
                (e * y - z, [e, (1.0 - rho) * e, 1.0])
            };
            (over / norm(&gradient)).max(0.0)
        }
        Cone::Power(alpha) => {
            let (x, y, z) = (s[0], s[1], s[2].abs());
            let negative = below(&s[..2]);
            if x <= 0.0 || y <= 0.0 {
                return negative.max(z);
            }
            let height = x.powf(alpha) * y.powf(1.0 - alpha);
            let gradient = [alpha * height / x, (1.0 - alpha) * height / y, 1.0];
            ((z - height) / norm(&gradient)).max(0.0)
        }
        Cone::Semidefinite(order) => below(eigenvalues(order, s).as_slice()),
        Cone::Nonneg(_) => below(s),
        Cone::SecondOrder(_) => (norm(&s[1..]) - s[0]).max(0.0),
        Cone::Zero(_) => norm(s),
    }
}

fn outside_dual(cone: Cone, z: &[f64]) -> f64 {
    match cone {
        Cone::Zero(_) => 0.0,
        // The dual cone is the cone after a linear map.
        Cone::Exponential => outside(cone, &[z[0] - z[1], -z[0], 1_f64.exp() * z[2]]),
        Cone::Power(alpha) => outside(cone, &[z[0] / alpha, z[1] / (1.0 - alpha), z[2]]),
        _ => outside(cone, z),
    }
}

fn eigenvalues(order: usize, s: &[f64]) -> nalgebra::DVector<f64> {
    let entry = |i: usize, j: usize| {
        let (low, high) = (i.min(j), i.max(j));
        let entry = s[low + high * (high + 1) / 2];
        if i == j { entry } else { entry / 2_f64.sqrt() }
    };
    nalgebra::DMatrix::from_fn(order, order, entry).symmetric_eigenvalues()
}

/// `s − z = w`, both in their cones, and orthogonal: that is the projection and nothing else is.
fn check_split(cone: Cone, w: &[f64], tolerance: f64) {
    let (s, z) = split(cone, w);
    let size = norm(w);
    for ((s, z), w) in s.iter().zip(&z).zip(w) {
        assert!((s - z - w).abs() <= tolerance * size, "{cone:?} {w:?} {s} {z}");
    }
    let inner: f64 = s.iter().zip(&z).map(|(s, z)| s * z).sum();
    assert!(inner.abs() <= tolerance * size * size, "{cone:?} {w:?}: {inner}");
    let (primal, dual) = (outside(cone, &s), outside_dual(cone, &z));
    assert!(primal <= tolerance * size, "{cone:?} {w:?} {s:?}: {primal}");
    assert!(dual <= tolerance * size, "{cone:?} {w:?} {z:?}: {dual}");
    assert!(cone.violation(&s) <= tolerance * size);
    assert!(cone.dual_violation(&z) <= tolerance * size);
}

const ALPHAS: [f64; 7] = [0.5, 0.3, 0.75, 0.1, 0.95, 1.0 / 3.0, 0.01];
const EXTREME: [f64; 4] = [1e-4, 1e-9, 0.9999, 1.0 - 1e-9];

fn nonsymmetric() -> impl Iterator<Item = Cone> {
    [Cone::Exponential].into_iter().chain(ALPHAS.map(Cone::Power))
}

#[test]
fn projections_at_all_scales() {
    let mut numbers = Numbers(1);
    for cone in nonsymmetric().chain(EXTREME.map(Cone::Power)) {
        for _ in 0..5_000 {
            let w = [numbers.wide(6.0), numbers.wide(6.0), numbers.wide(6.0)];
            check_split(cone, &w, 1e-13);
            let size = 10_f64.powf(6.0 * numbers.next());
            check_split(
                cone,
                &[size * numbers.next(), size * numbers.next(), size * numbers.next()],
                1e-13,
            );
        }
    }
    for order in 1..=9 {
        let cone = Cone::Semidefinite(order);
        for round in 0..400 {
            let size = 10_f64.powf(6.0 * numbers.next());
            let w: Vec<f64> = match round % 4 {
                0 => (0..cone.dim()).map(|_| numbers.wide(6.0)).collect(),
                _ => numbers.vec(cone.dim()).iter().map(|w| w * size).collect(),
            };
            check_split(cone, &w, 1e-13);
        }
    }
}

/// Points that are on the boundary, nearly, or far beyond where exponentials end.
#[test]
fn projections_near_the_boundary_and_at_the_ends() {
    let mut numbers = Numbers(2);
    for cone in nonsymmetric() {
        for _ in 0..5_000 {
            let w = [numbers.wide(2.0), numbers.wide(2.0), numbers.wide(2.0)];
            let (s, z) = split(cone, &w);
            for part in [s, z.iter().map(|z| -z).collect()] {
                check_split(cone, &part, 1e-13);
                let nearly: Vec<f64> = part.iter().map(|x| x * (1.0 + 1e-15 * numbers.next())).collect();
                check_split(cone, &nearly, 1e-13);
                let moved: Vec<f64> = part.iter().map(|x| x + 1e-9 * numbers.next()).collect();
                check_split(cone, &moved, 1e-13);
            }
        }
        for x in [-1e150, -700.0, -1.0, -1e-150, 0.0, 1e-150, 1.0, 700.0, 1e150] {
            for y in [-1e150, -1.0, -1e-10, 0.0, 1e-10, 1.0, 1e150] {
                for z in [-1e150, -1.0, -1e-10, 0.0, 1e-150, 1.0, 1e150] {
                    let (s, dual) = split(cone, &[x, y, z]);
                    for ((s, dual), w) in s.iter().zip(&dual).zip([x, y, z]) {
                        assert!(
                            (s - dual - w).abs() <= 1e-13 * x.abs().max(y.abs()).max(z.abs()),
                            "{cone:?} {x} {y} {z}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn matrices_of_low_rank_and_of_equal_eigenvalues() {
    let mut numbers = Numbers(3);
    for order in 2..=8 {
        let cone = Cone::Semidefinite(order);
        let unit: Vec<f64> = (0..order)
            .flat_map(|j| (0..=j).map(move |i| if i == j { 1.0 } else { 0.0 }))
            .collect();
        let vector = numbers.vec(order);
        let outer: Vec<f64> = (0..order)
            .flat_map(|j| (0..=j).map(move |i| (i, j)))
            .map(|(i, j)| vector[i] * vector[j] * if i == j { 1.0 } else { 2_f64.sqrt() })
            .collect();
        for (a, b) in [
            (1.0, 0.0),
            (-1.0, 0.0),
            (0.0, 1.0),
            (0.0, -1.0),
            (-0.1, 1.0),
            (0.1, -1.0),
            (0.0, 0.0),
        ] {
            let w: Vec<f64> = unit
                .iter()
                .zip(&outer)
                .map(|(unit, outer)| a * unit + b * outer)
                .collect();
            check_split(cone, &w, 1e-13);
        }
    }
}

/// `D v` from what `derivative` leaves, in units of `z` that are not those of `s`; and the kinks.
fn apply(cone: Cone, s: &[f64], z: &[f64], noise: f64, v: &[f64]) -> (Vec<f64>, usize) {
    apply_smoothed(cone, s, z, noise, 0.0, v)
}

fn apply_smoothed(cone: Cone, s: &[f64], z: &[f64], noise: f64, smoothing: f64, v: &[f64]) -> (Vec<f64>, usize) {
    let dim = cone.dim();
    let unit = 8.0;
    let z: Vec<f64> = z.iter().map(|z| z / unit).collect();
    let pair = Pair {
        s,
        z: &z,
        unit,
        s_noise: &vec![noise; dim],
        z_noise: noise,
        smoothing,
    };
    let (mut d, mut s_hat, mut z_hat) = (vec![f64::NAN; dim], vec![f64::NAN; dim], vec![f64::NAN; dim]);
    let (mut basis, mut ends) = (vec![f64::NAN; cone.basis()], [f64::NAN; 2]);
    let derivative = Derivative {
        d: &mut d,
        s_hat: &mut s_hat,
        z_hat: &mut z_hat,
        ends: &mut ends,
        basis: &mut basis,
    };
    let mut scratch = scratch(&[cone]);
    let kinks = cone.derivative(&pair, derivative, &mut scratch);
    assert!(d.iter().all(|d| (0.0..=1.0).contains(d)));
    let mut v = v.to_vec();
    if let Cone::Semidefinite(order) = cone
        && order > 1
    {
        rotate(order, &basis, false, &mut v, &mut scratch);
    }
    let along = |hat: &[f64]| hat.iter().zip(&v).map(|(hat, v)| hat * v).sum::<f64>();
    let (along_s, along_z) = (along(&s_hat), along(&z_hat));
    let mut product: Vec<f64> = (0..dim)
        .map(|row| {
            let (of_s, of_z) = (ends[0] - d[row], ends[1] - d[row]);
            d[row] * v[row] + of_s * s_hat[row] * along_s + of_z * z_hat[row] * along_z
        })
        .collect();
    if let Cone::Semidefinite(order) = cone
        && order > 1
    {
        rotate(order, &basis, true, &mut product, &mut scratch);
    }
    (product, kinks)
}

/// The error of `D v`; no number where the projection bends too much for a difference.
fn error(cone: Cone, w: &[f64], v: &[f64]) -> Option<f64> {
    let size = norm(w);
    let (s, z) = split(cone, w);
    let (found, kinks) = apply(cone, &s, &z, 1e-14 * size, v);
    assert_eq!(kinks, 0, "{cone:?} {w:?}");
    let difference = |step: f64| -> Vec<f64> {
        let moved = |step: f64| -> Vec<f64> { w.iter().zip(v).map(|(w, v)| w + step * v).collect() };
        let (ahead, behind) = (split(cone, &moved(step)).0, split(cone, &moved(-step)).0);
        ahead
            .iter()
            .zip(behind)
            .map(|(ahead, behind)| (ahead - behind) / (2.0 * step))
            .collect()
    };
    let distance = |x: &[f64], y: &[f64]| x.iter().zip(y).fold(0.0, |worst: f64, (x, y)| worst.max((x - y).abs()));
    let (coarse, fine) = (difference(2e-5 * size), difference(1e-5 * size));
    (distance(&coarse, &fine) < 1e-7).then(|| distance(&found, &fine))
}

#[test]
fn derivatives_of_projections() {
    let mut numbers = Numbers(4);
    let cones = [Cone::Zero(4), Cone::Nonneg(4), Cone::SecondOrder(4)].into_iter();
    let cones = cones.chain(nonsymmetric()).chain((1..=6).map(Cone::Semidefinite));
    for cone in cones {
        let mut checked = 0;
        for round in 0..2000 {
            let size = 10_f64.powf(f64::from(round % 7 - 3));
            let w: Vec<f64> = numbers.vec(cone.dim()).iter().map(|w| size * w).collect();
            let v = numbers.vec(cone.dim());
            if let Some(error) = error(cone, &w, &v) {
                assert!(error < 1e-6, "{cone:?} {w:?} {v:?}: {error}");
                checked += 1;
            }
        }
        assert!(checked > 1500, "{cone:?}: {checked}");
    }
}

#[test]
fn derivatives_in_each_place() {
    let v = [0.3, -0.8, 0.5];
    let checked = |cone: Cone, w: [f64; 3]| {
        let error = error(cone, &w, &v).expect("the point is far from kinks");
        assert!(error < 1e-8, "{cone:?} {w:?}: {error}");
        let (s, z) = split(cone, &w);
        let size = norm(&w);
        apply(cone, &s, &z, 1e-14 * size, &v).0
    };
    // Inside, inside the polar, on both faces, and on the boundary on both sides and in front.
    assert_eq!(checked(Cone::Exponential, [0.2, 1.0, 3.0]), v);
    assert_eq!(checked(Cone::Exponential, [0.5, -0.3, -2.0]), [0.0; 3]);
    assert_eq!(checked(Cone::Exponential, [-1.0, -0.5, 0.7]), [0.3, 0.0, 0.5]);
    assert_eq!(checked(Cone::Exponential, [-1.0, -0.5, -0.7]), [0.3, 0.0, 0.0]);
    for w in [
        [1.0, 0.2, 0.3],
        [-1.0, 0.4, -0.3],
        [0.5, -0.3, 0.2],
        [3.0, -2.0, 0.4],
        [-2.0, 0.3, -0.2],
    ] {
        checked(Cone::Exponential, w);
    }
    for alpha in ALPHAS {
        assert_eq!(checked(Cone::Power(alpha), [1.0, 2.0, 0.5]), v);
        assert_eq!(checked(Cone::Power(alpha), [-1.0, -2.0, 0.5]), [0.0; 3]);
        for w in [[0.1, 0.2, 1.0], [0.3, -0.2, -1.0], [-0.3, 0.4, 0.8], [-0.1, -0.2, 1.0]] {
            checked(Cone::Power(alpha), w);
        }
    }
    // In the plane z = 0, from the limit of the rest.
    for (alpha, across) in [(0.3, 1.0), (0.7, 0.0), (0.5, 2.0 / 3.0)] {
        let (s, z) = split(Cone::Power(alpha), &[-1.0, 4.0, 0.0]);
        let (product, kinks) = apply(Cone::Power(alpha), &s, &z, 1e-14, &v);
        assert_eq!((product, kinks), (vec![0.0, -0.8, across * 0.5], 0));
        let (s, _) = split(Cone::Power(0.5), &[-1.0, 4.0, 1e-7]);
        assert!((s[2] / 1e-7 - 2.0 / 3.0).abs() < 1e-6);
    }
}

#[test]
fn kinks() {
    let noise = 1e-12;
    let v = [0.3, -0.8, 0.5, 0.1, -0.2, 0.7];
    for cone in nonsymmetric().chain([Cone::Semidefinite(3), Cone::SecondOrder(3), Cone::Nonneg(1)]) {
        let dim = cone.dim();
        let (zero, v) = (vec![0.0; dim], &v[..dim]);
        let half: Vec<f64> = v.iter().map(|v| 0.5 * v).collect();
        let (product, kinks) = apply(cone, &zero, &zero, noise, v);
        assert!(
            product
                .iter()
                .zip(&half)
                .all(|(found, half)| (found - half).abs() < 1e-15)
        );
        assert_eq!(kinks, if cone == Cone::Semidefinite(3) { 3 } else { 1 }, "{cone:?}");
    }
    let one_part = [
        (Cone::Exponential, [0.0, 1.0, 1.0], [0.0; 3]),
        (Cone::Exponential, [0.0; 3], [-1.0, 1.0, (-2_f64).exp()]),
        (Cone::Power(0.5), [4.0, 1.0, -2.0], [0.0; 3]),
        (Cone::Power(0.5), [0.0; 3], [2.0, 0.5, 2.0]),
        (Cone::Exponential, [-1.0, 0.0, 0.0], [0.0, 1.0, 0.0]),
        (Cone::Exponential, [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]),
        (Cone::Exponential, [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]),
    ];
    for (cone, s, z) in one_part {
        let (product, kinks) = apply(cone, &s, &z, noise, &[1.0, 1.0, 1.0]);
        assert_eq!(kinks, 1, "{cone:?} {s:?} {z:?} {product:?}");
    }
    // A pair that is not quite complementary.
    let product = apply(
        Cone::Exponential,
        &[-1.0, 0.0, 1.0],
        &[1e-3, 0.0, 1e-3],
        noise,
        &[1.0; 3],
    );
    assert_eq!(product, (vec![1.0, 0.0, 1.0], 1));
    // Of the eigenvalues 1, 0 and −1.
    let (product, kinks) = apply(
        Cone::Semidefinite(3),
        &[1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        &[0.0, 0.0, 0.0, 0.0, 0.0, 1.0],
        noise,
        &v,
    );
    assert_eq!(kinks, 1);
    for (found, expected) in product.iter().zip([0.3, -0.8, 0.25, 0.05, 0.0, 0.0]) {
        assert!((found - expected).abs() < 1e-15, "{product:?}");
    }
}

#[test]
fn membership() {
    assert_eq!(Cone::SecondOrder(3).violation(&[5.0, 3.0, 4.0]), 0.0);
    assert_eq!(Cone::SecondOrder(3).violation(&[4.0, 3.0, 4.0]), 1.0);
    assert_eq!(Cone::Nonneg(2).dual_violation(&[1.0, -0.5]), 0.5);
    assert_eq!(Cone::Zero(2).violation(&[1.0, -2.0]), 2.0);
    assert_eq!(Cone::Zero(2).dual_violation(&[1.0, -2.0]), 0.0);
    assert_eq!(Cone::Exponential.violation(&[0.0, 1.0, 1.0]), 0.0);
    assert_eq!(Cone::Exponential.violation(&[-3.0, 0.0, -2.0]), 2.0);
    assert_eq!(Cone::Exponential.dual_violation(&[0.0, 1.0, 1.0]), 0.0);
    assert_eq!(Cone::Power(0.25).violation(&[1.0, 1.0, -1.0]), 0.0);
    assert_eq!(Cone::Power(0.25).violation(&[-1.0, 0.0, 0.0]), 1.0);
    let indefinite = [1.0, 3.0 * 2_f64.sqrt(), 1.0];
    assert!((Cone::Semidefinite(2).violation(&indefinite) - 2.0).abs() < 1e-15);
    assert_eq!(Cone::Semidefinite(3).dim(), 6);
    assert_eq!(Cone::Semidefinite(usize::MAX).dim(), usize::MAX);
}

/// The parts of a smoothed split, and its derivative against differences.
#[test]
fn smoothed_splits() {
    let mut numbers = Numbers(7);
    for cone in [
        Cone::Nonneg(3),
        Cone::SecondOrder(1),
        Cone::SecondOrder(4),
        Cone::Semidefinite(3),
    ] {
        for smoothing in [1.0, 1e-2, 1e-4] {
            let dim = cone.dim();
            let split = |w: &[f64]| {
                let (mut s, mut z) = (vec![0.0; dim], vec![0.0; dim]);
                cone.split_smoothly(w, smoothing, &mut s, &mut z, &mut scratch(&[cone]));
                (s, z)
            };
            let (w, v) = (numbers.vec(dim), numbers.vec(dim));
            let (s, z) = split(&w);
            assert!(cone.violation(&s) == 0.0 && cone.dual_violation(&z) == 0.0);
            for (w, (s, z)) in w.iter().zip(s.iter().zip(&z)) {
                assert!((s - z - w).abs() < 1e-14);
            }
            let moved = |step: f64| {
                let w: Vec<f64> = w.iter().zip(&v).map(|(w, v)| w + step * v).collect();
                split(&w).0
            };
            let step = 1e-4 * smoothing.sqrt();
            let (product, kinks) = apply_smoothed(cone, &s, &z, 0.0, smoothing, &v);
            assert_eq!(kinks, 0);
            for ((above, below), product) in moved(step).iter().zip(moved(-step)).zip(product) {
                let difference = (above - below) / (2.0 * step);
                assert!(
                    (difference - product).abs() < 1e-6,
                    "{cone:?} {smoothing} {difference} {product}"
                );
            }
        }
    }
}

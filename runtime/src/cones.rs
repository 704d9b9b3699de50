//! The cones of the standard form.

mod nonneg;
mod second_order;
mod zero;

/// One cone of the product cone `K` in `Ax + s = b, s ∈ K`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cone {
    /// `{0}ᵈ`: equalities.
    Zero(usize),
    /// The nonnegative orthant of dimension `d`.
    Nonneg(usize),
    /// The second-order cone `{(t, x) : t ≥ ‖x‖₂}` of dimension `d`, `t` first.
    SecondOrder(usize),
}

/// The derivative of the projection onto one cone, as `D = d I + (1 − d) ŝŝᵀ − d ẑẑᵀ`: an
/// orthonormal pair `ŝ, ẑ` with the eigenvalues 1 and 0, and `d` for the rest. Rows without a
/// distinguished direction have `ŝ = ẑ = 0`.
#[derive(Debug)]
pub(crate) struct Derivative<'a> {
    pub(crate) d: &'a mut [f64],
    pub(crate) s_hat: &'a mut [f64],
    pub(crate) z_hat: &'a mut [f64],
}

impl Derivative<'_> {
    fn multiple_of_identity(&mut self, d: f64) {
        self.d.fill(d);
        self.s_hat.fill(0.0);
        self.z_hat.fill(0.0);
    }
}

/// A complementary pair of one cone, and the size below which each entry is rounding error.
#[derive(Debug)]
pub(crate) struct Pair<'a> {
    pub(crate) s: &'a [f64],
    pub(crate) z: &'a [f64],
    /// What `z` is multiplied by to be compared with `s`.
    pub(crate) unit: f64,
    pub(crate) s_noise: &'a [f64],
    pub(crate) z_noise: f64,
}

impl Cone {
    /// The number of rows of the cone.
    pub fn dim(self) -> usize {
        match self {
            Cone::Zero(dim) | Cone::Nonneg(dim) | Cone::SecondOrder(dim) => dim,
        }
    }

    /// How far `s` is outside of the cone, in the units of `s`; zero inside.
    ///
    /// For the second-order cone it is `max(‖x‖₂ − t, 0)`, for the others the largest violation of
    /// an entry.
    pub fn violation(self, s: &[f64]) -> f64 {
        match self {
            Cone::Zero(_) => zero::violation(s),
            Cone::Nonneg(_) => nonneg::violation(s),
            Cone::SecondOrder(_) => second_order::violation(s),
        }
    }

    /// How far `z` is outside of the dual cone, as [`violation`](Self::violation).
    pub fn dual_violation(self, z: &[f64]) -> f64 {
        match self {
            Cone::Zero(_) => 0.0,
            Cone::Nonneg(_) => nonneg::violation(z),
            Cone::SecondOrder(_) => second_order::violation(z),
        }
    }

    /// Splits `w = s − z` into `s ∈ K` and `z ∈ K*` with `sᵀz = 0`: `s` is the projection of `w`.
    pub(crate) fn split(self, w: &[f64], s: &mut [f64], z: &mut [f64]) {
        match self {
            Cone::Zero(_) => zero::split(w, s, z),
            Cone::Nonneg(_) | Cone::SecondOrder(0 | 1) => nonneg::split(w, s, z),
            Cone::SecondOrder(_) => second_order::split(w, s, z),
        }
    }

    /// The derivative of the projection at `s − z`; returns the number of kinks.
    pub(crate) fn derivative(self, pair: &Pair<'_>, derivative: Derivative<'_>) -> usize {
        match self {
            Cone::Zero(_) => zero::derivative(derivative),
            Cone::Nonneg(_) | Cone::SecondOrder(0 | 1) => nonneg::derivative(pair, derivative),
            Cone::SecondOrder(_) => second_order::derivative(pair, derivative),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIM: usize = 4;

    /// `D v` from its eigenvectors, and from differences of the projection.
    fn check(cone: Cone, w: [f64; DIM], v: [f64; DIM]) {
        let project = |t: f64| {
            let moved: Vec<f64> = w.iter().zip(v).map(|(w, v)| w + t * v).collect();
            let (mut s, mut z) = ([0.0; DIM], [0.0; DIM]);
            cone.split(&moved, &mut s, &mut z);
            (s, z)
        };
        let (s, z) = project(0.0);
        let (mut d, mut s_hat, mut z_hat) = ([0.0; DIM], [0.0; DIM], [0.0; DIM]);
        // In other units of z the derivative is the same, once z is brought back to those of s.
        let unit = 8.0;
        let pair = Pair {
            s: &s,
            z: &z.map(|z| z / unit),
            unit,
            s_noise: &[1e-14; DIM],
            z_noise: 1e-14,
        };
        let derivative = Derivative {
            d: &mut d,
            s_hat: &mut s_hat,
            z_hat: &mut z_hat,
        };
        assert_eq!(cone.derivative(&pair, derivative), 0);
        let along = |hat: [f64; DIM]| hat.iter().zip(v).map(|(hat, v)| hat * v).sum::<f64>();
        let (along_s, along_z) = (along(s_hat), along(z_hat));
        let step = 1e-5 * crate::program::norm_inf(&w);
        let (ahead, behind) = (project(step).0, project(-step).0);
        for row in 0..DIM {
            let found = d[row] * v[row] + (1.0 - d[row]) * s_hat[row] * along_s - d[row] * z_hat[row] * along_z;
            let difference = (ahead[row] - behind[row]) / (2.0 * step);
            assert!(
                (found - difference).abs() < 1e-8,
                "{cone:?} {w:?}: {found} {difference}"
            );
        }
        // s − z = w, both in their cones, and orthogonal.
        for row in 0..DIM {
            assert!((s[row] - z[row] - w[row]).abs() < 1e-14);
        }
        assert!(cone.violation(&s) < 1e-14 && cone.dual_violation(&z) < 1e-14);
        assert!(s.iter().zip(z).map(|(s, z)| s * z).sum::<f64>().abs() < 1e-14);
    }

    #[test]
    fn derivatives_of_projections() {
        let v = [0.3, -0.8, 0.5, 0.2];
        let points = [
            [0.4, 1.0, -0.7, 0.6],
            [-0.4, 1.0, -0.7, 0.6],
            [2.5, 1.0, -0.7, 0.6],
            [-2.5, 1.0, -0.7, 0.6],
            [1e-3, 1e-4, -2e-3, 5e-4],
        ];
        for w in points {
            for cone in [Cone::Zero(DIM), Cone::Nonneg(DIM), Cone::SecondOrder(DIM)] {
                check(cone, w, v);
            }
        }
    }

    #[test]
    fn membership() {
        assert_eq!(Cone::SecondOrder(3).violation(&[5.0, 3.0, 4.0]), 0.0);
        assert_eq!(Cone::SecondOrder(3).violation(&[4.0, 3.0, 4.0]), 1.0);
        assert_eq!(Cone::Nonneg(2).dual_violation(&[1.0, -0.5]), 0.5);
        assert_eq!(Cone::Zero(2).violation(&[1.0, -2.0]), 2.0);
        assert_eq!(Cone::Zero(2).dual_violation(&[1.0, -2.0]), 0.0);
    }
}

//! The derivative of the projection onto the cones.

use crate::Cone;
use crate::cones::{Derivative, Pair};
use crate::program::Structure;
use crate::vector::norm_inf;

/// The rounding error of a sum, relative to its terms.
pub(crate) const NOISE: f64 = 64.0 * f64::EPSILON;

/// `D` of all cones, as [`crate::cones::Derivative`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Projection {
    pub(crate) d: Vec<f64>,
    pub(crate) s_hat: Vec<f64>,
    pub(crate) z_hat: Vec<f64>,
    /// Of each cone at its first row.
    pub(crate) ends: Vec<[f64; 2]>,
    /// Those of all cones that have one, one after another.
    pub(crate) basis: Vec<f64>,
}

impl Projection {
    pub(crate) fn new(structure: &Structure) -> Self {
        let rows = structure.rows();
        Self {
            d: vec![0.0; rows],
            s_hat: vec![0.0; rows],
            z_hat: vec![0.0; rows],
            ends: vec![[1.0, 0.0]; rows],
            basis: vec![0.0; structure.cones.iter().map(|cone| cone.basis()).sum()],
        }
    }

    /// The derivative at no point: that of the projection onto zero.
    pub(crate) fn clear(&mut self) {
        for numbers in [&mut self.d, &mut self.s_hat, &mut self.z_hat, &mut self.basis] {
            numbers.fill(0.0);
        }
        self.ends.fill([1.0, 0.0]);
    }

    /// The derivative of the projection at `s − unit · z`, or of a smoothed one; returns the number of kinks.
    #[expect(clippy::too_many_arguments, reason = "the parts of a workspace, borrowed one by one")]
    pub(crate) fn set(
        &mut self,
        cones: &[Cone],
        s: &[f64],
        z: &[f64],
        unit: f64,
        smoothing: f64,
        s_noise: &[f64],
        z_noise: f64,
        scratch: &mut [f64],
    ) -> usize {
        self.visit(
            cones,
            [s, z],
            [unit, smoothing, z_noise],
            s_noise,
            scratch,
            Cone::derivative,
        )
    }

    /// The number of kinks at `s − unit · z`; what this leaves behind is of no use.
    #[expect(clippy::too_many_arguments, reason = "as above")]
    pub(crate) fn count_kinks(
        &mut self,
        cones: &[Cone],
        s: &[f64],
        z: &[f64],
        unit: f64,
        s_noise: &[f64],
        z_noise: f64,
        scratch: &mut [f64],
    ) -> usize {
        self.visit(cones, [s, z], [unit, 0.0, z_noise], s_noise, scratch, Cone::kinks)
    }

    fn visit(
        &mut self,
        cones: &[Cone],
        [s, z]: [&[f64]; 2],
        [unit, smoothing, z_noise]: [f64; 3],
        s_noise: &[f64],
        scratch: &mut [f64],
        visit: impl Fn(Cone, &Pair<'_>, Derivative<'_>, &mut [f64]) -> usize,
    ) -> usize {
        let z_noise = unit * z_noise.max(NOISE * norm_inf(z));
        let (mut row, mut kinks) = (0, 0);
        let mut bases = self.basis.as_mut_slice();
        for cone in cones {
            let basis = bases.split_off_mut(..cone.basis()).unwrap_or_default();
            let rows = row..row + cone.dim();
            row = rows.end;
            let mut nowhere = [1.0, 0.0];
            let (s, z, s_noise) = (&s[rows.clone()], &z[rows.clone()], &s_noise[rows.clone()]);
            let derivative = Derivative {
                d: &mut self.d[rows.clone()],
                s_hat: &mut self.s_hat[rows.clone()],
                ends: self.ends[rows.clone()].first_mut().unwrap_or(&mut nowhere),
                z_hat: &mut self.z_hat[rows],
                basis,
            };
            let pair = Pair {
                s,
                z,
                unit,
                s_noise,
                z_noise,
                smoothing,
            };
            kinks += visit(*cone, &pair, derivative, scratch);
        }
        kinks
    }

    /// The largest difference between two derivatives of projections.
    pub(crate) fn distance(&self, other: &Projection) -> f64 {
        [
            (&self.d, &other.d),
            (&self.s_hat, &other.s_hat),
            (&self.z_hat, &other.z_hat),
            (&self.basis, &other.basis),
        ]
        .into_iter()
        .flat_map(|(one, other)| one.iter().zip(other))
        .chain(self.ends.as_flattened().iter().zip(other.ends.as_flattened()))
        .fold(0.0, |distance, (one, other)| distance.max((one - other).abs()))
    }

    pub(crate) fn copy_from(&mut self, other: &Projection) {
        self.d.copy_from_slice(&other.d);
        self.s_hat.copy_from_slice(&other.s_hat);
        self.z_hat.copy_from_slice(&other.z_hat);
        self.ends.copy_from_slice(&other.ends);
        self.basis.copy_from_slice(&other.basis);
    }
}

//! The second-order cone. `W = η [w₀ w₁ᵀ; w₁ I + w₁w₁ᵀ/(1 + w₀)]` with `w₀² − ‖w₁‖² = 1`: its eigenvalues are
//! `η (w₀ ± ‖w₁‖)` along `(1, ±w₁/‖w₁‖)`, and `η` across.

use std::f64::consts::FRAC_1_SQRT_2;
use std::ops::Range;

use super::{Pair, Scaled};
use crate::kkt::Projection;
use crate::vector::dot;

#[derive(Debug)]
pub(super) struct SecondOrder {
    rows: Range<usize>,
    eta: f64,
    w: Vec<f64>,
    /// Of `λ = size · lambda`, with `lambda` as `w`.
    size: f64,
    lambda: Vec<f64>,
    /// `W⁻¹ds` and `W dz` of the step kept.
    ds: Vec<f64>,
    dz: Vec<f64>,
    term: Vec<f64>,
    /// The eigenvalues of `W²` along `(1, w₁)`, along `(1, −w₁)`, and across.
    h: [f64; 3],
}

impl SecondOrder {
    pub(super) fn new(rows: Range<usize>) -> Self {
        let zero = || vec![0.0; rows.len()];
        Self {
            eta: 1.0,
            w: zero(),
            size: 1.0,
            lambda: zero(),
            ds: zero(),
            dz: zero(),
            term: zero(),
            h: [1.0; 3],
            rows,
        }
    }

    /// How far the vector `lambda` plus a step goes in the cone, relative to `size`.
    fn longest(&self, step: &[f64]) -> f64 {
        let (Some((lambda_0, lambda_1)), Some((step_0, step_1))) = (self.lambda.split_first(), step.split_first())
        else {
            return f64::INFINITY;
        };
        // The hyperbolic rotation that takes `lambda` to `(1, 0)`.
        let along = lambda_0 * step_0 - dot(lambda_1, step_1);
        let weight = (along + step_0) / (lambda_0 + 1.0);
        let across = lambda_1.iter().zip(step_1).map(|(lambda, step)| step - weight * lambda);
        let across = across.map(|entry| entry * entry).sum::<f64>().sqrt();
        if across > along {
            self.size / (across - along)
        } else {
            f64::INFINITY
        }
    }
}

/// `t − ‖x‖` and `t + ‖x‖`.
fn eigenvalues(entries: &[f64]) -> [f64; 2] {
    let Some((t, x)) = entries.split_first() else {
        return [0.0; 2];
    };
    let norm = dot(x, x).sqrt();
    [t - norm, t + norm]
}

/// `W v`, or `W⁻¹ v`.
fn apply(w: &[f64], eta: f64, inverse: bool, v: &[f64], product: &mut [f64]) {
    let (Some((w_0, w_1)), Some((v_0, v_1)), Some((product_0, product_1))) =
        (w.split_first(), v.split_first(), product.split_first_mut())
    else {
        return;
    };
    let (factor, sign) = if inverse { (1.0 / eta, -1.0) } else { (eta, 1.0) };
    let along = sign * dot(w_1, v_1);
    *product_0 = factor * (w_0 * v_0 + along);
    let weight = sign * (v_0 + along / (1.0 + w_0));
    for ((product, w), v) in product_1.iter_mut().zip(w_1).zip(v_1) {
        *product = factor * (v + weight * w);
    }
}

impl Scaled for SecondOrder {
    fn degree(&self) -> usize {
        1
    }

    fn trace(&self, entries: &[f64]) -> f64 {
        entries[self.rows.start]
    }

    fn range(&mut self, entries: &[f64]) -> [f64; 2] {
        let [least, largest] = eigenvalues(&entries[self.rows.clone()]);
        [least, largest.max(-least)]
    }

    fn shift(&self, by: f64, entries: &mut [f64]) {
        entries[self.rows.start] += by;
    }

    fn relate(&mut self, h: &mut [f64], projection: &mut Projection) {
        let rows = self.rows.clone();
        let largest = h[rows.clone()].iter().copied().fold(0.0, f64::max);
        h[rows.clone()].fill(largest);
        projection.ends[rows.start] = [1.0, 0.0];
        projection.d[rows.clone()].fill(largest / (1.0 + largest));
        projection.s_hat[rows.clone()].fill(0.0);
        projection.z_hat[rows].fill(0.0);
    }

    fn scale(&mut self, iterate: Pair<'_>, unit: f64, projection: &mut Projection) -> Option<()> {
        let rows = self.rows.clone();
        let (s, z) = (&iterate.s[rows.clone()], &iterate.z[rows.clone()]);
        let [of_s, of_z] = [s, z].map(|entries| {
            let [least, largest] = eigenvalues(entries);
            (least > 0.0).then(|| (least * largest).sqrt())
        });
        let (of_s, of_z) = (of_s?, of_z?);
        let gamma = (0.5 + 0.5 * dot(s, z) / (of_s * of_z)).sqrt();
        let (s_0, z_0) = (s[0] / of_s, z[0] / of_z);
        let (in_s, in_z) = ((gamma + z_0) / of_s, (gamma + s_0) / of_z);
        for row in 1..rows.len() {
            self.w[row] = (s[row] / of_s - z[row] / of_z) / (2.0 * gamma);
            self.lambda[row] = (in_s * s[row] + in_z * z[row]) / (s_0 + z_0 + 2.0 * gamma);
        }
        let length = dot(&self.w[1..], &self.w[1..]).sqrt();
        self.w[0] = length.hypot(1.0);
        self.lambda[0] = gamma;
        self.size = (of_s * of_z).sqrt();
        self.eta = (of_s / of_z).sqrt();
        let stretch = (self.w[0] + length).powi(2);
        let across = of_s / of_z;
        self.h = [across * stretch, across / stretch, across];
        let [along_s, along_z, across] = self.h.map(|h| h / (unit + h));
        projection.ends[rows.start] = [along_s, along_z];
        projection.d[rows.clone()].fill(across);
        let directions = projection.s_hat[rows.clone()]
            .iter_mut()
            .zip(&mut projection.z_hat[rows]);
        for ((s_hat, z_hat), w) in directions.zip(&self.w) {
            let along = if length > 0.0 { FRAC_1_SQRT_2 * w / length } else { 0.0 };
            (*s_hat, *z_hat) = (along, -along);
        }
        if length > 0.0 {
            (projection.s_hat[self.rows.start], projection.z_hat[self.rows.start]) = (FRAC_1_SQRT_2, FRAC_1_SQRT_2);
        } else {
            (projection.s_hat[self.rows.start], projection.z_hat[self.rows.start]) = (0.0, 0.0);
        }
        // Nothing is left of `I − D`.
        (across < 1.0).then_some(())
    }

    fn longest_step(&mut self, _: Pair<'_>, step: Pair<'_>) -> f64 {
        apply(&self.w, self.eta, true, &step.s[self.rows.clone()], &mut self.ds);
        apply(&self.w, self.eta, false, &step.z[self.rows.clone()], &mut self.dz);
        self.longest(&self.ds).min(self.longest(&self.dz))
    }

    fn aim(&mut self, iterate: Pair<'_>, _: Pair<'_>, target: f64, aim: &mut [f64]) {
        let (ds, dz, lambda, term) = (&self.ds, &self.dz, &self.lambda, &mut self.term);
        // `ds ∘ dz − target`, and then what `λ ∘` takes there.
        let at_0 = dot(ds, dz) - target;
        for ((term, ds_1), dz_1) in term.iter_mut().zip(ds).zip(dz).skip(1) {
            *term = ds[0] * dz_1 + dz[0] * ds_1;
        }
        term[0] = (lambda[0] * at_0 - dot(&lambda[1..], &term[1..])) / self.size;
        let along = term[0];
        for (term, lambda_1) in term.iter_mut().zip(lambda).skip(1) {
            *term = (*term / self.size - along * lambda_1) / lambda[0];
        }
        let aim = &mut aim[self.rows.clone()];
        apply(&self.w, self.eta, false, term, aim);
        for (aim, s) in aim.iter_mut().zip(&iterate.s[self.rows.clone()]) {
            *aim += s;
        }
    }

    fn settle(&mut self, _: Pair<'_>, aim: &[f64], ds: &[f64], dz: &mut [f64], projection: &Projection) {
        let rows = self.rows.clone();
        let [along_s, along_z] = projection.ends[rows.start];
        let [along_s, along_z, across] = [along_s, along_z, projection.d[rows.start]].map(|d| d > 0.5);
        if !(along_s || across) {
            return;
        }
        let (s_hat, z_hat) = (&projection.s_hat[rows.clone()], &projection.z_hat[rows.clone()]);
        for ((term, aim), ds) in self.term.iter_mut().zip(&aim[rows.clone()]).zip(&ds[rows.clone()]) {
            *term = aim + ds;
        }
        let dz = &mut dz[rows];
        let [wanted_s, wanted_z] = [s_hat, z_hat].map(|hat| dot(hat, &self.term));
        let [at_s, at_z] = [s_hat, z_hat].map(|hat| dot(hat, dz));
        let [h_s, h_z, h] = self.h;
        let by_s = if along_s { -wanted_s / h_s - at_s } else { 0.0 };
        let by_z = if along_z { -wanted_z / h_z - at_z } else { 0.0 };
        for (row, dz) in dz.iter_mut().enumerate() {
            if across {
                let wanted = self.term[row] - wanted_s * s_hat[row] - wanted_z * z_hat[row];
                *dz = at_s * s_hat[row] + at_z * z_hat[row] - wanted / h;
            }
            *dz += by_s * s_hat[row] + by_z * z_hat[row];
        }
    }
}

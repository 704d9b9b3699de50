//! The factorization of the matrix, and the solution of its systems.

use std::sync::Arc;

use super::elimination::Elimination;
use super::{Layout, Projection};
use crate::Program;
use crate::ldlt::Limits;
use crate::vector::{larger, norm_inf};

/// A relative residual up to which a system is said to have a solution.
pub(crate) const CONSISTENT: f64 = 1e-9;

/// The relative residual at which a derivative is good where the matrix is regular.
const PRECISE: f64 = 1e-12;

/// The one at which it is as good as it gets.
pub(crate) const MOST_PRECISE: f64 = 1e-14;

/// Rounds of refinement that tell a regular matrix from a singular one.
const PROBING_ROUNDS: u32 = 40;

/// What one round leaves of a right-hand side that has a part along each null vector, where the matrix is regular beyond
/// doubt.
const REGULAR: f64 = 1e-6;

/// What may be added to the diagonal with the sign of the pivot, after scaling the largest entry of
/// each row to about one. No pivot is then smaller in exact arithmetic, and its rounding error is
/// about `2⁻⁵³/ε`: the first is the most accurate one that leaves a margin, the others are for the
/// case that it does not.
pub(crate) type Regularizations = [f64; 3];

/// Those of derivatives, where a singular matrix must be told from a regular one.
pub(crate) const OF_DERIVATIVES: Regularizations = [1e-7, 1e-6, 1e-5];

/// Those of steps towards a solution. The slacks of active constraints make for small entries of the diagonal, which must
/// not be lost in what is added, and refinement makes up for rounding errors.
pub(crate) const OF_STEPS: Regularizations = [1e-11, 1e-9, 1e-7];

impl Limits {
    pub(super) fn of(regularizations: Regularizations) -> Self {
        Self {
            least: 0.5 * regularizations[0],
            replacement: regularizations[0],
        }
    }
}

/// The numbers of the matrix, scaled, and their factorization.
pub(crate) struct Factor {
    layout: Arc<Layout>,
    values: Vec<f64>,
    /// The numbers of the program in their places.
    placed: Vec<f64>,
    is_placed: bool,
    /// The symmetric scaling, in powers of two.
    scale: Vec<f64>,
    ones: Vec<f64>,
    norms: Vec<f64>,
    elimination: Elimination,
    regularizations: Regularizations,
    /// The factorization is of a similar matrix.
    stale: bool,
    /// Of the regularization in use.
    level: usize,
    /// The residual grew in the last refinement, which only rounding errors can make it do.
    grew: bool,
    rhs: Vec<f64>,
    goal: Vec<f64>,
    residual: Vec<f64>,
    step: Vec<f64>,
    /// The unknowns before the step.
    kept: Vec<f64>,
    scratch: Vec<f64>,
}

impl std::fmt::Debug for Factor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Factor")
            .field("size", &self.layout.size())
            .finish_non_exhaustive()
    }
}

impl Factor {
    pub(crate) fn new(layout: Arc<Layout>, regularizations: Regularizations) -> Self {
        let size = layout.size();
        let zero = || vec![0.0; size];
        Self {
            values: vec![0.0; layout.rows.len()],
            placed: vec![0.0; layout.rows.len()],
            is_placed: false,
            scale: zero(),
            ones: vec![1.0; size],
            norms: zero(),
            elimination: Elimination::new(&layout),
            regularizations,
            stale: false,
            level: 0,
            grew: false,
            rhs: zero(),
            goal: zero(),
            residual: zero(),
            step: zero(),
            kept: zero(),
            scratch: vec![0.0; layout.scratch() + size],
            layout,
        }
    }

    /// Sets the matrix. A `similar` one keeps the factorization of its predecessor, for as long as
    /// refinement makes up for that.
    pub(crate) fn set(
        &mut self,
        program: &Program,
        projection: &Projection,
        unit: f64,
        similar: bool,
    ) -> Result<(), &'static str> {
        if !self.is_placed {
            self.layout.place(program, &mut self.placed);
            self.is_placed = true;
        }
        if !similar {
            self.scale.fill(1.0);
        }
        let is_plain = self.layout.is_plain();
        let scale = if is_plain { &self.scale } else { &self.ones };
        let numbers = (program, self.placed.as_slice());
        self.layout
            .assemble(numbers, projection, unit, scale, &mut self.values, &mut self.scratch);
        if !similar {
            self.equilibrate();
            return self.factor(0);
        }
        if !is_plain {
            self.layout.rescale(&mut self.values, &self.scale);
        }
        self.stale = true;
        Ok(())
    }

    /// Has the next matrix be that of another program, or another one of the same.
    pub(crate) fn renew(&mut self, regularizations: Regularizations) {
        self.is_placed = false;
        self.regularizations = regularizations;
    }

    /// Sets the matrix, scales it as the last one, and factors.
    pub(crate) fn set_in_scale(
        &mut self,
        program: &Program,
        projection: &Projection,
        unit: f64,
    ) -> Result<(), &'static str> {
        self.set(program, projection, unit, true)?;
        self.factor(0)
    }

    /// Factors with the first regularization from `level` on that keeps all pivots to their signs.
    fn factor(&mut self, level: usize) -> Result<(), &'static str> {
        self.stale = false;
        let limits = Limits::of(self.regularizations);
        for (level, epsilon) in self.regularizations.into_iter().enumerate().skip(level) {
            self.level = level;
            let replaced = self.elimination.factor(&self.layout, &self.values, epsilon, limits)?;
            if replaced == 0 {
                break;
            }
        }
        Ok(())
    }

    /// Scales rows and columns, which are not scaled yet, until the largest entry of each is about one (Ruiz's iteration).
    fn equilibrate(&mut self) {
        for _ in 0..3 {
            self.norms.fill(0.0);
            for column in 0..self.layout.size() {
                let bounds = self.layout.starts[column]..self.layout.starts[column + 1];
                let rows = &self.layout.rows[bounds.clone()];
                let (of_column, mut largest) = (self.scale[column], 0.0);
                for (value, row) in self.values[bounds].iter().zip(rows) {
                    let size = value.abs() * self.scale[*row] * of_column;
                    let norm = &mut self.norms[*row];
                    *norm = larger(*norm, size);
                    largest = larger(largest, size);
                }
                self.norms[column] = larger(self.norms[column], largest);
            }
            if self
                .norms
                .iter()
                .all(|norm| *norm == 0.0 || (0.25..=4.0).contains(norm))
            {
                break;
            }
            for (norm, scale) in self.norms.iter().zip(&mut self.scale) {
                *scale *= root_power_of_two(*norm);
            }
        }
        self.layout.rescale(&mut self.values, &self.scale);
    }

    /// Solves in place: the least-squares solution of least norm, both in the scaled unknowns,
    /// where there is no solution or more than one. Stops at the relative residual `precision`, and
    /// returns the one reached.
    ///
    /// With `J` the signs of the pivots, `KJ` is monotone, so that refinement against `K` with a
    /// factorization of `K + εJ` is the proximal point method: the residual never grows, and what
    /// is left of it in the end is its part outside of the range of `K`. (A null vector of `K`
    /// keeps to unknowns of one sign, so that `J` maps the null space to itself.) Where that part
    /// is not small, refinement starts again without it, so that nothing grows like `1/ε`; twice,
    /// because the first remainder carries the rounding errors of unknowns of size `1/ε`.
    pub(crate) fn solve(&mut self, unknowns: &mut [f64], precision: f64, max_rounds: u32) -> Result<f64, &'static str> {
        let size = self.take(unknowns);
        if size == 0.0 {
            unknowns.fill(0.0);
            return Ok(0.0);
        }
        let mut residual = self.refine(unknowns, precision, max_rounds);
        if self.stale && residual > 100.0 * precision * size {
            self.factor(0)?;
            residual = self.refine(unknowns, precision, max_rounds);
        }
        while self.grew && self.level + 1 < self.regularizations.len() {
            self.factor(self.level + 1)?;
            residual = self.refine(unknowns, precision, max_rounds);
        }
        if residual > precision.max(CONSISTENT) * size {
            for _ in 0..2 {
                for ((goal, rhs), residual) in self.goal.iter_mut().zip(&self.rhs).zip(&self.residual) {
                    *goal = rhs - residual;
                }
                self.refine(unknowns, precision, max_rounds);
                self.residual.copy_from_slice(&self.rhs);
                self.layout.subtract_product(&self.values, unknowns, &mut self.residual);
                residual = norm(&self.residual);
            }
        }
        self.unscale(unknowns);
        Ok(residual / size)
    }

    /// Solves in place to a relative residual of `precision`, or as far as refinement gets; with no rounds of it as far as
    /// the factorization does, whatever is left.
    pub(crate) fn solve_roughly(&mut self, unknowns: &mut [f64], precision: f64, max_rounds: u32) {
        let size = self.take(unknowns);
        if max_rounds == 0 {
            unknowns.copy_from_slice(&self.goal);
            self.elimination.solve(unknowns);
        } else if size > 0.0 {
            self.refine(unknowns, precision, max_rounds);
        }
        self.unscale(unknowns);
    }

    /// Scales a right-hand side, makes it the goal, and returns its norm.
    fn take(&mut self, rhs: &[f64]) -> f64 {
        for ((scaled, rhs), scale) in self.rhs.iter_mut().zip(rhs).zip(&self.scale) {
            *scaled = rhs * scale;
        }
        self.goal.copy_from_slice(&self.rhs);
        norm(&self.rhs)
    }

    fn unscale(&self, unknowns: &mut [f64]) {
        for (unknown, scale) in unknowns.iter_mut().zip(&self.scale) {
            *unknown *= scale;
        }
    }

    /// How precisely systems of the matrix are to be solved; `None` where it is singular. A right-hand side of random numbers
    /// has a part along every null vector, and that part is what refinement leaves of it.
    ///
    /// Where the first round leaves a millionth of it, it does so of every part of any other, and the second one a millionth
    /// of that.
    pub(crate) fn probe(&mut self, unknowns: &mut [f64]) -> Result<Option<f64>, &'static str> {
        for (goal, number) in self.goal.iter_mut().zip(numbers_of_any_digits()) {
            *goal = number;
        }
        let mut precision = self.probe_for_goal(unknowns);
        if self.stale && precision.is_none() {
            self.factor(0)?;
            precision = self.probe_for_goal(unknowns);
        }
        Ok(precision)
    }

    fn probe_for_goal(&mut self, unknowns: &mut [f64]) -> Option<f64> {
        let mut precision = None;
        self.refine_until(unknowns, PROBING_ROUNDS, |round, residual| {
            let regular = residual <= if round == 0 { REGULAR } else { CONSISTENT };
            precision = regular.then_some(if round == 0 { PRECISE } else { MOST_PRECISE });
            regular
        });
        precision
    }

    /// Solves for `goal` from zero, up to a relative residual of `precision`; leaves the residual behind and returns its norm.
    fn refine(&mut self, unknowns: &mut [f64], precision: f64, max_rounds: u32) -> f64 {
        self.refine_until(unknowns, max_rounds, |_, residual| residual <= precision)
    }

    /// The same, up to a round with a relative residual that is enough.
    fn refine_until(
        &mut self,
        unknowns: &mut [f64],
        max_rounds: u32,
        mut is_enough: impl FnMut(u32, f64) -> bool,
    ) -> f64 {
        unknowns.fill(0.0);
        self.residual.copy_from_slice(&self.goal);
        let size = norm(&self.goal);
        let mut best = size;
        self.grew = false;
        for round in 0..max_rounds.max(1) {
            self.step.copy_from_slice(&self.residual);
            self.elimination.solve(&mut self.step);
            self.kept.copy_from_slice(unknowns);
            for (unknown, step) in unknowns.iter_mut().zip(&self.step) {
                *unknown += step;
            }
            self.residual.copy_from_slice(&self.goal);
            self.layout.subtract_product(&self.values, unknowns, &mut self.residual);
            let now = norm(&self.residual);
            if now.is_nan() || now > best {
                self.grew = best > CONSISTENT * size;
                unknowns.copy_from_slice(&self.kept);
                self.residual.copy_from_slice(&self.goal);
                self.layout.subtract_product(&self.values, unknowns, &mut self.residual);
                break;
            }
            let progress = now / best;
            best = now;
            if self.stale && progress > 0.1 {
                break;
            }
            let least = if best <= CONSISTENT * size { 0.1 } else { 0.95 };
            if is_enough(round, best / size) || progress > least {
                break;
            }
        }
        best
    }
}

/// Random numbers of the size of one, the same ones each time; no sum of a few is zero.
pub(crate) fn numbers_of_any_digits() -> impl Iterator<Item = f64> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    std::iter::repeat_with(move || {
        // Marsaglia's xorshift.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let size = 0.5 + (state >> 12) as f64 / (1_u64 << 52) as f64;
        if state & 1 == 0 { size } else { -size }
    })
}

fn norm(x: &[f64]) -> f64 {
    let square: f64 = x.iter().map(|x| x * x).sum();
    if square.is_normal() {
        return square.sqrt();
    }
    let largest = norm_inf(x);
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * x.iter().map(|x| (x / largest).powi(2)).sum::<f64>().sqrt()
}

/// About `norm^{-1/2}`, a power of two; one for zero.
fn root_power_of_two(norm: f64) -> f64 {
    if norm == 0.0 {
        return 1.0;
    }
    // From the exponent alone.
    let exponent = (norm.to_bits() >> 52) as i64 - 1023;
    let half = -(exponent + 1).div_euclid(2);
    f64::from_bits(((1023 + half.clamp(-60, 60)) as u64) << 52)
}

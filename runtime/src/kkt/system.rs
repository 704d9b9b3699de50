//! The linear system of the derivative, and of all steps towards a solution.

use std::sync::Arc;

use super::factor::Regularizations;
use super::{Factor, Layout, OF_DERIVATIVES, Projection};
use crate::Program;
use crate::cones::scratch;
use crate::program::Structure;

/// The matrix at one derivative of the projection after another.
#[derive(Debug)]
pub(crate) struct System {
    /// The derivative of the projection at which the next matrix is.
    pub(crate) projection: Projection,
    structure: Arc<Structure>,
    /// The layout of most programs, and that of all once one asks for it.
    preferred: Arc<Layout>,
    plain: Option<Arc<Layout>>,
    /// The one that is factored.
    layout: Arc<Layout>,
    factor: Factor,
    regularizations: Regularizations,
    unknowns: Vec<f64>,
    pub(crate) scratch: Vec<f64>,
}

impl System {
    pub(crate) fn new(structure: &Arc<Structure>, layout: Arc<Layout>) -> Self {
        let mut scratch = scratch(&structure.cones);
        scratch.resize(scratch.len().max(layout.scratch()), 0.0);
        let regularizations = OF_DERIVATIVES;
        Self {
            projection: Projection::new(structure),
            structure: Arc::clone(structure),
            preferred: Arc::clone(&layout),
            plain: None,
            unknowns: vec![0.0; layout.size()],
            factor: Factor::new(Arc::clone(&layout), regularizations),
            regularizations,
            layout,
            scratch,
        }
    }

    /// Takes the layout that a program asks for.
    fn suit(&mut self, program: &Program) -> Result<(), &'static str> {
        let wanted = match &self.plain {
            _ if self.preferred.fits(program) => Arc::clone(&self.preferred),
            Some(plain) => Arc::clone(plain),
            None => Arc::clone(self.plain.insert(Arc::new(Layout::plain(&self.structure)?))),
        };
        if !Arc::ptr_eq(&wanted, &self.layout) {
            self.factor = Factor::new(Arc::clone(&wanted), self.regularizations);
            self.unknowns.resize(wanted.size(), 0.0);
            let needed = self.scratch.len().max(wanted.scratch());
            self.scratch.resize(needed, 0.0);
            self.layout = wanted;
        }
        Ok(())
    }

    /// Has the next matrix be that of another program, or of another use: it is of the same ones otherwise.
    pub(crate) fn renew(&mut self, regularizations: Regularizations) {
        self.regularizations = regularizations;
        self.factor.renew(regularizations);
    }

    /// Takes the matrix at `projection`. A `similar` one keeps the factorization of its predecessor, for as long as
    /// refinement makes up for that.
    pub(crate) fn set(&mut self, program: &Program, unit: f64, similar: bool) -> Result<(), &'static str> {
        if !similar {
            self.suit(program)?;
        }
        self.factor.set(program, &self.projection, unit, similar)
    }

    /// Takes the matrix at `projection`, scaled as the last one.
    pub(crate) fn set_in_scale(&mut self, program: &Program, unit: f64) -> Result<(), &'static str> {
        self.factor.set_in_scale(program, &self.projection, unit)
    }

    /// Solves `P dx + Aᵀdz = r1`, `A dx + ds = r2`, with `ds` and `unit · dz` tangent to complementarity. On
    /// entry `dx` and `dz` hold `r1` and `r2`, and `program` is that of the matrix. The transposed system is the same.
    /// Returns the relative residual.
    pub(crate) fn solve(
        &mut self,
        program: &Program,
        unit: f64,
        steps: [&mut [f64]; 2],
        precision: f64,
        rounds: u32,
    ) -> Result<f64, &'static str> {
        self.solve_by(program, unit, steps, |factor, unknowns| {
            factor.solve(unknowns, precision, rounds)
        })
    }

    /// Solves the same system, where the next step makes up for what is left of it.
    pub(crate) fn solve_roughly(
        &mut self,
        program: &Program,
        unit: f64,
        steps: [&mut [f64]; 2],
        precision: f64,
        rounds: u32,
    ) {
        self.solve_by(program, unit, steps, |factor, unknowns| {
            factor.solve_roughly(unknowns, precision, rounds);
        });
    }

    fn solve_by<T>(
        &mut self,
        program: &Program,
        unit: f64,
        [dx, dz]: [&mut [f64]; 2],
        solve: impl FnOnce(&mut Factor, &mut [f64]) -> T,
    ) -> T {
        let constraints = dx.len()..dx.len() + dz.len();
        let Self {
            projection,
            layout,
            factor,
            unknowns,
            scratch,
            ..
        } = self;
        layout.apply_root(projection, dz, scratch);
        layout.rotate(program, projection, false, dx, scratch);
        for (unknown, r1) in unknowns.iter_mut().zip(&*dx) {
            *unknown = unit * r1;
        }
        unknowns[constraints.clone()].copy_from_slice(dz);
        unknowns[constraints.end..].fill(0.0);
        let solved = solve(factor, unknowns);
        dx.copy_from_slice(&unknowns[..constraints.start]);
        dz.copy_from_slice(&unknowns[constraints]);
        layout.rotate(program, projection, true, dx, scratch);
        layout.apply_root_back(projection, dz, scratch);
        dz.iter_mut().for_each(|dz| *dz /= unit);
        solved
    }

    /// How precisely systems of the matrix are to be solved; `None` where it is singular.
    pub(crate) fn probe(&mut self) -> Result<Option<f64>, &'static str> {
        self.factor.probe(&mut self.unknowns)
    }
}

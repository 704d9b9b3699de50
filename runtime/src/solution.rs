//! A solved parameter point, and its derivatives.

mod user;

use std::fmt;
use std::sync::Arc;

use self::user::{exponentiate, scale_by_variables, slope, symmetrize, user_sense};
use crate::derivative::Workspace;
use crate::engine::Report;
use crate::point::Point;
use crate::problem::{Shared, overwrite};
use crate::{Accuracy, Argument, Cotangent, Error, Family, Polished, Record, Settings, Status, Tangent, check};

/// The solution of a problem at one parameter point.
///
/// It holds what its derivatives need, so it outlives the next solve, and the problem too. Its
/// first vjp or jvp factors one sparse symmetric matrix; later ones reuse it as long as no other
/// solution of the same problem takes its memory over.
#[non_exhaustive]
pub struct Solution<F: Family> {
    /// The optimal variables.
    pub vars: F::Vars,
    /// The dual variables of the labelled constraints, nonnegative for inequalities. For a minimization the Lagrangian is
    /// the objective plus `λ (lhs − rhs)` for `lhs <= rhs` and `lhs == rhs`; a maximization is negated first.
    ///
    /// Of a geometric problem they are those of the problem in logarithms, relative sensitivities: where the
    /// right-hand side of `<=` grows by a small part, a minimum falls by `λ` times that part.
    pub duals: F::Duals,
    /// The values of the `let`s that are affine in the variables and need no auxiliary ones; `()` where there are none.
    pub lets: F::Lets,
    /// The optimal value, in the user's sense: what is maximized is not negated. Of a geometric problem without an
    /// objective it is one.
    pub objective: f64,
    /// How well the problem is solved.
    pub status: Status,
    /// Interior-point iterations, without the steps of a polish.
    pub iterations: u32,
    shared: Arc<Shared<F>>,
    params: Arc<F::Params>,
    point: Point,
    residual: f64,
    settings: Settings,
}

impl<F: Family> Solution<F> {
    pub(crate) fn new(shared: Arc<Shared<F>>, params: Arc<F::Params>, point: Point) -> Self {
        Self {
            vars: shared.family.zero_vars(),
            duals: shared.family.zero_duals(),
            lets: shared.family.zero_lets(),
            objective: f64::NAN,
            status: Status::Inaccurate,
            iterations: 0,
            residual: f64::NAN,
            settings: Settings::default(),
            shared,
            params,
            point,
        }
    }

    pub(crate) fn belongs_to(&self, shared: &Arc<Shared<F>>) -> bool {
        Arc::ptr_eq(&self.shared, shared)
    }

    pub(crate) fn overwrite(&mut self, params: &F::Params, point: &Point) {
        overwrite(Arc::make_mut(&mut self.params), params);
        self.point.copy_from(point);
    }

    /// The parameters and the point, to be overwritten before [`finish`](Self::finish).
    pub(crate) fn parts_mut(&mut self) -> (&mut F::Params, &mut Point) {
        (Arc::make_mut(&mut self.params), &mut self.point)
    }

    /// The same solution, as if no derivative had been taken of it: what earlier ones leave in a workspace shows in the
    /// last digits of later ones.
    pub(crate) fn afresh(&self) -> Self {
        let mut fresh = self.clone();
        fresh.point.id = Point::fresh_id();
        fresh
    }

    pub(crate) fn finish(&mut self, report: Report, settings: Settings) {
        self.status = report.status;
        self.iterations = report.iterations;
        self.residual = report.residual;
        self.settings = settings;
        self.recover(report.objective);
    }

    fn recover(&mut self, objective: f64) {
        self.objective = user_sense::<F>(objective);
        self.shared.family.recover_vars(&self.point.x, &mut self.vars);
        if F::GEOMETRIC {
            self.objective = self.objective.exp();
            exponentiate(&mut self.vars);
        }
        self.shared.family.recover_duals(&self.point.z, &mut self.duals);
        self.shared
            .family
            .recover_lets(&self.params, &self.point.x, &mut self.lets);
    }

    pub(crate) fn family(&self) -> &F {
        &self.shared.family
    }

    /// The parameters that were solved for.
    pub fn params(&self) -> &F::Params {
        &self.params
    }

    /// The variables of the cone program, auxiliary ones included.
    pub fn cone_x(&self) -> &[f64] {
        &self.point.x
    }

    /// The slacks of the cone program, one a row: `s = b − Ax` in `K`.
    pub fn cone_s(&self) -> &[f64] {
        &self.point.s
    }

    /// The dual variables of the cone program, one a row, in `K*`.
    pub fn cone_z(&self) -> &[f64] {
        &self.point.z
    }

    /// How far the point is from optimal: with `s` the projection of `s − z` onto `K` and `z` its
    /// complement, the larger of `‖Px + q + Aᵀz‖_∞` and `‖Ax + s − b‖_∞`, each relative to the
    /// largest entry of its terms; the objective is in units in which `s` and `z` are of one size.
    pub fn residual(&self) -> f64 {
        self.residual
    }

    /// Reverse mode: from a cotangent of the variables, of the dual variables, of the affine `let`s, of the objective, or
    /// of several of them ([`Cotangent`]), to the gradient of the parameters.
    ///
    /// For a loss `ℓ` of the variables with gradient `∂ℓ/∂vars` this is `∂ℓ/∂params`: each entry is
    /// the derivative of the loss with respect to that entry of the parameter. The gradient of a
    /// symmetric parameter is symmetric.
    ///
    /// It differentiates the optimality conditions of the cone program, with the derivative of the projection onto its
    /// cones (Agrawal, Barratt, Boyd, Busseti, Moursi, "Differentiating through a cone program", 2019), but those of the
    /// program itself, not of its homogeneous embedding.
    ///
    /// Where the solution is not differentiable the answer is a least-squares one;
    /// [`vjp_into`](Self::vjp_into) tells.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] and [`Error::NotFinite`] for the cotangent, [`Error::Numerical`] where the
    /// linear system overflows.
    pub fn vjp<'a>(&self, cotangent: impl Into<Cotangent<'a, F>>) -> Result<F::Params, Error> {
        let mut gradient = self.shared.family.zero_params();
        self.vjp_into(cotangent, &mut gradient)?;
        Ok(gradient)
    }

    /// As [`vjp`](Self::vjp), overwriting a gradient, and telling how accurate it is. From the
    /// second call on it allocates nothing.
    ///
    /// # Errors
    ///
    /// As [`vjp`](Self::vjp), and [`Error::Shape`] for the gradient.
    pub fn vjp_into<'a>(
        &self,
        cotangent: impl Into<Cotangent<'a, F>>,
        gradient: &mut F::Params,
    ) -> Result<Accuracy, Error> {
        let Cotangent {
            vars,
            duals,
            lets,
            objective,
        } = cotangent.into();
        check::shapes(Argument::Gradient, gradient, &self.shared.params)?;
        if let Some(vars) = vars {
            check::finite(Argument::Cotangent, vars, &self.shared.vars)?;
        }
        if let Some(duals) = duals {
            check::finite(Argument::Cotangent, duals, &self.shared.duals)?;
        }
        if let Some(lets) = lets {
            check::finite(Argument::Cotangent, lets, &self.shared.lets)?;
        }
        if !objective.is_finite() {
            let (argument, name) = (Argument::Cotangent, "objective");
            return Err(Error::NotFinite {
                argument,
                name,
                row: 0,
                col: 0,
                value: objective,
            });
        }
        let Shared { family, core, .. } = &*self.shared;
        self.with_workspace(|workspace| {
            let cones = &core.structure.cones;
            gradient.fill(0.0);
            let accuracy = if vars.is_none() && duals.is_none() && lets.is_none() {
                workspace.settle(cones, &self.settings)?;
                workspace.envelope(cones, &self.settings, slope::<F>(workspace) * objective)
            } else {
                workspace.prepare(cones, &self.settings)?;
                workspace.dx.fill(0.0);
                workspace.dz.fill(0.0);
                if let Some(vars) = vars {
                    family.recover_vars_adjoint(vars, &mut workspace.dx);
                    scale_by_variables::<F>(&workspace.point.x, &mut workspace.dx);
                }
                if let Some(duals) = duals {
                    family.recover_duals_adjoint(duals, &mut workspace.dz);
                }
                if let Some(lets) = lets {
                    let (x, dx) = (&workspace.point.x, &mut workspace.dx);
                    family.recover_lets_adjoint(&self.params, x, lets, gradient, dx);
                }
                workspace.vjp(cones, &self.settings, slope::<F>(workspace) * objective)?
            };
            let numbers = workspace.numbers.entries();
            family.fill_adjoint(&self.params, &core.structure.slots, numbers, gradient);
            symmetrize::<F>(gradient, &self.shared.params);
            Ok(accuracy)
        })
    }

    /// Forward mode: from a direction of the parameters to the tangent of the variables.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`], [`Error::NotFinite`] and [`Error::Asymmetric`] for the direction,
    /// [`Error::Numerical`] where the linear system overflows.
    pub fn jvp(&self, direction: &F::Params) -> Result<F::Vars, Error> {
        let mut tangent = self.shared.family.zero_vars();
        self.jvp_into(direction, &mut tangent)?;
        Ok(tangent)
    }

    /// As [`jvp`](Self::jvp), overwriting a tangent, and telling how accurate it is. From the
    /// second call on it allocates nothing.
    ///
    /// # Errors
    ///
    /// As [`jvp`](Self::jvp), and [`Error::Shape`] for the tangent.
    pub fn jvp_into(&self, direction: &F::Params, tangent: &mut F::Vars) -> Result<Accuracy, Error> {
        let Shared {
            family, params, vars, ..
        } = &*self.shared;
        check::direction(direction, params, F::ATTRIBUTES)?;
        check::shapes(Argument::Tangent, tangent, vars)?;
        self.forward(direction, |workspace| family.recover_vars(&workspace.dx, tangent))
    }

    /// Forward mode: from a direction of the parameters to the tangents of the variables, of the dual variables, of the
    /// affine `let`s and of the objective.
    ///
    /// ```
    /// cvxlayers::cvx! {
    ///     problem Share(n) {
    ///         param cost: [n];
    ///         var x: [n] nonneg;
    ///         minimize sum_squares(x) + dot(cost, x);
    ///         subject_to { total: sum(x) == 1; }
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), cvxlayers::Error> {
    /// let mut share = Share::new(ShareDims { n: 2 })?;
    /// let solution = share.solve(&share.zero_params())?;
    /// let mut direction = share.zero_params();
    /// direction.cost[0] = 1.0;
    /// let tangent = solution.tangent(&direction)?;
    /// assert!((tangent.vars.x[0] + 0.25).abs() < 1e-9);
    /// assert!((tangent.duals.total + 0.5).abs() < 1e-9);
    /// assert!((tangent.objective - 0.5).abs() < 1e-6);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`jvp`](Self::jvp).
    pub fn tangent(&self, direction: &F::Params) -> Result<Tangent<F>, Error> {
        let mut tangent = Tangent::zero(&self.shared.family);
        self.tangent_into(direction, &mut tangent)?;
        Ok(tangent)
    }

    /// As [`tangent`](Self::tangent), overwriting one, and telling how accurate it is. From the
    /// second call on it allocates nothing.
    ///
    /// # Errors
    ///
    /// As [`jvp`](Self::jvp), and [`Error::Shape`] for the tangent.
    pub fn tangent_into(&self, direction: &F::Params, tangent: &mut Tangent<F>) -> Result<Accuracy, Error> {
        let Shared {
            family,
            params,
            vars,
            duals,
            lets,
            ..
        } = &*self.shared;
        check::direction(direction, params, F::ATTRIBUTES)?;
        check::shapes(Argument::Tangent, &tangent.vars, vars)?;
        check::shapes(Argument::Tangent, &tangent.duals, duals)?;
        check::shapes(Argument::Tangent, &tangent.lets, lets)?;
        self.forward(direction, |workspace| {
            family.recover_vars(&workspace.dx, &mut tangent.vars);
            family.recover_duals(&workspace.dz, &mut tangent.duals);
            let (x, dx) = (&workspace.point.x, &workspace.dx);
            family.recover_lets_tangent(&self.params, direction, x, dx, &mut tangent.lets);
            tangent.objective = slope::<F>(workspace) * workspace.objective_jvp();
        })
    }

    /// Solves for the tangent of the cone program along a direction that has been checked.
    fn forward(&self, direction: &F::Params, recover: impl FnOnce(&mut Workspace)) -> Result<Accuracy, Error> {
        let Shared { family, core, .. } = &*self.shared;
        let cones = &core.structure.cones;
        self.with_workspace(|workspace| {
            workspace.prepare(cones, &self.settings)?;
            let numbers = workspace.numbers.cleared();
            family.fill_tangent(&self.params, direction, &core.structure.slots, numbers);
            let accuracy = workspace.jvp(cones, &self.settings)?;
            scale_by_variables::<F>(&workspace.point.x, &mut workspace.dx);
            recover(workspace);
            Ok(accuracy)
        })
    }

    /// The gradient of the optimal value with respect to the parameters: that of the Lagrangian (the envelope theorem).
    /// It needs no linear system but that of the polish.
    ///
    /// # Errors
    ///
    /// [`Error::Numerical`] where the problem's derivative has no workspace, or, with
    /// [`Settings::smoothing`], where the linear system overflows.
    pub fn objective_gradient(&self) -> Result<F::Params, Error> {
        self.vjp(Cotangent::objective(1.0))
    }

    /// The derivative of the optimal value along a direction of the parameters.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`], [`Error::NotFinite`] and [`Error::Asymmetric`] for the direction; [`Error::Numerical`] as for
    /// [`objective_gradient`](Self::objective_gradient).
    pub fn objective_jvp(&self, direction: &F::Params) -> Result<f64, Error> {
        let Shared {
            family, core, params, ..
        } = &*self.shared;
        check::direction(direction, params, F::ATTRIBUTES)?;
        self.with_workspace(|workspace| {
            workspace.settle(&core.structure.cones, &self.settings)?;
            let numbers = workspace.numbers.cleared();
            family.fill_tangent(&self.params, direction, &core.structure.slots, numbers);
            Ok(slope::<F>(workspace) * workspace.objective_jvp())
        })
    }

    /// Sharpens the solution by semismooth Newton steps; each is taken only where it reduces the
    /// [`residual`](Self::residual).
    ///
    /// # Errors
    ///
    /// [`Error::Numerical`] where the linear system overflows; the solution is then as it was.
    pub fn polish(&mut self) -> Result<Polished, Error> {
        let cones = &self.shared.core.structure.cones;
        let settings = &self.settings;
        let id = Point::fresh_id();
        let mut polished_point = self.point.clone();
        let (polished, objective) = self.with_workspace(|workspace| {
            // Not the workspace's own point, which may be polished already.
            workspace.load(&self.point);
            let polished = workspace.polish(cones, settings)?;
            workspace.point.id = id;
            polished_point.copy_from(&workspace.point);
            Ok((polished, workspace.program.objective(&workspace.point.x)))
        })?;
        self.point = polished_point;
        self.residual = polished.after;
        self.recover(objective);
        Ok(polished)
    }

    /// The solution at the point that is differentiated: with [`Settings::smoothing`] that of the central path, otherwise
    /// the polished one.
    ///
    /// A loss of smoothed variables, and its cotangent, are to be taken of these: of the variables themselves, which are
    /// not where the derivative is, they would not go together. A derivative of the smoothed solution is that of this one.
    ///
    /// ```
    /// use cvxlayers::{Settings, cvx, nalgebra::DVector};
    ///
    /// cvx! {
    ///     problem Cheapest(n) {
    ///         param cost: [n];
    ///         var x: [n] nonneg;
    ///         minimize dot(cost, x);
    ///         subject_to { sum(x) == 1; }
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), cvxlayers::Error> {
    /// let settings = Settings::default().with_smoothing(0.1);
    /// let mut cheapest = Cheapest::new(CheapestDims { n: 2 })?.with_settings(settings);
    /// let solution = cheapest.solve(&CheapestParams { cost: DVector::from_vec(vec![1.0, 1.1]) })?;
    /// assert!(solution.vars.x[0] > 0.999);
    /// let smoothed = solution.smoothed()?;
    /// assert!(smoothed.vars.x[0] < 0.65);
    /// // The loss is a half of the squares.
    /// let gradient = smoothed.vjp(&smoothed.vars)?;
    /// assert!(gradient.cost[0] < 0.0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Numerical`] where the linear system overflows.
    pub fn smoothed(&self) -> Result<Self, Error> {
        let cones = &self.shared.core.structure.cones;
        let mut smoothed = self.clone();
        let (objective, residual) = self.with_workspace(|workspace| {
            workspace.prepare(cones, &self.settings)?;
            smoothed.point.copy_from(&workspace.point);
            let residual = workspace.optimality(cones, &self.settings);
            Ok((workspace.program.objective(&workspace.point.x), residual))
        })?;
        smoothed.point.id = Point::fresh_id();
        smoothed.residual = residual;
        smoothed.recover(objective);
        Ok(smoothed)
    }

    /// Runs on a workspace that holds this point and its program.
    fn with_workspace<T>(&self, run: impl FnOnce(&mut Workspace) -> Result<T, &'static str>) -> Result<T, Error> {
        let Shared { family, core, .. } = &*self.shared;
        let attempt = || {
            let mut workspace = core.acquire(self.point.id)?;
            if workspace.id() != self.point.id {
                workspace.program.clear();
                family.fill(
                    &self.params,
                    None,
                    &core.structure.slots,
                    workspace.program.entries_mut(),
                );
                workspace.program.relax(&core.structure.cones);
                workspace.load(&self.point);
            }
            let result = run(&mut workspace);
            core.release(workspace);
            result
        };
        attempt().map_err(|trouble| Error::Numerical {
            problem: F::NAME,
            trouble,
        })
    }
}

/// The public fields: what is shared with the problem would fill pages.
impl<F: Family> fmt::Debug for Solution<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Solution")
            .field("vars", &self.vars)
            .field("duals", &self.duals)
            .field("lets", &self.lets)
            .field("objective", &self.objective)
            .field("status", &self.status)
            .field("iterations", &self.iterations)
            .finish_non_exhaustive()
    }
}

impl<F: Family> Clone for Solution<F> {
    fn clone(&self) -> Self {
        Self {
            vars: self.vars.clone(),
            duals: self.duals.clone(),
            lets: self.lets.clone(),
            objective: self.objective,
            status: self.status,
            iterations: self.iterations,
            shared: Arc::clone(&self.shared),
            params: Arc::clone(&self.params),
            point: self.point.clone(),
            residual: self.residual,
            settings: self.settings,
        }
    }
}

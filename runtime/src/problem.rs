//! A family at fixed dimensions, ready to be solved.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::batch::{Lane, Pool, guarded};
use crate::check::{Checker, Shapes};
use crate::engine::{Core, Engine, Report};
use crate::family::Reach;
use crate::point::Point;
use crate::program::Structure;
use crate::{Argument, Certificate, Error, Family, Program, Ray, Record, Settings, Slots, Solution, Tangent};

/// Marks a [`Problem`] whose constructor takes dimensions.
#[derive(Clone, Copy, Debug)]
pub enum OfDims {}

/// Marks a [`Problem`] whose constructor takes data.
#[derive(Clone, Copy, Debug)]
pub enum OfData {}

/// Marks a [`Problem`] whose constructor takes dimensions and data.
#[derive(Clone, Copy, Debug)]
pub enum OfDimsAndData {}

/// Marks a [`Problem`] whose constructor takes nothing.
#[derive(Clone, Copy, Debug)]
pub enum OfNothing {}

/// What a problem shares with its solutions.
#[derive(Debug)]
pub(crate) struct Shared<F: Family> {
    pub(crate) family: F,
    pub(crate) core: Core,
    pub(crate) params: Shapes,
    pub(crate) vars: Shapes,
    pub(crate) duals: Shapes,
    pub(crate) lets: Shapes,
}

impl<F: Family> Shared<F> {
    /// Checks the parameters, fills a program, and checks that: all of it, or what changed parameters reach. Also tells
    /// whether the next fill must be of all of it.
    pub(crate) fn fill(
        &self,
        params: &F::Params,
        changed: Option<&[bool]>,
        checker: &mut Checker,
        program: &mut Program,
    ) -> Result<(Reach, bool), Error> {
        checker.record(Argument::Parameter, params, &self.params, F::ATTRIBUTES)?;
        let reach = match changed {
            None => {
                program.clear();
                Reach::ALL
            }
            Some(changed) => {
                let reaches = F::REACH.iter().zip(changed).filter(|(_, changed)| **changed);
                reaches.fold(Reach::default(), |all, (reach, _)| all.or(*reach))
            }
        };
        self.family
            .fill(params, changed, &self.core.structure.slots, program.entries_mut());
        match program.not_finite(reach) {
            Some((place, value)) => Err(Error::NotFiniteProgram {
                problem: F::NAME,
                place,
                value,
            }),
            None if program.relax(&self.core.structure.cones) => Ok((Reach::ALL, true)),
            None => Ok((reach, false)),
        }
    }
}

/// A convex problem family at fixed dimensions: a solver for one parameter point after another.
///
/// The structure is worked out once; a solve fills numbers into it. Clarabel, where it solves, is built at the
/// first solve and scales its data by what it sees there, so the last digits of an answer depend on
/// the first parameters, but on no others in between. Those of programs that [`Method::Auto`](crate::Method::Auto) solves by
/// itself depend on nothing else.
///
/// ```
/// cvxlayers::cvx! {
///     problem Projection(n) {
///         param a: [n];
///         var x: [n];
///         minimize sum_squares(x - a);
///         subject_to { sum(x) == 1; x >= 0; }
///     }
/// }
///
/// # fn main() -> Result<(), cvxlayers::Error> {
/// let mut projection = Projection::new(ProjectionDims { n: 2 })?;
/// let mut params = projection.zero_params();
/// for i in 0..3 {
///     params.a[0] = f64::from(i);
///     let solution = projection.solve(&params)?;
///     assert!(solution.vars.x[0] >= 0.4);
/// }
/// # Ok(())
/// # }
/// ```
pub struct Problem<F: Family, C = OfDims> {
    pub(crate) shared: Arc<Shared<F>>,
    pub(crate) engine: Engine,
    checker: Checker,
    /// Whether the engine's program is that of the last parameters.
    filled: bool,
    /// Those of the last program that was good.
    last: Option<F::Params>,
    /// The fields of the parameters that differ from the last ones.
    changed: Vec<bool>,
    settings: Settings,
    /// Where the solver's point is held until it is known to be good.
    point: Point,
    /// What batches are solved with.
    pub(crate) lanes: Pool<Lane>,
    constructor: PhantomData<fn() -> C>,
}

/// The family and the settings: the structure would fill pages.
impl<F: Family, C> fmt::Debug for Problem<F, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(F::NAME)
            .field("family", &self.shared.family)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl<F: Family<Data = ()>> Problem<F, OfDims> {
    /// A problem of the given dimensions.
    ///
    /// # Errors
    ///
    /// [`Error::Dimension`] where a dimension, or a shape made of dimensions, is not positive;
    /// [`Error::Bounds`] where an index is out of bounds; [`Error::TooLarge`] where 32-bit indices do
    /// not suffice.
    pub fn new(dims: F::Dims) -> Result<Self, Error> {
        Self::build(F::new(dims, ())?)
    }
}

impl<F: Family<Dims = (), Data = ()>> Problem<F, OfNothing> {
    /// A problem whose dimensions are all constants.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`] where 32-bit indices do not suffice.
    pub fn new() -> Result<Self, Error> {
        Self::build(F::new((), ())?)
    }
}

impl<F: Family> Problem<F, OfDimsAndData> {
    /// A problem of the given dimensions and data.
    ///
    /// # Errors
    ///
    /// [`Error::Dimension`] where a dimension, or a shape made of dimensions, is not positive;
    /// [`Error::Bounds`] where an index is out of bounds; [`Error::TooLarge`] where 32-bit indices do
    /// not suffice; [`Error::Shape`], [`Error::NotFinite`], [`Error::Sign`], [`Error::Asymmetric`] or
    /// [`Error::Indefinite`] where the data are not what they are declared to be.
    pub fn new(dims: F::Dims, data: F::Data) -> Result<Self, Error> {
        Self::build(F::new(dims, data)?)
    }
}

impl<F: Family<Dims = ()>> Problem<F, OfData> {
    /// A problem of the given data, whose dimensions are all constants.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`] where 32-bit indices do not suffice; [`Error::Shape`],
    /// [`Error::NotFinite`], [`Error::Sign`], [`Error::Asymmetric`] or [`Error::Indefinite`] where the
    /// data are not what they are declared to be.
    pub fn new(data: F::Data) -> Result<Self, Error> {
        Self::build(F::new((), data)?)
    }
}

impl<F: Family, C> Problem<F, C> {
    fn build(family: F) -> Result<Self, Error> {
        let mut checker = Checker::new(F::DATA_ATTRIBUTES.len());
        let data = Shapes::of(&family.zero_data());
        checker.record(Argument::Data, family.data(), &data, F::DATA_ATTRIBUTES)?;
        let (params, vars) = (Shapes::of(&family.zero_params()), Shapes::of(&family.zero_vars()));
        let (duals, lets) = (Shapes::of(&family.zero_duals()), Shapes::of(&family.zero_lets()));
        let structure = Structure::of(&family)?;
        for cone in &structure.cones {
            cone.check(F::NAME)?;
        }
        let engine = Engine::new(&structure);
        let point = Point::zero(&structure);
        let shared = Shared {
            family,
            core: Core::new(structure),
            params,
            vars,
            duals,
            lets,
        };
        Ok(Self {
            shared: Arc::new(shared),
            engine,
            checker: Checker::new(F::ATTRIBUTES.len()),
            filled: false,
            last: None,
            changed: Vec::with_capacity(F::Params::NAMES.len()),
            settings: Settings::default(),
            point,
            lanes: Pool::default(),
            constructor: PhantomData,
        })
    }

    /// The same problem with other settings.
    #[must_use]
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// The settings of the next solve.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The settings of the next solve, to be changed.
    pub fn settings_mut(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// What was given at construction.
    pub fn data(&self) -> &F::Data {
        self.shared.family.data()
    }

    /// Parameters of the right shapes, all zero.
    pub fn zero_params(&self) -> F::Params {
        self.shared.family.zero_params()
    }

    /// Variables of the right shapes, all zero.
    pub fn zero_vars(&self) -> F::Vars {
        self.shared.family.zero_vars()
    }

    /// Dual variables of the right shapes, all zero.
    pub fn zero_duals(&self) -> F::Duals {
        self.shared.family.zero_duals()
    }

    /// Values of the affine `let`s of the right shapes, all zero.
    pub fn zero_lets(&self) -> F::Lets {
        self.shared.family.zero_lets()
    }

    /// A tangent of the right shapes, all zero.
    pub fn zero_tangent(&self) -> Tangent<F> {
        Tangent::zero(&self.shared.family)
    }

    /// Solves for one parameter point.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`], [`Error::NotFinite`], [`Error::Sign`], [`Error::Asymmetric`],
    /// [`Error::Indefinite`] or [`Error::NotFiniteProgram`] where the parameters are not what they
    /// are declared to be; [`Error::Infeasible`] and [`Error::Unbounded`] with a proof;
    /// [`Error::IterationLimit`], [`Error::TimeLimit`] and [`Error::Numerical`] where the solver
    /// gives up. The problem stays usable.
    pub fn solve(&mut self, params: &F::Params) -> Result<Solution<F>, Error> {
        let report = self.solve_point(params)?;
        let point = self.point.clone();
        let mut solution = Solution::new(Arc::clone(&self.shared), Arc::new(params.clone()), point);
        self.finish(report, &mut solution);
        Ok(solution)
    }

    /// Solves for one parameter point and overwrites a solution, whose memory it reuses.
    ///
    /// Once warm, nothing is allocated but Clarabel's timers, where it solves. On an error the solution is left as it was.
    ///
    /// # Errors
    ///
    /// As [`solve`](Self::solve).
    pub fn solve_into(&mut self, params: &F::Params, solution: &mut Solution<F>) -> Result<(), Error> {
        let report = self.solve_point(params)?;
        if solution.belongs_to(&self.shared) {
            solution.overwrite(params, &self.point);
        } else {
            let params = Arc::new(params.clone());
            *solution = Solution::new(Arc::clone(&self.shared), params, self.point.clone());
        }
        self.finish(report, solution);
        Ok(())
    }

    /// The cone program of one parameter point.
    ///
    /// # Errors
    ///
    /// As [`solve`](Self::solve), where the parameters are not what they are declared to be.
    pub fn program(&self, params: &F::Params) -> Result<Program, Error> {
        let mut program = self.shared.core.structure.zero();
        self.shared
            .fill(params, None, &mut Checker::new(F::ATTRIBUTES.len()), &mut program)?;
        Ok(program)
    }

    /// The cones of the cone program, in row order.
    pub fn cones(&self) -> &[crate::Cone] {
        &self.shared.core.structure.cones
    }

    /// The map from parameters to cone programs, which benchmarks time by itself.
    #[doc(hidden)]
    pub fn map(&self) -> (&F, &Slots) {
        (&self.shared.family, &self.shared.core.structure.slots)
    }

    /// The parts of a certificate of infeasibility that belong to the labelled constraints, with
    /// the signs of dual variables. Of a geometric problem it is one of the problem in logarithms.
    ///
    /// # Errors
    ///
    /// [`Error::Foreign`] where it is the certificate of another problem.
    pub fn certificate_duals(&self, certificate: &Certificate) -> Result<F::Duals, Error> {
        same_length(self.shared.core.structure.rows(), certificate.z.len())?;
        let mut duals = self.zero_duals();
        self.shared.family.recover_duals(&certificate.z, &mut duals);
        Ok(duals)
    }

    /// The parts of an unbounded ray that belong to the user's variables. Of a geometric problem these are directions of
    /// their logarithms, along which a minimum goes to zero, or a maximum to infinity.
    ///
    /// # Errors
    ///
    /// [`Error::Foreign`] where it is the ray of another problem.
    pub fn ray_vars(&self, ray: &Ray) -> Result<F::Vars, Error> {
        same_length(self.shared.core.structure.columns(), ray.x.len())?;
        let mut vars = self.zero_vars();
        self.shared.family.recover_vars(&ray.x, &mut vars);
        Ok(vars)
    }

    fn solve_point(&mut self, params: &F::Params) -> Result<Report, Error> {
        // Until the program is filled and good, it is the program of no parameters.
        let known = std::mem::take(&mut self.filled);
        self.changed.clear();
        let last = self.last.as_ref().filter(|_| known);
        if let Some(last) = last {
            let fields = 0..F::Params::NAMES.len();
            self.changed
                .extend(fields.map(|field| params.entries(field) != last.entries(field)));
        }
        let changed = last.map(|_| self.changed.as_slice());
        let (checker, program) = (&mut self.checker, &mut self.engine.program);
        let (reach, relaxed) = self.shared.fill(params, changed, checker, program)?;
        match &mut self.last {
            Some(last) => overwrite(last, params),
            None => self.last = Some(params.clone()),
        }
        self.filled = !relaxed;
        self.engine
            .solve(&self.shared.core, &self.settings, F::NAME, reach, &mut self.point)
    }

    /// Sees to it that there is a program by which the solver scales all others: if none, then that of these parameters,
    /// where they are good. Returns whether there is one.
    pub(crate) fn refer(&mut self, params: &F::Params) -> bool {
        if self.engine.has_reference(&self.settings) {
            return true;
        }
        self.filled = false;
        let (checker, program) = (&mut self.checker, &mut self.engine.program);
        // A panic is that of the sample, which meets it again.
        let filled = guarded(F::NAME, || self.shared.fill(params, None, checker, program));
        if filled.is_ok() {
            self.engine.refer(&self.shared.core, &self.settings);
        }
        filled.is_ok()
    }

    fn finish(&self, report: Report, solution: &mut Solution<F>) {
        solution.finish(report, self.settings);
    }
}

/// Takes the entries of a record of the same shapes.
pub(crate) fn overwrite<R: Record>(to: &mut R, from: &R) {
    for field in 0..R::NAMES.len() {
        to.entries_mut(field).copy_from_slice(from.entries(field));
    }
}

fn same_length(expected: usize, found: usize) -> Result<(), Error> {
    if expected == found {
        Ok(())
    } else {
        Err(Error::Foreign { expected, found })
    }
}

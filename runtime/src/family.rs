//! The trait between generated code and this crate: the macro knows atoms, the runtime knows cones.

use crate::{Cone, Error, Record};

/// What is promised of a parameter's value, checked before every solve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// Every entry is `> 0`.
    pub pos: bool,
    /// Every entry is `≥ 0`.
    pub nonneg: bool,
    /// Every entry is `≤ 0`.
    pub nonpos: bool,
    /// The matrix equals its transpose.
    pub symmetric: bool,
    /// The matrix is symmetric positive semidefinite.
    pub psd: bool,
    /// The matrix is symmetric negative semidefinite.
    pub nsd: bool,
    /// Every entry off the diagonal is zero.
    pub diagonal: bool,
    /// Only the sparsity pattern counts, the numbers are not read.
    pub pattern: bool,
}

impl Attributes {
    /// No promise.
    pub const NONE: Self = Self {
        pos: false,
        nonneg: false,
        nonpos: false,
        symmetric: false,
        psd: false,
        nsd: false,
        diagonal: false,
        pattern: false,
    };
}

/// The parts of the cone program that depend on a parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The matrix `P` of the quadratic objective.
    pub p: bool,
    /// The linear objective `q`.
    pub q: bool,
    /// The matrix `A` of the constraints.
    pub a: bool,
    /// The right-hand side `b`.
    pub b: bool,
    /// The constant `r` of the objective.
    pub r: bool,
}

impl Reach {
    /// Every part.
    pub const ALL: Self = Self {
        p: true,
        q: true,
        a: true,
        b: true,
        r: true,
    };

    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            p: self.p || other.p,
            q: self.q || other.q,
            a: self.a || other.a,
            b: self.b || other.b,
            r: self.r || other.r,
        }
    }
}

/// The places that the loop nests of a family visit, in the order in which they visit them.
///
/// One place may be visited more than once: values that meet there are added.
#[derive(Debug, Default)]
pub struct Pattern {
    pub(crate) p: Vec<[u32; 2]>,
    pub(crate) a: Vec<[u32; 2]>,
    /// Where the visits of each loop nest begin.
    pub(crate) p_begins: Vec<usize>,
    pub(crate) a_begins: Vec<usize>,
    /// An index did not fit: the family is too large.
    pub(crate) overflow: bool,
}

impl Pattern {
    /// Begins with a loop nest that visits `P`.
    pub fn begin_quadratic(&mut self) {
        self.p_begins.push(self.p.len());
    }

    /// Begins with a loop nest that visits `A`.
    pub fn begin_constraint(&mut self) {
        self.a_begins.push(self.a.len());
    }

    /// Visits the entry of `P` that couples two variables, in either order.
    pub fn quadratic(&mut self, one: usize, other: usize) {
        if let Some(place) = self.place(one.min(other), one.max(other)) {
            push(&mut self.p, place);
        }
    }

    /// Visits the entry of `A` in row `row` and column `column`.
    pub fn constraint(&mut self, row: usize, column: usize) {
        if let Some(place) = self.place(row, column) {
            push(&mut self.a, place);
        }
    }

    /// Passes over a place of `P` that is not there in this turn of its loops.
    pub fn skip_quadratic(&mut self) {
        push(&mut self.p, Self::NOWHERE);
    }

    /// Passes over a place of `A` that is not there in this turn of its loops.
    pub fn skip_constraint(&mut self) {
        push(&mut self.a, Self::NOWHERE);
    }

    /// What is passed over: no place, because a count of rows fits 32 bits.
    pub(crate) const NOWHERE: [u32; 2] = [u32::MAX; 2];

    fn place(&mut self, row: usize, column: usize) -> Option<[u32; 2]> {
        let place = u32::try_from(row).ok().zip(u32::try_from(column).ok());
        self.overflow |= place.is_none();
        place.map(|(row, column)| [row, column])
    }
}

/// Grows by half, not twofold: for a dense parameter these are the largest arrays of a construction.
fn push(places: &mut Vec<[u32; 2]>, place: [u32; 2]) {
    if places.len() == places.capacity() {
        places.reserve_exact(places.len() / 2 + 4);
    }
    places.push(place);
}

/// Where each visit of [`Pattern`] is stored among the nonzeros of `P` and `A`.
#[derive(Debug, Default)]
pub struct Slots {
    /// One index into the nonzeros of `P` for each visit; `u32::MAX` where the visit was passed over.
    pub p: Vec<u32>,
    /// One index into the nonzeros of `A` for each visit; `u32::MAX` where the visit was passed over.
    pub a: Vec<u32>,
    /// For each loop nest that visits `P`, whether no place of it is visited again, by itself or another.
    pub p_alone: Vec<bool>,
    /// The same for `A`.
    pub a_alone: Vec<bool>,
}

/// The numbers of a cone program, a tangent of it, or a cotangent: `P` and `A` by their nonzeros.
#[derive(Debug)]
pub struct Entries<'a> {
    /// Nonzeros of the upper triangle of `P`, by columns.
    pub p: &'a [f64],
    /// The linear objective `q`.
    pub q: &'a [f64],
    /// Nonzeros of `A`, by columns.
    pub a: &'a [f64],
    /// The right-hand side `b`.
    pub b: &'a [f64],
    /// The constant `r` of the objective.
    pub r: f64,
}

/// [`Entries`] to write to.
#[derive(Debug)]
pub struct EntriesMut<'a> {
    /// Nonzeros of the upper triangle of `P`, by columns.
    pub p: &'a mut [f64],
    /// The linear objective `q`.
    pub q: &'a mut [f64],
    /// Nonzeros of `A`, by columns.
    pub a: &'a mut [f64],
    /// The right-hand side `b`.
    pub b: &'a mut [f64],
    /// The constant `r` of the objective.
    pub r: &'a mut f64,
}

/// A parametrized family of convex problems, canonicalized to
/// `minimize ½xᵀPx + qᵀx + r subject to Ax + s = b, s ∈ K`.
///
/// [`cvx!`](crate::cvx) implements it; by hand it is only of use to tests. Every method that takes a
/// destination **adds** to it, except those of `recover` that are no adjoints, which overwrite.
pub trait Family: std::fmt::Debug + Send + Sync + Sized + 'static {
    /// The run-time dimensions; `()` where there are none.
    type Dims: Clone + std::fmt::Debug;
    /// What is given once, at construction; `()` where there is nothing.
    type Data: Record;
    /// The parameters: a point, and a gradient.
    type Params: Record;
    /// The variables: a solution, and a cotangent.
    type Vars: Record;
    /// The dual variables of the labelled constraints: a solution, and a cotangent.
    type Duals: Record;
    /// The values of the affine `let`s: those of a solution, and a cotangent; `()` where there are none.
    type Lets: Record;

    /// The name the user gave the problem.
    const NAME: &'static str;
    /// Whether the user maximizes: the cone program minimizes the negated objective.
    const MAXIMIZE: bool;
    /// Whether the cone program is in the logarithms of the variables and of the objective.
    const GEOMETRIC: bool = false;
    /// The attributes of each field of `Params`.
    const ATTRIBUTES: &'static [Attributes];

    /// The attributes of each field of `Data`.
    const DATA_ATTRIBUTES: &'static [Attributes];
    /// What each field of `Params` reaches.
    const REACH: &'static [Reach];

    /// Checks the dimensions; the data are checked by their owner.
    ///
    /// # Errors
    ///
    /// [`Error::Dimension`] where a dimension, or a shape made of dimensions, is not positive.
    fn new(dims: Self::Dims, data: Self::Data) -> Result<Self, Error>;

    /// The data that it was made of.
    fn data(&self) -> &Self::Data;

    /// Data of the right shapes, all zero.
    fn zero_data(&self) -> Self::Data;

    /// The number of variables of the cone program.
    fn columns(&self) -> usize;

    /// The cones in row order; consecutive, without gaps.
    fn cones(&self) -> Vec<Cone>;

    /// Visits every place of `P` and `A`, in the order of `fill`.
    fn pattern(&self, pattern: &mut Pattern);

    /// Parameters of the right shapes, all zero.
    fn zero_params(&self) -> Self::Params;
    /// Variables of the right shapes, all zero.
    fn zero_vars(&self) -> Self::Vars;
    /// Dual variables of the right shapes, all zero.
    fn zero_duals(&self) -> Self::Duals;
    /// Values of `let`s of the right shapes, all zero.
    fn zero_lets(&self) -> Self::Lets;

    /// Parameters to cone program: adds to a program of zeros, or, where it is said which fields of `Params` have
    /// changed since the program was filled, overwrites the parts that these reach, and no others.
    fn fill(&self, params: &Self::Params, changed: Option<&[bool]>, slots: &Slots, program: EntriesMut<'_>);

    /// The derivative of `fill` at `params` along `direction`.
    fn fill_tangent(&self, params: &Self::Params, direction: &Self::Params, slots: &Slots, tangent: EntriesMut<'_>);

    /// The adjoint of the derivative of `fill` at `params`.
    fn fill_adjoint(&self, params: &Self::Params, slots: &Slots, cotangent: Entries<'_>, gradient: &mut Self::Params);

    /// The user's variables from the cone program's `x`, their logarithms in a geometric problem; linear, so tangents
    /// map alike.
    fn recover_vars(&self, x: &[f64], vars: &mut Self::Vars);

    /// The user's dual variables from the cone program's `z`; linear.
    fn recover_duals(&self, z: &[f64], duals: &mut Self::Duals);

    /// The adjoint of `recover_vars`.
    fn recover_vars_adjoint(&self, vars: &Self::Vars, x: &mut [f64]);

    /// The adjoint of `recover_duals`.
    fn recover_duals_adjoint(&self, duals: &Self::Duals, z: &mut [f64]);

    /// The values of the `let`s at `params` and at the cone program's `x`.
    fn recover_lets(&self, params: &Self::Params, x: &[f64], lets: &mut Self::Lets);

    /// The derivative of `recover_lets` at `params` and `x` along `direction` and `dx`.
    fn recover_lets_tangent(
        &self,
        params: &Self::Params,
        direction: &Self::Params,
        x: &[f64],
        dx: &[f64],
        lets: &mut Self::Lets,
    );

    /// The adjoint of the derivative of `recover_lets` at `params` and `x`.
    fn recover_lets_adjoint(
        &self,
        params: &Self::Params,
        x: &[f64],
        lets: &Self::Lets,
        gradient: &mut Self::Params,
        dx: &mut [f64],
    );
}

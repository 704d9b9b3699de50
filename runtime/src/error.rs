//! What can go wrong, with the names of the user's own problem in it.

use std::fmt;

/// Why a problem could not be built, solved or differentiated.
///
/// Rows and columns count from zero. A problem stays usable after any of these.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A dimension, or the extent of a shape made of dimensions, is not positive.
    #[error("expected `{name}` to be positive, found {value}")]
    Dimension {
        /// The dimension as the user wrote it.
        name: &'static str,
        /// Its value.
        value: i128,
    },
    /// An index or a range of the problem is out of bounds, or a range is empty, for the given dimensions.
    #[error("`{expression}` is out of bounds or empty: expected `{room}` to be positive, found {value}")]
    Bounds {
        /// The expression as the user wrote it.
        expression: &'static str,
        /// What is positive where it is within bounds, in the dimensions.
        room: &'static str,
        /// Its value.
        value: i128,
    },
    /// The cone program has more rows, columns or terms than 32-bit indices can tell apart.
    #[error("expected at most {} rows, columns and terms in the cone program", u32::MAX)]
    TooLarge,
    /// A power cone has an exponent that is not strictly between zero and one.
    #[error("expected the exponents of the power cones of `{problem}` to be between 0 and 1, found {exponent}")]
    Exponent {
        /// The problem.
        problem: &'static str,
        /// The exponent.
        exponent: f64,
    },
    /// The problem has a semidefinite cone, and this crate is built without the features that support
    /// them.
    #[error("`{problem}` has semidefinite constraints, which need the feature `sdp` or `sdp-system` of `cvxlayers`")]
    NoSemidefinite {
        /// The problem.
        problem: &'static str,
    },
    /// A field has the wrong shape.
    #[error("expected {argument} `{name}` to be {} × {}, found {} × {}", expected[0], expected[1], found[0], found[1])]
    Shape {
        /// What was passed.
        argument: Argument,
        /// The field.
        name: &'static str,
        /// Rows and columns that the dimensions ask for.
        expected: [usize; 2],
        /// Rows and columns found.
        found: [usize; 2],
    },
    /// A batch, or a slice of one, is not as long as it has to be.
    #[error("expected {argument} `{name}` to be of length {expected}, found {found}")]
    Length {
        /// What was passed.
        argument: Argument,
        /// The field; the problem, where it is the list of samples that is too short or too long.
        name: &'static str,
        /// The length that the batch asks for; of a field also one sample's is right, which is then that of all.
        expected: usize,
        /// The length found.
        found: usize,
    },
    /// A batch of columns has not an array for each field.
    #[error("expected an array for each of `{}`, found {found}", names.join("`, `"))]
    Arrays {
        /// What was passed.
        argument: Argument,
        /// The fields, in the order of the arrays.
        names: &'static [&'static str],
        /// The number of arrays found.
        found: usize,
    },
    /// A sparse matrix does not have the sparsity pattern that was given at construction, or is stored along the other axis.
    #[error(
        "expected {argument} `{name}` to have the sparsity pattern and the storage order that were given at construction"
    )]
    Pattern {
        /// What was passed.
        argument: Argument,
        /// The field.
        name: &'static str,
    },
    /// An entry is infinite or not a number.
    #[error("expected finite entries in {argument} `{name}`, found {value} in row {row}, column {col}")]
    NotFinite {
        /// What was passed.
        argument: Argument,
        /// The field.
        name: &'static str,
        /// Row of the first such entry.
        row: usize,
        /// Column of the first such entry.
        col: usize,
        /// The entry.
        value: f64,
    },
    /// An entry contradicts the attribute `pos`, `nonneg` or `nonpos`.
    #[error("expected `{name}` to be {attribute}, found {value} in row {row}, column {col}")]
    Sign {
        /// The parameter.
        name: &'static str,
        /// `"pos"`, `"nonneg"` or `"nonpos"`.
        attribute: &'static str,
        /// Row of the first such entry.
        row: usize,
        /// Column of the first such entry.
        col: usize,
        /// The entry.
        value: f64,
    },
    /// A matrix declared `symmetric`, `psd` or `nsd` differs from its transpose by more than rounding.
    #[error(
        "expected {argument} `{name}` to be symmetric, found {value} in row {row}, column {col} and {mirrored} in row {col}, column {row}"
    )]
    Asymmetric {
        /// What was passed.
        argument: Argument,
        /// The parameter.
        name: &'static str,
        /// Row of the entry that differs most from its mirror image.
        row: usize,
        /// Column of that entry.
        col: usize,
        /// The entry.
        value: f64,
        /// Its mirror image.
        mirrored: f64,
    },
    /// A matrix declared `diagonal` has another entry.
    #[error("expected {argument} `{name}` to be diagonal, found {value} in row {row}, column {col}")]
    OffDiagonal {
        /// What was passed.
        argument: Argument,
        /// The parameter.
        name: &'static str,
        /// Row of the first such entry.
        row: usize,
        /// Column of the first such entry.
        col: usize,
        /// The entry.
        value: f64,
    },
    /// A parameter declared `psd` has a negative eigenvalue, or one declared `nsd` a positive one.
    #[error(
        "expected `{name}` to be {} semidefinite, found an eigenvalue of at {} {eigenvalue:e}",
        if *eigenvalue < 0.0 { "positive" } else { "negative" },
        if *eigenvalue < 0.0 { "most" } else { "least" }
    )]
    Indefinite {
        /// The parameter.
        name: &'static str,
        /// A bound of the smallest or of the largest eigenvalue: `vᵀPv / vᵀv` of a direction `v` of the wrong curvature.
        eigenvalue: f64,
    },
    /// The parameters are finite, but a coefficient made of them is not: a division by zero, or an
    /// overflow.
    #[error("expected finite coefficients in `{problem}`, found {value} in {place} of its cone program")]
    NotFiniteProgram {
        /// The problem.
        problem: &'static str,
        /// `"P"`, `"q"`, `"A"`, `"b"` or `"r"`.
        place: &'static str,
        /// The coefficient.
        value: f64,
    },
    /// No point satisfies the constraints.
    #[error("`{problem}` is infeasible")]
    Infeasible {
        /// The problem.
        problem: &'static str,
        /// The proof.
        certificate: Box<Certificate>,
    },
    /// The objective improves without bound.
    #[error("`{problem}` is unbounded")]
    Unbounded {
        /// The problem.
        problem: &'static str,
        /// A direction along which it does, if any point is feasible.
        ray: Box<Ray>,
    },
    /// The solver did not converge within `Settings::max_iterations`.
    #[error("`{problem}` is not solved after {iterations} iterations")]
    IterationLimit {
        /// The problem.
        problem: &'static str,
        /// Iterations made.
        iterations: u32,
    },
    /// The solver did not converge within `Settings::time_limit`.
    #[error("`{problem}` is not solved within the time limit, after {iterations} iterations")]
    TimeLimit {
        /// The problem.
        problem: &'static str,
        /// Iterations made.
        iterations: u32,
    },
    /// The solver met numerical trouble, on a fresh start too; or a sample of a batch panicked.
    #[error("`{problem}` is not solved: {trouble}")]
    Numerical {
        /// The problem.
        problem: &'static str,
        /// What the solver says.
        trouble: &'static str,
    },
    /// The problem has no parameter of that name.
    #[error("`{problem}` has no parameter `{name}`")]
    NoParameter {
        /// The problem.
        problem: &'static str,
        /// The name.
        name: Box<str>,
    },
    /// A certificate or a ray belongs to another problem.
    #[error("expected a vector of this problem of {expected} entries, found {found}")]
    Foreign {
        /// Entries of this problem's vector.
        expected: usize,
        /// Entries found.
        found: usize,
    },
}

/// Which argument an [`Error`] speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Argument {
    /// The parameters of a solve.
    Parameter,
    /// The data of a problem.
    Data,
    /// The cotangent of a variable, a dual variable or a `let`, given to `vjp`.
    Cotangent,
    /// The direction of a parameter, given to `jvp`.
    Direction,
    /// The gradient of a parameter, to be written by `vjp_into`.
    Gradient,
    /// The tangent of a variable, a dual variable or a `let`, to be written by `jvp_into` or `tangent_into`.
    Tangent,
}

impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Argument::Parameter => "parameter",
            Argument::Data => "the data",
            Argument::Cotangent => "the cotangent of",
            Argument::Direction => "the direction of",
            Argument::Gradient => "the gradient of",
            Argument::Tangent => "the tangent of",
        })
    }
}

/// A proof that no point satisfies the constraints of the cone program `Ax + s = b, s ∈ K`:
/// `z ∈ K*` with `Aᵀz = 0` and `bᵀz = −1`.
///
/// [`Problem::certificate_duals`](crate::Problem::certificate_duals) names its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Certificate {
    /// The vector, one entry a row of `A`.
    pub z: Vec<f64>,
    /// `‖Aᵀz‖_∞`: no `x` with `‖x‖₁` below its reciprocal is feasible.
    pub residual: f64,
}

/// A direction along which the cone program improves without bound:
/// `Px = 0`, `Ax + s = 0`, `s ∈ K` and `qᵀx = −1`.
///
/// [`Problem::ray_vars`](crate::Problem::ray_vars) names its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Ray {
    /// The direction, one entry a column of `A`.
    pub x: Vec<f64>,
    /// The slacks along it, one entry a row of `A`.
    pub s: Vec<f64>,
    /// The larger of `‖Px‖_∞` and `‖Ax + s‖_∞`.
    pub residual: f64,
}

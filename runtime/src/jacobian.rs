//! The derivative of all variables with respect to one parameter, as a matrix.

use nalgebra::DMatrix;

use crate::{Accuracy, Cotangent, Error, Exactness, Family, Record, Solution};

impl<F: Family> Solution<F> {
    /// The Jacobian of the variables with respect to one parameter, for small problems.
    ///
    /// A row for each entry of the variables, field by field in the order of `NameVars`, each by columns; a column for
    /// each entry of the parameter as it is stored: by columns, of a sparse one the stored entries. It is one
    /// factorization, and a linear system for each row, or for each column where these are fewer. The accuracy is the
    /// worst of all.
    ///
    /// Each row is what [`vjp`](Self::vjp) gives, so the row times a direction is the tangent for every direction that
    /// the parameter may take: for a symmetric one the columns of `(i, j)` and `(j, i)` are equal, each the derivative
    /// along `½(eᵢeⱼᵀ + eⱼeᵢᵀ)`, and for a diagonal one those off the diagonal are zero.
    ///
    /// ```
    /// cvxlayers::cvx! {
    ///     problem Projection(n) {
    ///         param a: [n];
    ///         var x: [n];
    ///         minimize sum_squares(x - a);
    ///         subject_to { sum(x) == 1; }
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), cvxlayers::Error> {
    /// let mut projection = Projection::new(ProjectionDims { n: 2 })?;
    /// let solution = projection.solve(&projection.zero_params())?;
    /// let (jacobian, accuracy) = solution.jacobian("a")?;
    /// assert!(accuracy.is_derivative());
    /// assert!((jacobian[(0, 0)] - 0.5).abs() < 1e-9 && (jacobian[(1, 0)] + 0.5).abs() < 1e-9);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NoParameter`] where no parameter is called `name`, [`Error::Numerical`] where the linear system
    /// overflows.
    pub fn jacobian(&self, name: &str) -> Result<(DMatrix<f64>, Accuracy), Error> {
        let field = F::Params::NAMES.iter().position(|known| *known == name);
        let Some(field) = field else {
            return Err(Error::NoParameter {
                problem: F::NAME,
                name: name.into(),
            });
        };
        let (params, vars) = (self.family().zero_params(), self.family().zero_vars());
        let directions = directions::<F>(&params, field);
        let rows = (0..F::Vars::NAMES.len()).map(|of| vars.entries(of).len()).sum();
        let mut jacobian = DMatrix::zeros(rows, params.entries(field).len());
        let accuracy = if directions.len() < rows {
            self.by_columns(field, &directions, params, vars, &mut jacobian)
        } else {
            self.by_rows(field, params, vars, &mut jacobian)
        };
        Ok((jacobian, accuracy?))
    }

    fn by_columns(
        &self,
        field: usize,
        directions: &[[usize; 2]],
        mut direction: F::Params,
        mut tangent: F::Vars,
        jacobian: &mut DMatrix<f64>,
    ) -> Result<Accuracy, Error> {
        let mut worst = None;
        for [one, other] in directions {
            for place in [one, other] {
                direction.entries_mut(field)[*place] += 0.5;
            }
            let accuracy = self.jvp_into(&direction, &mut tangent)?;
            worst = Some(worse(worst, accuracy));
            direction.entries_mut(field).fill(0.0);
            let entries = (0..F::Vars::NAMES.len()).flat_map(|of| tangent.entries(of));
            for (row, entry) in entries.enumerate() {
                jacobian[(row, *one)] = *entry;
                jacobian[(row, *other)] = *entry;
            }
        }
        worst.map_or_else(|| self.nothing(), Ok)
    }

    fn by_rows(
        &self,
        field: usize,
        mut gradient: F::Params,
        mut cotangent: F::Vars,
        jacobian: &mut DMatrix<f64>,
    ) -> Result<Accuracy, Error> {
        let (mut worst, mut row) = (None, 0);
        for of in 0..F::Vars::NAMES.len() {
            for place in 0..cotangent.entries(of).len() {
                cotangent.entries_mut(of)[place] = 1.0;
                let accuracy = self.vjp_into(Cotangent::vars(&cotangent), &mut gradient)?;
                worst = Some(worse(worst, accuracy));
                cotangent.entries_mut(of)[place] = 0.0;
                for (column, entry) in gradient.entries(field).iter().enumerate() {
                    jacobian[(row, column)] = *entry;
                }
                row += 1;
            }
        }
        worst.map_or_else(|| self.nothing(), Ok)
    }

    /// The accuracy of an empty matrix.
    fn nothing(&self) -> Result<Accuracy, Error> {
        let mut tangent = self.family().zero_vars();
        self.jvp_into(&self.family().zero_params(), &mut tangent)
    }
}

/// The directions of a parameter, each as the two places of a half, which are one where nothing mirrors it.
fn directions<F: Family>(params: &F::Params, field: usize) -> Vec<[usize; 2]> {
    let attributes = F::ATTRIBUTES.get(field).copied().unwrap_or_default();
    let [size, _] = params.shape(field);
    let symmetric = attributes.symmetric || attributes.psd || attributes.nsd;
    let of_place = |place: usize, (row, col): (usize, usize), mirror: Option<usize>| {
        let free = !attributes.diagonal || row == col;
        match mirror {
            Some(mirror) if symmetric => (free && place <= mirror).then_some([place, mirror]),
            None if symmetric => None,
            _ => free.then_some([place, place]),
        }
    };
    match params.pattern(field) {
        Some(pattern) => {
            let places = pattern.iter().enumerate();
            let direction = |(place, (_, (row, col)))| {
                let mirror = pattern.nnz_index(col, row).map(|mirror| mirror.0);
                of_place(place, (row, col), mirror)
            };
            places.filter_map(direction).collect()
        }
        None => {
            let place = |place: usize| {
                let (row, col) = (place % size, place / size);
                of_place(place, (row, col), Some(col + size * row))
            };
            (0..params.entries(field).len()).filter_map(place).collect()
        }
    }
}

/// The worse of each part.
fn worse(one: Option<Accuracy>, other: Accuracy) -> Accuracy {
    let Some(one) = one else {
        return other;
    };
    let of_kind = |accuracy: &Accuracy| match accuracy.kind {
        Exactness::Exact => 0,
        Exactness::Approximate => 1,
        Exactness::LeastSquares => 2,
    };
    Accuracy {
        residual: one.residual.max(other.residual),
        kind: if of_kind(&one) > of_kind(&other) {
            one.kind
        } else {
            other.kind
        },
        ..other
    }
}

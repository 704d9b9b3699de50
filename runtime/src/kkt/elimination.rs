//! The factorization of the matrix by whichever method suits its pattern.

use clarabel::qdldl::QDLDLFactorisation;

use super::Layout;
use super::dense::{Dense, Split};
use super::sparse::{Pattern, Sparse};
use crate::ldlt::Limits;

/// A factorization `LDLᵀ` with pivots of known signs, in an order that is known as well.
pub(super) enum Elimination {
    Sparse(Box<Sparse>),
    Dense(Box<Dense>),
    /// Sparse, and too large for its places to be remembered.
    Large {
        /// One for each pair of limits, which are fixed when it is made; the one in use comes first.
        ldls: Vec<(Limits, Box<QDLDLFactorisation<f64>>)>,
        /// The indices of all nonzeros.
        all: Vec<usize>,
    },
}

impl Elimination {
    pub(super) fn new(layout: &Layout) -> Self {
        let (pattern, split) = (Pattern::new(layout), Split::new(layout));
        if split.is_faster_than(pattern.lengths()) {
            return Self::dense(layout, split);
        }
        match Sparse::new(pattern, layout) {
            Some(sparse) => Self::Sparse(Box::new(sparse)),
            None => Self::large(layout),
        }
    }

    fn large(layout: &Layout) -> Self {
        Self::Large {
            ldls: Vec::new(),
            all: (0..layout.rows.len()).collect(),
        }
    }

    fn dense(layout: &Layout, split: Split) -> Self {
        Self::Dense(Box::new(Dense::new(split, layout)))
    }

    /// Factors, with `epsilon` added to the pivots with their signs; returns how many lost theirs and were replaced.
    pub(super) fn factor(
        &mut self,
        layout: &Layout,
        values: &[f64],
        epsilon: f64,
        limits: Limits,
    ) -> Result<usize, &'static str> {
        match self {
            Self::Sparse(sparse) => Ok(sparse.factor(values, epsilon, limits)),
            Self::Dense(dense) => Ok(dense.factor(layout, values, epsilon, limits)),
            Self::Large { ldls, all } => {
                match ldls.iter().position(|(of, _)| *of == limits) {
                    Some(index) => ldls.swap(0, index),
                    None => {
                        let ldl = layout.symbolic(Some(layout.order.clone()), limits)?;
                        ldls.insert(0, (limits, Box::new(ldl)));
                    }
                }
                let (_, ldl) = &mut ldls[0];
                ldl.update_values(all, values);
                ldl.offset_values(&layout.diagonal, epsilon, &layout.signs);
                let factored = ldl.refactor();
                factored.map_err(|_| "the derivative's system has no factorization")?;
                Ok(ldl.regularize_count())
            }
        }
    }

    /// Solves in place.
    pub(super) fn solve(&mut self, rhs: &mut [f64]) {
        match self {
            Self::Sparse(sparse) => sparse.solve(rhs),
            Self::Dense(dense) => dense.solve(rhs),
            Self::Large { ldls, .. } => {
                let (_, ldl) = &mut ldls[0];
                ldl.solve(rhs);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::factor::OF_DERIVATIVES;
    use super::*;
    use crate::Cone;
    use crate::family;
    use crate::program::Structure;

    fn limits() -> Limits {
        Limits::of(OF_DERIVATIVES)
    }

    /// A quadratic program that is dense but for some entries of its matrices.
    fn layout(columns: usize, rows: usize, sparsity: usize) -> Layout {
        let mut pattern = family::Pattern::default();
        for column in 0..columns {
            for row in 0..=column {
                if row == column || (row * 5 + column * 3) % sparsity == 0 {
                    pattern.quadratic(row, column);
                }
            }
            for row in 0..rows {
                if (row * 7 + column * 11) % sparsity == 0 {
                    pattern.constraint(row, column);
                }
            }
        }
        let structure = Structure::new(columns, vec![Cone::Nonneg(rows)], pattern).expect("small");
        Layout::new(&structure).expect("symmetric")
    }

    fn sparse(layout: &Layout) -> Elimination {
        let sparse = Sparse::new(Pattern::new(layout), layout).expect("it is small");
        Elimination::Sparse(Box::new(sparse))
    }

    #[test]
    fn all_methods_solve_the_same_system() {
        for (columns, rows, sparsity) in [(1, 1, 1), (12, 20, 1), (20, 12, 3), (30, 30, 7), (9, 40, 40)] {
            let layout = layout(columns, rows, sparsity);
            let size = layout.size();
            let mut values: Vec<f64> = (0..layout.rows.len())
                .map(|index| 0.005 * (index as f64 * 0.7).sin())
                .collect();
            for (index, sign) in layout.diagonal.iter().zip(&layout.signs) {
                values[*index] = 0.3 * f64::from(*sign);
            }
            let mut split = Split::new(&layout);
            let mut sparse = sparse(&layout);
            let mut large = Elimination::large(&layout);
            let mut solutions = Vec::new();
            let rhs: Vec<f64> = (0..size).map(|index| 1.0 + index as f64).collect();
            for filled in [true, false] {
                split.filled = filled;
                let mut dense = Elimination::dense(&layout, split.clone());
                for method in [&mut sparse, &mut dense, &mut large] {
                    // Twice: nothing may be left of the first factorization.
                    for epsilon in [1e-3, 1e-7] {
                        let replaced = method.factor(&layout, &values, epsilon, limits()).expect("regular");
                        assert_eq!(replaced, 0);
                    }
                    let mut solution = rhs.clone();
                    method.solve(&mut solution);
                    solutions.push(solution);
                }
            }
            let mut residual = rhs;
            layout.subtract_product(&values, &solutions[0], &mut residual);
            assert!(residual.iter().all(|residual| residual.abs() < 1e-3));
            for other in &solutions[1..] {
                for (one, other) in solutions[0].iter().zip(other) {
                    assert!((one - other).abs() < 1e-8 * one.abs().max(1.0), "{one} {other}");
                }
            }
        }
    }

    #[test]
    fn pivots_of_the_wrong_sign_are_replaced() {
        let layout = layout(4, 6, 1);
        let values = vec![0.0; layout.rows.len()];
        let dense = Elimination::dense(&layout, Split::new(&layout));
        for mut method in [sparse(&layout), dense] {
            assert_eq!(method.factor(&layout, &values, 0.0, limits()), Ok(layout.size()));
        }
    }

    #[test]
    fn the_pattern_decides() {
        let is_dense = |layout: Layout| matches!(Elimination::new(&layout), Elimination::Dense(_));
        assert!(is_dense(layout(128, 128, 1)));
        assert!(!is_dense(layout(3, 3, 1)));
        assert!(!is_dense(layout(400, 400, 100)));
    }
}

//! Shapes of matrices.

use std::fmt::{self, Display, Formatter};

use super::Dim;

/// Rows and columns.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    pub rows: Dim,
    pub cols: Dim,
}

impl Shape {
    pub fn new(rows: Dim, cols: Dim) -> Shape {
        Shape { rows, cols }
    }

    pub fn scalar() -> Shape {
        Shape::new(Dim::one(), Dim::one())
    }

    pub fn is_scalar(&self) -> bool {
        self.rows.is_one() && self.cols.is_one()
    }

    pub fn is_vector(&self) -> bool {
        self.rows.is_one() || self.cols.is_one()
    }

    pub fn size(&self) -> Dim {
        &self.rows * &self.cols
    }

    pub fn transposed(&self) -> Shape {
        Shape::new(self.cols.clone(), self.rows.clone())
    }
}

impl Display for Shape {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.is_scalar() {
            f.write_str("a scalar")
        } else if self.cols.is_one() {
            write!(f, "[{}]", self.rows)
        } else {
            write!(f, "[{}, {}]", self.rows, self.cols)
        }
    }
}

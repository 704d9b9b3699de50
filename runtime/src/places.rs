//! Where the entries of a sparse matrix are stored.

use sprs::CsMat;

/// Row and column of each stored entry, in the order in which they are stored.
#[derive(Clone, Debug)]
pub struct Places {
    rows: Vec<u32>,
    cols: Vec<u32>,
    by_cols: bool,
}

impl Places {
    /// Of a matrix; rows and columns that 32 bits cannot hold are cut off, and refused where shapes are checked.
    pub fn of(matrix: &CsMat<f64>) -> Self {
        let short = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        let (rows, cols) = matrix.iter().map(|(_, (row, col))| (short(row), short(col))).unzip();
        Self {
            rows,
            cols,
            by_cols: matrix.is_csc(),
        }
    }

    /// The number of stored entries.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// Row and column of a stored entry.
    pub fn at(&self, place: usize) -> [usize; 2] {
        [self.rows[place] as usize, self.cols[place] as usize]
    }

    /// Where an entry is stored, if it is.
    pub fn find(&self, row: usize, col: usize) -> Option<usize> {
        let (outer, inner, slow, fast) = if self.by_cols {
            (&self.cols, &self.rows, col, row)
        } else {
            (&self.rows, &self.cols, row, col)
        };
        let first = outer.partition_point(|index| (*index as usize) < slow);
        let end = first + outer[first..].partition_point(|index| *index as usize == slow);
        let place = first + inner[first..end].partition_point(|index| (*index as usize) < fast);
        (place < end && inner[place] as usize == fast).then_some(place)
    }
}

/// Zeros in the pattern of a matrix.
pub fn zero_like(matrix: &CsMat<f64>) -> CsMat<f64> {
    matrix.map(|_| 0.0)
}
